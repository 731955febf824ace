"""Joins threads of one process that want the same: one computes or asks, the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from .core import BATCH_ITEMS_MAX, ReadOptions
from .errors import Closed
from .results import Lookup

BATCH_KEYS_MAX = 100
"""Concurrent gets that become one call."""


class SyncFlights:
    """Single flight: of all threads that want a key computed, one does it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, Future[Lookup]] = {}

    def join(self, key: str, lead: Callable[[], Lookup], *, patience: float, give_up: Callable[[], Lookup]) -> Lookup:
        """Returns what the flight of the key brings; `give_up` after waiting for somebody else's for too long."""
        while True:
            with self._lock:
                flight = self._flights.get(key)
                if flight is None:
                    mine: Future[Lookup] = Future()
                    self._flights[key] = mine
            if flight is None:
                return self._lead(key, mine, lead)
            try:
                return flight.result(patience)
            except FutureTimeout:
                # A computation may fail with this very error: then the flight has ended.
                if flight.done() and not flight.cancelled():
                    raise
                return give_up()
            except _Abandoned:
                continue

    def _lead(self, key: str, flight: Future[Lookup], lead: Callable[[], Lookup]) -> Lookup:
        try:
            result = lead()
        except Exception as error:
            self._land(key)
            flight.set_exception(error)
            raise
        except BaseException:
            # This thread is ended, not the computation's fault: whoever waits begins anew.
            self._land(key)
            flight.set_exception(_Abandoned())
            raise
        self._land(key)
        flight.set_result(result)
        return result

    def _land(self, key: str) -> None:
        with self._lock:
            del self._flights[key]


class _Abandoned(Exception):
    """The leader of a flight was interrupted."""


class _Group:
    def __init__(self) -> None:
        self.waiting: dict[str, Future[Lookup]] = {}
        self.full = threading.Event()


class SyncBatcher:
    """Makes one call of the gets of several threads.

    A thread alone never waits: only while other gets are on their way does one wait for company, for the window at
    most.
    """

    def __init__(
        self,
        window: float,
        get_one: Callable[[str, ReadOptions], Lookup],
        get_several: Callable[[list[str], ReadOptions], dict[str, Any]],
    ) -> None:
        self._window = window
        self._get_one = get_one
        self._get_several = get_several
        self._lock = threading.Lock()
        self._groups: dict[ReadOptions, _Group] = {}
        self._flying = 0

    def get(self, key: str, options: ReadOptions) -> Lookup:
        """Reads one key, together with others where others read at the same time."""
        with self._lock:
            group = self._groups.get(options)
            leads = group is None
            alone = leads and self._flying == 0
            if group is None:
                group = _Group()
                if not alone:
                    self._groups[options] = group
            self._flying += 1
            future = group.waiting.setdefault(key, Future())
            if len(group.waiting) >= min(BATCH_KEYS_MAX, BATCH_ITEMS_MAX):
                self._groups.pop(options, None)
                group.full.set()
        try:
            if alone:
                return self._get_one(key, options)
            if leads:
                self._fly(group, options)
            return future.result()
        finally:
            with self._lock:
                self._flying -= 1

    def _fly(self, group: _Group, options: ReadOptions) -> None:
        group.full.wait(self._window)
        with self._lock:
            if self._groups.get(options) is group:
                del self._groups[options]
        try:
            answers = self._ask(list(group.waiting), options)
        except BaseException as error:
            # An interrupt is meant for this thread alone.
            told = error if isinstance(error, Exception) else Closed("The call was interrupted.")
            for future in group.waiting.values():
                future.set_exception(told)
            if told is not error:
                raise
            return
        for key, future in group.waiting.items():
            answer = answers[key]
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    def _ask(self, keys: list[str], options: ReadOptions) -> dict[str, Any]:
        if len(keys) == 1:
            return {keys[0]: self._get_one(keys[0], options)}
        return self._get_several(keys, options)
