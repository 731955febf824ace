"""A subscription of the asyncio client."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any

from .changes import Change, Message, State
from .inbox import Inbox


class AsyncSubscription:
    """Tells what changes in a namespace, as it happens, and goes on by itself after whatever breaks.

    Iterate over `changes()` for changes alone, or over `messages()` for everything: after a `Reset` drop what you
    derived from changes. What you do not take waits, 4096 changes at most; beyond it you are told Reset with the reason
    SLOW. Close it, or use it in an `async with` statement.
    """

    def __init__(self, resume_token: str, on_state: Callable[[State], Any] | None) -> None:
        self._arrived = asyncio.Event()
        self._inbox = Inbox(resume_token, on_state, self._arrived.set)
        self._task: asyncio.Task[Any] | None = None

    def _follow(self, task: asyncio.Task[Any]) -> None:
        self._task = task
        task.add_done_callback(lambda _task: self._inbox.close())

    @property
    def state(self) -> State:
        """How it is now."""
        return self._inbox.current

    @property
    def token(self) -> str:
        """The newest token after everything that was taken: subscribe again with it to go on from there."""
        return self._inbox.token

    async def take(self, timeout: float | None = None) -> Message | None:
        """Returns the next message; None if none came within `timeout` seconds, or the subscription was closed.

        Raises what the server said where no retry heals it, for example `NotFound`.
        """
        if timeout is not None and timeout <= 0:
            # Nobody would get to run before such a time has passed.
            return self._inbox.take()
        with contextlib.suppress(asyncio.TimeoutError):
            return await asyncio.wait_for(self._take(), timeout)
        return None

    async def _take(self) -> Message | None:
        while True:
            # Cleared before looking: what arrives from here on sets it again.
            self._arrived.clear()
            message = self._inbox.take()
            if message is not None:
                # Several may wait for messages: there may be more.
                self._arrived.set()
                return message
            if self._inbox.is_closed:
                self._arrived.set()
                if self._inbox.failure is not None:
                    raise self._inbox.failure
                return None
            await self._arrived.wait()

    async def messages(self) -> AsyncIterator[Message]:
        """Returns changes, progress, resets and states, until the subscription is closed."""
        while True:
            message = await self._take()
            if message is None:
                return
            yield message

    async def changes(self) -> AsyncIterator[Change]:
        """Returns changes alone, until the subscription is closed."""
        async for message in self.messages():
            if isinstance(message, Change):
                yield message

    def __aiter__(self) -> AsyncIterator[Change]:
        return self.changes()

    def close(self) -> None:
        """Ends the subscription. What waits can still be taken."""
        if self._task is not None:
            self._task.cancel()
        self._inbox.close()

    async def __aenter__(self) -> AsyncSubscription:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
