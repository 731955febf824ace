"""A subscription of the blocking client."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

from .changes import Change, Message, State
from .errors import RepriseError
from .inbox import Inbox
from .sync_runtime import Ending


class Subscription:
    """Tells what changes in a namespace, as it happens, and goes on by itself after whatever breaks.

    Iterate over `changes()` for changes alone, or over `messages()` for everything: after a `Reset` drop what you
    derived from changes. What you do not take waits, 4096 changes at most; beyond it you are told Reset with the reason
    SLOW. Close it, or use it in a `with` statement.
    """

    def __init__(self, resume_token: str, on_state: Callable[[State], Any] | None) -> None:
        self._arrived = threading.Condition()
        self._inbox = Inbox(resume_token, on_state, self._arrived.notify_all)
        self._ending = Ending()

    @property
    def state(self) -> State:
        """How it is now."""
        return self._inbox.current

    @property
    def token(self) -> str:
        """The newest token after everything that was taken: subscribe again with it to go on from there."""
        with self._arrived:
            return self._inbox.token

    def take(self, timeout: float | None = None) -> Message | None:
        """Returns the next message; None if none came within `timeout` seconds, or the subscription was closed.

        Raises what the server said where no retry heals it, for example `NotFound`.
        """
        end = None if timeout is None else time.monotonic() + timeout
        with self._arrived:
            while True:
                message = self._inbox.take()
                if message is not None:
                    return message
                if self._inbox.is_closed:
                    if self._inbox.failure is not None:
                        raise self._inbox.failure
                    return None
                if not self._arrived.wait(None if end is None else end - time.monotonic()):
                    return None

    def messages(self) -> Iterator[Message]:
        """Returns changes, progress, resets and states, until the subscription is closed."""
        while True:
            message = self.take()
            if message is None:
                return
            yield message

    def changes(self) -> Iterator[Change]:
        """Returns changes alone, until the subscription is closed."""
        for message in self.messages():
            if isinstance(message, Change):
                yield message

    def __iter__(self) -> Iterator[Change]:
        return self.changes()

    def close(self) -> None:
        """Ends the subscription. What waits can still be taken."""
        self._ending.set()
        with self._arrived:
            self._inbox.close()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class LockedListener:
    """Tells an inbox what the stream tells, one at a time with those who take."""

    def __init__(self, subscription: Subscription) -> None:
        self._arrived = subscription._arrived
        self._inbox = subscription._inbox

    def state(self, state: State) -> None:
        """The stream is in another state."""
        with self._arrived:
            if not self._inbox.is_closed:
                self._inbox.state(state)

    def ready(self, token: str) -> None:
        """The stream has begun."""
        with self._arrived:
            self._inbox.ready(token)

    def changes(self, changes: list[Change], token: str) -> None:
        """Changes happened."""
        with self._arrived:
            self._inbox.changes(changes, token)

    def progress(self, token: str) -> None:
        """Nothing more happened up to the token."""
        with self._arrived:
            self._inbox.progress(token)

    def reset(self, reason: str, token: str) -> None:
        """Changes may be missing."""
        with self._arrived:
            self._inbox.reset(reason, token)

    def ended(self, error: RepriseError) -> None:
        """The stream failed for good."""
        with self._arrived:
            self._inbox.ended(error)
