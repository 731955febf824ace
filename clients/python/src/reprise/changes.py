"""What a stream tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from .enum_names import name_of
from .v1 import invalidation_service_pb2 as pb


class State(str, Enum):
    """How a subscription is."""

    CONNECTING = "CONNECTING"
    """The stream is being opened."""
    READY = "READY"
    """Every matching change from here on is told."""
    STALE = "STALE"
    """The stream is broken or silent: changes may be late. It is opened again."""
    RESETTING = "RESETTING"
    """A Reset came: changes may be missing. READY follows."""
    CLOSED = "CLOSED"
    """The subscription has ended."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. It names a key, a tag, a prefix or the whole namespace, and never carries a value."""

    key: str | None = None
    """The key that changed."""
    tag: str | None = None
    """All entries with this tag were invalidated."""
    prefix: str | None = None
    """All keys with this prefix were invalidated."""
    whole_namespace: bool = False
    """All entries of the namespace were invalidated."""
    cause: str = ""
    """`SET`, `TOUCH`, `DELETE`, `KEY`, `TAG`, `PREFIX`, `NAMESPACE`, or `EPOCH` where it was asked for."""
    mode: str = ""
    """`REMOVE` or `MARK_STALE` of an invalidation; empty for all else."""
    revision: str = ""
    """Names the change. After a SET or a TOUCH the entry has this revision."""
    actor: str = ""
    """Who made the change."""
    traceparent: str = ""
    """W3C trace context of the call that made the change; empty if it had none."""
    token: str = ""
    """Resume after this change with it; empty where other changes of the same moment follow."""


@dataclass(frozen=True, slots=True)
class Progress:
    """All matching changes up to the token were told before."""

    token: str
    """Resume after it."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Changes may be missing: drop all that was derived from the subscription. It goes on after this."""

    reason: str
    """`SLOW`, `HISTORY_GONE` or `TOKEN_UNUSABLE`."""
    token: str = ""
    """Where it goes on."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """The subscription is in another state."""

    state: State
    """The state from now on."""


Message: TypeAlias = "Change | Progress | Reset | StateChange"
"""What `messages` tells."""


def change_of(event: pb.Event, token: str = "") -> Change:
    """Returns an event of the stream."""
    return Change(
        **_target_of(event),
        cause=name_of(pb.EventCause, event.cause, "EVENT_CAUSE_"),
        mode="" if event.mode == 0 else name_of(pb.InvalidationMode, event.mode, "INVALIDATION_MODE_"),
        revision=event.revision,
        actor=event.actor,
        traceparent=event.traceparent,
        token=token,
    )


def reset_reason(reset: pb.Reset) -> str:
    """Returns the reason of a Reset without its prefix."""
    return name_of(pb.ResetReason, reset.reason, "RESET_REASON_")


def _target_of(event: pb.Event) -> dict[str, Any]:
    match event.WhichOneof("target"):
        case "key":
            return {"key": event.key}
        case "tag":
            return {"tag": event.tag}
        case "prefix":
            return {"prefix": event.prefix}
        case _:
            # A target that was added later is unknown here: whatever it covers, the namespace covers it.
            return {"whole_namespace": True}
