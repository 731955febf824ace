"""Connects the stream with the near cache, and asks for its proof. Written once for both clients."""

from __future__ import annotations

from .changes import Change, State
from .core import Core
from .durations import from_wire, to_wire
from .effects import Op, Sleep, Unary
from .errors import RepriseError
from .near_cache import NearCache
from .v1 import invalidation_service_pb2 as pb
from .wire import GET_HEAD


class NearListener:
    """Tells the near cache what the stream tells."""

    def __init__(self, near: NearCache) -> None:
        self._near = near

    def state(self, state: State) -> None:
        """Notes a break. Everything else comes with a token."""
        if state in (State.STALE, State.CLOSED):
            self._near.broken()

    def ready(self, token: str) -> None:
        """The stream has begun."""
        self._near.ready(token)

    def changes(self, changes: list[Change], token: str) -> None:
        """Changes happened."""
        self._near.told(changes, token)

    def progress(self, token: str) -> None:
        """Nothing more happened up to the token."""
        self._near.progressed(token)

    def reset(self, reason: str, token: str) -> None:
        """Changes may be missing."""
        self._near.reset(token)

    def ended(self, error: RepriseError) -> None:
        """The stream failed for good: from now on everything reads through."""
        self._near.broken()


def near_subscription(namespace: str, near: NearCache) -> pb.SubscribeRequest:
    """Returns the stream that a near cache needs."""
    return pb.SubscribeRequest(
        namespace=namespace,
        prefixes=near.options.prefixes,
        include_own=True,
        epochs=True,
        progress_interval=to_wire(min(1.0, max(0.1, near.max_lag / 2))),
    )


def prove(namespace: str, near: NearCache, core: Core) -> Op[None]:
    """Asks for the proof every quarter of the lag, for ever. Whoever wants to end it closes the operation."""
    while True:
        question = near.question()
        if question is not None:
            token, awaited = question
            request = pb.GetHeadRequest(namespace=namespace, stream_token=token, earlier_head=awaited)
            sent_at = core.clock()
            try:
                # Neither repeated nor measured: the next one is sent soon, and proves more.
                answer = yield Unary(GET_HEAD, request, max(near.max_lag, 0.25))
                near.answered(
                    awaited, sent_at=sent_at, head=answer.head, age=from_wire(answer.age), covered=answer.covered
                )
            except RepriseError:
                pass  # nothing is proven: the near cache stops serving by itself
        yield Sleep(near.max_lag / 4)
