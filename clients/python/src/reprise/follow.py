"""Following a stream: opened again after whatever ended it, with the newest token. Written once for both clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import grpc

from .changes import Change, State, change_of, reset_reason
from .durations import from_wire
from .effects import HangUp, Next, Op, Open, Silent, Sleep
from .errors import RepriseError
from .v1 import invalidation_service_pb2 as pb
from .wire import SUBSCRIBE

BACKOFF_FIRST_S = 0.1
"""Bound of the wait after the first break; it doubles with each break in a row."""
BACKOFF_MAX_S = 5.0
"""Bound of every wait."""
SILENT_INTERVALS = 3
"""A stream that says nothing for so many progress intervals is broken."""
CONNECT_S_MAX = 5.0
"""How long a stream may take until its first message."""

# What no retry heals.
_FINAL = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)


class Listener(Protocol):
    """Who is told what happens on a stream. Called one at a time."""

    def state(self, state: State) -> None:
        """The stream is in another state."""

    def ready(self, token: str) -> None:
        """The stream has begun after the token."""

    def changes(self, changes: list[Change], token: str) -> None:
        """Changes happened; the token stands after them."""

    def progress(self, token: str) -> None:
        """Everything up to the token was told."""

    def reset(self, reason: str, token: str) -> None:
        """Changes may be missing."""

    def ended(self, error: RepriseError) -> None:
        """The stream failed for good."""


@dataclass(slots=True)
class _Position:
    token: str
    interval: float
    heard: bool = False
    going_away_s: float | None = None


def follow(request: pb.SubscribeRequest, listener: Listener, chance: Callable[[], float]) -> Op[None]:
    """Follows a stream until the server says what no retry heals. Whoever wants to end it closes the operation."""
    interval = from_wire(request.progress_interval) if request.HasField("progress_interval") else 1.0
    position = _Position(request.resume_token, interval)
    delay = BACKOFF_FIRST_S
    while True:
        listener.state(State.CONNECTING)
        asked = pb.SubscribeRequest()
        asked.CopyFrom(request)
        asked.resume_token = position.token
        position.heard, position.going_away_s = False, None
        failure = yield from _listen(asked, listener, position)
        if failure is not None and failure.code in _FINAL:
            listener.ended(failure)
            return
        listener.state(State.STALE)
        if position.heard:
            delay = BACKOFF_FIRST_S
        asked_for = failure.retry_after if failure is not None else None
        yield Sleep(position.going_away_s if position.going_away_s is not None else (asked_for or 0) + chance() * delay)
        delay = min(BACKOFF_MAX_S, 2 * delay)


def _listen(request: pb.SubscribeRequest, listener: Listener, position: _Position) -> Op[RepriseError | None]:
    """Takes messages until the stream ends. Returns what it failed with, if it did."""
    handle = None
    try:
        handle = yield Open(SUBSCRIBE, request)
        while True:
            patience = SILENT_INTERVALS * position.interval if position.heard else CONNECT_S_MAX
            message = yield Next(handle, max(patience, 0.3))
            if message is None:
                break
            _tell(message, listener, position)
            position.heard = True
    except RepriseError as error:
        return error
    except Silent:
        pass
    if handle is not None:
        yield HangUp(handle)
    return None


def _tell(message: pb.SubscribeResponse, listener: Listener, position: _Position) -> None:
    """Tells the listener, and only then keeps the token."""
    match message.WhichOneof("event"):
        case "ready":
            position.interval = from_wire(message.ready.progress_interval) or position.interval
            listener.ready(message.ready.token)
            position.token = message.ready.token
            listener.state(State.READY)
        case "events":
            events = message.events.events
            last = len(events) - 1
            token = message.events.token
            listener.changes(
                [change_of(event, token if index == last else "") for index, event in enumerate(events)], token
            )
            position.token = token or position.token
        case "progress":
            listener.progress(message.progress.token)
            position.token = message.progress.token
        case "reset":
            listener.state(State.RESETTING)
            listener.reset(reset_reason(message.reset), message.reset.token)
            position.token = message.reset.token
            if position.heard:
                listener.state(State.READY)
        case "going_away":
            position.token = message.going_away.token or position.token
            position.going_away_s = from_wire(message.going_away.retry_after)
