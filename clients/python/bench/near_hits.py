"""Measures a hit in the near cache beside what a program would use without it.

Run: `.venv/bin/python bench/near_hits.py TARGET`. Each figure is the best of five rounds, in one thread; the near cache
holds 1000 entries of 100 raw bytes. A bare dict is what nothing can be faster than: no bound, no time, no coherence.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

from cachetools import TTLCache

from reprise import Client, NearCacheOptions

ROUNDS = 5
READS = 200_000
KEYS = [f"bench:{number}" for number in range(1000)]


def measure(name: str, read: Callable[[str], object]) -> None:
    """Prints how many reads a second there are."""
    keys = KEYS * (READS // len(KEYS))
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for key in keys:
            read(key)
        best = min(best, time.perf_counter() - began)
    print(f"{name:36} {len(keys) / best / 1e6:6.2f} M/s {best / len(keys) * 1e9:7.0f} ns")


def locked_ttl_cache() -> Callable[[str], object]:
    """Returns a read of a TTLCache that threads may share."""
    cache: TTLCache[str, bytes] = TTLCache(10_000, 3600)
    lock = threading.Lock()
    for key in KEYS:
        cache[key] = bytes(100)

    def read(key: str) -> object:
        with lock:
            return cache.get(key)

    return read


def main(target: str) -> None:
    """Fills all of them, and measures."""
    plain = {key: bytes(100) for key in KEYS}
    measure("dict", plain.get)
    measure("cachetools.TTLCache with a lock", locked_ttl_cache())
    for codec, share in (("raw", False), ("json", True), ("json", False)):
        near = NearCacheOptions(max_lag=5, share_decoded=share)
        with Client(target, codec=codec, near_cache=near, deadline=30) as client:
            value = bytes(100) if codec == "raw" else "x" * 98
            client.set_many(dict.fromkeys(KEYS, value), ttl=3600)
            while not (stats := client.near_cache_stats()) or not stats.serving or stats.entries < len(KEYS):
                client.get_many(KEYS)
                time.sleep(0.05)
            measure(f"near cache, {codec}{', shared' if share else ''}", client.get)
            after = client.near_cache_stats()
            assert after is not None
            missed = after.misses - stats.misses
            if missed:
                print(f"  {missed} of {ROUNDS * READS} reads went to the server")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:7171")
