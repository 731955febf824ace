"""When the gets of several threads go out together. Without a server: the calls are the test's own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from servers import eventually

from reprise import Closed, Lookup
from reprise.core import ReadOptions
from reprise.sync_flights import BATCH_KEYS_MAX, SyncBatcher

OPTIONS = ReadOptions(deadline=1.0)
LONG_S = 60.0


class Calls:
    """Calls that are noted. The first one stays on its way until it is let go."""

    def __init__(self, window: float) -> None:
        self.made: list[list[str]] = []
        self.first_may_land = threading.Event()
        self.batcher = SyncBatcher(window, lambda key, _: self.make([key])[key], lambda keys, _: self.make(keys))

    def make(self, keys: list[str]) -> dict[str, Any]:
        self.made.append(keys)
        if len(self.made) == 1:
            assert self.first_may_land.wait(30)
        return {key: Lookup("hit", value=key) for key in keys}

    def get(self, key: str, options: ReadOptions = OPTIONS) -> Any:
        return self.batcher.get(key, options).value

    def collected(self) -> int:
        return sum(len(group.answers) for group in self.batcher._groups.values())


def test_who_reads_alone_never_waits() -> None:
    calls = Calls(LONG_S)
    calls.first_may_land.set()
    assert [calls.get(key) for key in "abc"] == ["a", "b", "c"]
    assert calls.made == [["a"], ["b"], ["c"]]


def test_what_comes_while_a_call_is_on_its_way_goes_out_when_it_returns() -> None:
    calls = Calls(LONG_S)
    with ThreadPoolExecutor(12) as pool:
        first = pool.submit(calls.get, "first")
        eventually(lambda: calls.made)
        others = [pool.submit(calls.get, f"k{number % 8}") for number in range(10)]
        eventually(lambda: calls.collected() == 8)
        assert calls.made == [["first"]]
        calls.first_may_land.set()
        assert first.result(30) == "first"
        assert [other.result(30) for other in others] == [f"k{number % 8}" for number in range(10)]
    assert sorted(calls.made[1]) == [f"k{number}" for number in range(8)]
    # Who came too late for the batch, with a key that it had, asked again.
    assert len(calls.made) <= 4
    assert calls.batcher._flying == 0


def test_what_comes_while_a_call_is_on_its_way_waits_for_the_window_at_most() -> None:
    calls = Calls(0.01)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(calls.get, "first")
        eventually(lambda: calls.made)
        assert calls.get("k") == "k"
        assert not first.done()
        calls.first_may_land.set()
        assert first.result(30) == "first"


def test_a_hundred_wait_for_nobody() -> None:
    calls = Calls(LONG_S)
    with ThreadPoolExecutor(BATCH_KEYS_MAX + 2) as pool:
        pool.submit(calls.get, "first")
        eventually(lambda: calls.made)
        others = [pool.submit(calls.get, f"k{number}") for number in range(BATCH_KEYS_MAX + 1)]
        eventually(lambda: len(calls.made) == 2)
        eventually(lambda: calls.collected() == 1)
        calls.first_may_land.set()
        assert len({other.result(30) for other in others}) == BATCH_KEYS_MAX + 1
    assert [len(keys) for keys in calls.made] == [1, BATCH_KEYS_MAX, 1]


def test_other_options_are_other_batches() -> None:
    calls = Calls(LONG_S)
    with ThreadPoolExecutor(3) as pool:
        pool.submit(calls.get, "first")
        eventually(lambda: calls.made)
        one = pool.submit(calls.get, "k")
        other = pool.submit(calls.get, "k", ReadOptions(deadline=1.0, with_tags=True))
        eventually(lambda: calls.collected() == 2)
        calls.first_may_land.set()
        assert (one.result(30), other.result(30)) == ("k", "k")
    assert calls.made == [["first"], ["k"], ["k"]]


def test_a_batch_whose_thread_is_interrupted_leaves_nobody_waiting() -> None:
    class Interrupted(BaseException):
        pass

    calls = Calls(LONG_S)
    with ThreadPoolExecutor(4) as pool:
        pool.submit(calls.get, "first")
        eventually(lambda: calls.made)

        def interrupted(_keys: list[str], _options: ReadOptions) -> dict[str, Any]:
            raise Interrupted

        calls.batcher._get_several = interrupted
        leader = pool.submit(calls.get, "a")
        eventually(lambda: calls.collected() == 1)
        follower = pool.submit(calls.get, "b")
        eventually(lambda: calls.collected() == 2)
        calls.first_may_land.set()
        with pytest.raises(Interrupted):
            leader.result(30)
        with pytest.raises(Closed):
            follower.result(30)
    assert calls.batcher._flying == 0
    assert calls.get("k") == "k"
