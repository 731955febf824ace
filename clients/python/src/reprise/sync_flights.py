"""Joins threads of one process that want the same: one computes or asks, the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from .core import ReadOptions
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
    """Gets that collect while a call is on its way, to go out as one."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        """By key; None until the call has returned."""
        self.takes_off = threading.Event()
        self.landed = threading.Event()


class SyncBatcher:
    """Makes one call of the gets of several threads.

    A get goes out at once where no call is on its way: who reads alone never waits. Those that come meanwhile collect,
    and go out together when no call is on its way any more, or after the window, or as soon as there are a hundred.
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
        # Calls that are on their way, or are about to be.
        self._flying = 0

    def get(self, key: str, options: ReadOptions) -> Lookup:
        """Reads one key, together with others where others read at the same time."""
        with self._lock:
            group = self._groups.get(options)
            leads = group is None
            if group is None:
                if self._flying == 0:
                    self._flying = 1
                else:
                    group = self._groups[options] = _Group()
            if group is not None:
                group.answers.setdefault(key)
                if len(group.answers) >= BATCH_KEYS_MAX:
                    del self._groups[options]
                    group.takes_off.set()
        if group is None:
            return self._fly_alone(key, options)
        if leads:
            self._fly(group, options)
        else:
            group.landed.wait()
        answer = group.answers[key]
        if isinstance(answer, BaseException):
            raise answer
        found: Lookup = answer
        return found

    def _fly_alone(self, key: str, options: ReadOptions) -> Lookup:
        try:
            return self._get_one(key, options)
        finally:
            self._landed()

    def _fly(self, group: _Group, options: ReadOptions) -> None:
        """Makes the call of a group, whose first thread this is."""
        try:
            try:
                group.takes_off.wait(self._window)
            finally:
                self._take_off(group, options)
            try:
                group.answers.update(self._ask(list(group.answers), options))
            finally:
                self._landed()
        except BaseException as error:
            # An interrupt is meant for this thread alone.
            told = error if isinstance(error, Exception) else Closed("The call was interrupted.")
            group.answers.update(dict.fromkeys(group.answers, told))
            if told is not error:
                raise
        finally:
            group.landed.set()

    def _take_off(self, group: _Group, options: ReadOptions) -> None:
        with self._lock:
            self._flying += 1
            # Nobody joins any more. One that is full has been taken out already.
            if self._groups.get(options) is group:
                del self._groups[options]

    def _landed(self) -> None:
        with self._lock:
            self._flying -= 1
            if self._flying == 0:
                for group in self._groups.values():
                    group.takes_off.set()

    def _ask(self, keys: list[str], options: ReadOptions) -> dict[str, Any]:
        if len(keys) == 1:
            return {keys[0]: self._get_one(keys[0], options)}
        return self._get_several(keys, options)
