"""Joins tasks of one event loop that want the same: one computes or asks, the others wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from .core import ReadOptions
from .results import Lookup
from .sync_flights import BATCH_KEYS_MAX


class _Flight:
    def __init__(self, task: asyncio.Task[Lookup]) -> None:
        self.task = task
        self.waiting = 0


class AsyncFlights:
    """Single flight: of all tasks that want a key computed, one does it.

    It is done in a task of its own: a caller who is cancelled ends only its own waiting while others wait.
    """

    def __init__(self) -> None:
        self._flights: dict[str, _Flight] = {}

    async def join(
        self,
        key: str,
        lead: Callable[[], Coroutine[Any, Any, Lookup]],
        *,
        patience: float,
        give_up: Callable[[], Coroutine[Any, Any, Lookup]],
    ) -> Lookup:
        """Returns what the flight of the key brings; `give_up` after waiting for somebody else's for too long."""
        flight = self._flights.get(key)
        leads = flight is None
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(lead()))
            flight.task.add_done_callback(lambda _task: self._flights.pop(key, None))
        flight.waiting += 1
        try:
            done, _ = await asyncio.wait({flight.task}, timeout=None if leads else patience)
            return flight.task.result() if done else await give_up()
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.task.done():
                # Whoever asks from now on begins anew.
                if self._flights.get(key) is flight:
                    del self._flights[key]
                flight.task.cancel()


class AsyncBatcher:
    """Makes one call of the gets of one turn of the event loop."""

    def __init__(
        self,
        get_one: Callable[[str, ReadOptions], Coroutine[Any, Any, Lookup]],
        get_several: Callable[[list[str], ReadOptions], Coroutine[Any, Any, dict[str, Any]]],
    ) -> None:
        self._get_one = get_one
        self._get_several = get_several
        self._groups: dict[ReadOptions, dict[str, asyncio.Future[Lookup]]] = {}
        self._flying: set[asyncio.Task[None]] = set()

    async def get(self, key: str, options: ReadOptions) -> Lookup:
        """Reads one key, together with others where others read at the same time."""
        loop = asyncio.get_running_loop()
        group = self._groups.get(options)
        if group is None:
            group = self._groups[options] = {}
            loop.call_soon(self._take_off, options, group)
        future = group.get(key)
        if future is None:
            future = group[key] = loop.create_future()
        if len(group) >= BATCH_KEYS_MAX:
            self._take_off(options, group)
        # One who is cancelled leaves the others their answer.
        return await asyncio.shield(future)

    def _take_off(self, options: ReadOptions, group: dict[str, asyncio.Future[Lookup]]) -> None:
        if self._groups.get(options) is not group:
            return
        del self._groups[options]
        task = asyncio.ensure_future(self._fly(options, group))
        self._flying.add(task)
        task.add_done_callback(self._flying.discard)

    async def _fly(self, options: ReadOptions, group: dict[str, asyncio.Future[Lookup]]) -> None:
        keys = list(group)
        answers: dict[str, Any]
        try:
            if len(keys) == 1:
                answers = {keys[0]: await self._get_one(keys[0], options)}
            else:
                answers = await self._get_several(keys, options)
        except BaseException as error:
            answers = dict.fromkeys(keys, error)
        for key, future in group.items():
            _settle(future, answers[key])


def _settle(future: asyncio.Future[Lookup], answer: Any) -> None:
    if future.done():
        return
    if isinstance(answer, asyncio.CancelledError):
        future.cancel()
    elif isinstance(answer, BaseException):
        future.set_exception(answer)
        # Those who were cancelled meanwhile do not ask for it any more.
        future.exception()
    else:
        future.set_result(answer)
