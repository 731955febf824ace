"""Measures gets that go to the server: one after another, and from many threads at once.

Run: `.venv/bin/python bench/gets.py TARGET`. Each figure is the best of five rounds; values are 100 raw bytes, without
a near cache. Threads share one client, whose gets become batches. Where others use the machine, compare the CPU.
"""

from __future__ import annotations

import sys
import threading
import time

from reprise import Client

ROUNDS = 5
SECONDS = 1.0
KEYS = [f"bench:{number}" for number in range(1000)]


def reads_in(client: Client, seconds: float, seed: int) -> int:
    """Returns how many gets one thread makes in a time."""
    end = time.perf_counter() + seconds
    count = 0
    while time.perf_counter() < end:
        client.get(KEYS[(seed * 31 + count) % len(KEYS)])
        count += 1
    return count


def measure(client: Client, threads: int) -> None:
    """Prints how many gets a second so many threads make together."""
    best, least_cpu = 0.0, float("inf")
    for _ in range(ROUNDS):
        counts = [0] * threads

        def work(number: int, counts: list[int] = counts) -> None:
            counts[number] = reads_in(client, SECONDS, number)

        running = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
        began, cpu = time.perf_counter(), time.process_time()
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        took, used = time.perf_counter() - began, time.process_time() - cpu
        best, least_cpu = max(best, sum(counts) / took), min(least_cpu, used / sum(counts))
    print(f"{threads:3} threads {best:7.0f} gets/s, {least_cpu * 1e6:4.0f} us of CPU for each")


def main(target: str) -> None:
    """Fills the cache, and measures."""
    with Client(target, codec="raw", deadline=30) as client:
        client.set_many(dict.fromkeys(KEYS, bytes(100)), ttl=3600)
        # What the client wrote itself is read with its token for two seconds.
        time.sleep(2.5)
        for threads in (1, 32):
            measure(client, threads)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7171")
