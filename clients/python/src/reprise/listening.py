"""Requests to listen, as they are sent."""

from __future__ import annotations

from collections.abc import Iterable

from .durations import Duration, to_wire
from .v1 import invalidation_service_pb2 as pb
from .wire import list_of


def subscribe_request(
    namespace: str,
    *,
    prefixes: Iterable[str] = (),
    tags: Iterable[str] = (),
    keys: Iterable[str] = (),
    causes: Iterable[str] = (),
    resume_token: str = "",
    include_own: bool = False,
    epochs: bool = False,
    progress_interval: Duration | None = None,
) -> pb.SubscribeRequest:
    """Returns the request of a subscription. `ValueError` for a cause that there is not."""
    request = pb.SubscribeRequest(
        namespace=namespace,
        prefixes=list_of(prefixes, "prefixes"),
        tags=list_of(tags, "tags"),
        keys=list_of(keys, "keys"),
        causes=[_cause(cause) for cause in list_of(causes, "causes")],
        resume_token=resume_token,
        include_own=include_own,
        epochs=epochs,
    )
    if progress_interval is not None:
        request.progress_interval.CopyFrom(to_wire(progress_interval))
    return request


def _cause(name: str) -> pb.EventCause.ValueType:
    try:
        return pb.EventCause.Value(f"EVENT_CAUSE_{name.upper()}")
    except ValueError:
        raise ValueError(f"There is no cause {name!r}.") from None
