"""What a subscription has told and its caller has not taken yet: bounded, and honest about it. Not thread-safe."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .changes import Change, Message, Progress, Reset, State, StateChange
from .errors import RepriseError

EVENTS_MAX = 4096
"""Changes that may wait. Beyond it all are dropped, and a Reset with the reason SLOW says so."""


class Inbox:
    """A listener that keeps messages until they are taken."""

    def __init__(self, resume_token: str, on_state: Callable[[State], None] | None, notify: Callable[[], None]) -> None:
        self._waiting: deque[Message] = deque()
        # Of those that wait: changes, and changes and Resets together.
        self._events = 0
        self._unseen = 0
        self._on_state = on_state
        self._notify = notify
        self._told_token = resume_token
        self._taken_token = resume_token
        self._told_state: State | None = None
        self.failure: RepriseError | None = None
        self.is_closed = False

    @property
    def token(self) -> str:
        """The newest token after every change and Reset that was taken."""
        return self._taken_token if self._unseen else self._told_token

    @property
    def current(self) -> State:
        """The newest state."""
        return self._told_state or State.CONNECTING

    def take(self) -> Message | None:
        """Returns the oldest message; None if nothing waits."""
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        if isinstance(message, (Change, Reset)):
            self._events -= isinstance(message, Change)
            self._unseen -= 1
        self._taken_token = getattr(message, "token", "") or self._taken_token
        return message

    # Listener

    def state(self, state: State) -> None:
        """Notes a state. A state that is told twice in a row is told once."""
        if state is self._told_state:
            return
        self._told_state = state
        self._put(StateChange(state))
        if self._on_state is not None:
            self._on_state(state)

    def ready(self, token: str) -> None:
        """Notes where the stream begins."""
        self._told_token = token

    def changes(self, changes: list[Change], token: str) -> None:
        """Keeps changes."""
        self._told_token = token or self._told_token
        for change in changes:
            self._put(change)

    def progress(self, token: str) -> None:
        """Keeps the newest progress: an older one at the end of what waits says less."""
        if self._waiting and isinstance(self._waiting[-1], Progress):
            self._waiting.pop()
        self._told_token = token
        self._put(Progress(token))

    def reset(self, reason: str, token: str) -> None:
        """Keeps a Reset. What waits before it stays: it was told in order."""
        self._told_token = token
        self._put(Reset(reason, token))

    def ended(self, error: RepriseError) -> None:
        """Notes that no more will come."""
        self.failure = error
        self.close()

    def close(self) -> None:
        """Notes the end. What waits can still be taken."""
        if not self.is_closed:
            self.state(State.CLOSED)
            self.is_closed = True
            self._notify()

    def _put(self, message: Message) -> None:
        self._waiting.append(message)
        self._events += isinstance(message, Change)
        self._unseen += isinstance(message, (Change, Reset))
        if self._events > EVENTS_MAX or len(self._waiting) > 2 * EVENTS_MAX:
            self._give_up()
        self._notify()

    def _give_up(self) -> None:
        was_ready = self.current is State.READY
        self._waiting.clear()
        self._events = self._unseen = 0
        if was_ready:
            self.state(State.RESETTING)
        self._put(Reset("SLOW", self._told_token))
        if was_ready:
            self.state(State.READY)
