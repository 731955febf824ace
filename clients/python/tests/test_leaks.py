"""What stays behind of streams and connections that broke, and of clients that were closed: nothing.

REPRISE_CUTS and REPRISE_OPENS say how often; the figures of a long run are printed with `pytest -s`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from servers import Server, eventually
from testing_service import TestService

from reprise import AsyncClient, Client, RepriseError, State

CUTS = int(os.environ.get("REPRISE_CUTS", "60"))
OPENS = int(os.environ.get("REPRISE_OPENS", "60"))
WARM_UP = 15
"""What is made once and kept is there after so many."""
BYTES_PER_ROUND_MAX = 256
"""What Python holds may grow by less for each round; anything that is kept of a client or a stream is more."""
BYTES_NOISE_MAX = 128 * 1024
THREADS_MAX = 4
"""Threads that were made once, and later than the first look: one kept of each round is far more."""
FILES_MAX = 4
"""Files that gRPC may have open more or less than before, for itself."""


class Held:
    """What a process holds."""

    def __init__(self) -> None:
        gc.collect()
        self.threads = threading.active_count()
        self.files = len(os.listdir("/dev/fd"))
        self.bytes = tracemalloc.get_traced_memory()[0]


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


def rounds(count: int, one: Callable[[], None]) -> None:
    """Does something many times, and fails if more is held afterwards than before."""
    for _ in range(WARM_UP):
        one()
    before, began = Held(), time.monotonic()
    for _ in range(count):
        one()
    took = time.monotonic() - began

    # Threads of streams that were cut end by themselves, a moment later.
    def is_over() -> bool:
        now = Held()
        return now.threads <= before.threads + THREADS_MAX and now.files <= before.files + FILES_MAX

    eventually(is_over, "the end of what the rounds began")
    after = Held()
    print(
        f"\n{count} rounds in {took:.0f} s: threads {before.threads} -> {after.threads}, "
        f"files {before.files} -> {after.files}, Python bytes {before.bytes} -> {after.bytes}"
    )
    assert after.bytes - before.bytes < BYTES_NOISE_MAX + count * BYTES_PER_ROUND_MAX


def tried(call: Callable[[], object]) -> None:
    """Makes a call. Here it may fail: on a stalled machine no connection may come about in time."""
    with contextlib.suppress(RepriseError):
        call()


def test_connections_that_are_cut_leave_nothing_behind(
    traced: None, testing_server: Server, testing: TestService, key: str
) -> None:
    ready = threading.Semaphore(0)

    def on_state(state: State) -> None:
        if state is State.READY:
            ready.release()

    with (
        Client(testing_server.target, near_cache=True, deadline=20) as client,
        client.subscribe(keys=[key], on_state=on_state) as subscription,
    ):
        client._core.chance = lambda: 0.0  # no waiting before the next try

        def one() -> None:
            assert ready.acquire(timeout=30)
            assert testing.break_streams() >= 1
            tried(lambda: client.get(f"{key}:none"))
            while subscription.take(0) is not None:
                pass

        rounds(CUTS, one)


async def test_connections_of_tasks_that_are_cut_leave_nothing_behind(
    traced: None, testing_server: Server, testing: TestService, key: str
) -> None:
    states: list[State] = []
    async with (
        AsyncClient(testing_server.target, near_cache=True, deadline=20) as client,
        client.subscribe(keys=[key], on_state=states.append) as subscription,
    ):
        client._core.chance = lambda: 0.0

        async def one() -> None:
            end = time.monotonic() + 30
            while State.READY not in states:
                assert time.monotonic() < end
                await asyncio.sleep(0.001)
            states.clear()
            assert await asyncio.to_thread(testing.break_streams) >= 1
            with contextlib.suppress(RepriseError):
                await client.get(f"{key}:none")
            while await subscription.take(0.0) is not None:
                pass

        loop = asyncio.get_running_loop()
        await asyncio.to_thread(rounds, CUTS, lambda: asyncio.run_coroutine_threadsafe(one(), loop).result(60))


def test_clients_that_are_closed_leave_nothing_behind(traced: None, testing_server: Server, key: str) -> None:
    def one() -> None:
        with Client(testing_server.target, near_cache=True, deadline=20) as client, client.subscribe(keys=[key]):
            tried(lambda: client.set(key, 1))

    rounds(OPENS, one)


async def test_clients_of_tasks_that_are_closed_leave_nothing_behind(
    traced: None, testing_server: Server, key: str
) -> None:
    async def one() -> None:
        async with (
            AsyncClient(testing_server.target, near_cache=True, deadline=20) as client,
            client.subscribe(keys=[key]),
        ):
            with contextlib.suppress(RepriseError):
                await client.set(key, 1)

    loop = asyncio.get_running_loop()
    await asyncio.to_thread(rounds, OPENS, lambda: asyncio.run_coroutine_threadsafe(one(), loop).result(60))
