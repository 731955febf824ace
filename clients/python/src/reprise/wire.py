"""The calls of the contract, and requests and answers in the client's own words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message as WireMessage

from .durations import Duration, from_wire, to_wire
from .enum_names import name_of
from .errors import RepriseError
from .results import (
    Condition,
    DeleteResult,
    ExistsResult,
    IncrementResult,
    InvalidateResult,
    NodeReceipt,
    SetResult,
    TouchResult,
)
from .v1 import admin_service_pb2 as admin
from .v1 import cache_service_pb2 as pb
from .v1 import entry_pb2 as entry
from .v1 import invalidation_service_pb2 as inv

Request = TypeVar("Request", bound=WireMessage)
Response = TypeVar("Response", bound=WireMessage)


@dataclass(frozen=True)
class Method(Generic[Request, Response]):
    """One call of the contract."""

    path: str
    request: type[Request]
    response: type[Response]
    changes: bool = False
    """True if it changes something and carries a request id."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


GET = Method("/reprise.v1.CacheService/Get", pb.GetRequest, pb.GetResponse)
SET = Method("/reprise.v1.CacheService/Set", pb.SetRequest, pb.SetResponse, changes=True)
DELETE = Method("/reprise.v1.CacheService/Delete", pb.DeleteRequest, pb.DeleteResponse, changes=True)
TOUCH = Method("/reprise.v1.CacheService/Touch", pb.TouchRequest, pb.TouchResponse, changes=True)
INCREMENT = Method("/reprise.v1.CacheService/Increment", pb.IncrementRequest, pb.IncrementResponse, changes=True)
EXISTS = Method("/reprise.v1.CacheService/Exists", pb.ExistsRequest, pb.ExistsResponse)
RELEASE_LEASE = Method("/reprise.v1.CacheService/ReleaseLease", pb.ReleaseLeaseRequest, pb.ReleaseLeaseResponse)
BATCH_GET = Method("/reprise.v1.CacheService/BatchGet", pb.BatchGetRequest, pb.BatchGetResponse)
BATCH_SET = Method("/reprise.v1.CacheService/BatchSet", pb.BatchSetRequest, pb.BatchSetResponse, changes=True)
BATCH_DELETE = Method(
    "/reprise.v1.CacheService/BatchDelete", pb.BatchDeleteRequest, pb.BatchDeleteResponse, changes=True
)
INVALIDATE = Method(
    "/reprise.v1.InvalidationService/Invalidate", inv.InvalidateRequest, inv.InvalidateResponse, changes=True
)
GET_HEAD = Method("/reprise.v1.InvalidationService/GetHead", inv.GetHeadRequest, inv.GetHeadResponse)
SUBSCRIBE = Method("/reprise.v1.InvalidationService/Subscribe", inv.SubscribeRequest, inv.SubscribeResponse)
DOCTOR = Method("/reprise.v1.AdminService/Doctor", admin.DoctorRequest, admin.DoctorResponse)


def consistency(tokens: Sequence[str] | None) -> entry.Consistency | None:
    """Returns what a read must be at least as fresh as: tokens, none of them (anything), or None for the latest."""
    if tokens is None:
        return entry.Consistency(latest=Empty())
    return entry.Consistency(at_least=entry.AtLeast(tokens=tokens)) if tokens else None


def condition_message(condition: Condition | None) -> entry.Condition | None:
    """Returns a condition as it is sent."""
    if condition is None:
        return None
    if condition.absent:
        return entry.Condition(absent=Empty())
    if condition.present:
        return entry.Condition(present=Empty())
    if condition.revision:
        return entry.Condition(revision=condition.revision)
    if condition.fence:
        return entry.Condition(fence=condition.fence)
    return entry.Condition(lease_id=condition.lease_id)


def entry_fields(
    key: str,
    content: tuple[bytes, str] | None,
    ttl: Duration | None,
    stale_window: Duration | None,
    tags: Iterable[str],
    condition: Condition | None,
) -> dict[str, Any]:
    """Returns the fields that SetRequest and BatchSetItem share.

    Content is bytes with a type, or None for a negative.
    """
    fields: dict[str, Any] = {"key": key, "tags": list_of(tags, "tags"), "condition": condition_message(condition)}
    if content is None:
        fields["negative"] = Empty()
    else:
        fields["value"], fields["content_type"] = content
    return {**fields, **lifetime_fields(ttl, stale_window)}


def lifetime_fields(ttl: Duration | None, stale_window: Duration | None) -> dict[str, Any]:
    """Returns the fields of a lifetime; what is None stays absent, so that the namespace's default counts."""
    fields: dict[str, Any] = {}
    if ttl is not None:
        fields["ttl"] = to_wire(ttl)
    if stale_window is not None:
        fields["stale_window"] = to_wire(stale_window)
    return fields


def list_of(texts: Iterable[str], what: str) -> list[str]:
    """Returns several texts as a list. `TypeError` for a single text, whose letters nobody means."""
    if isinstance(texts, (str, bytes)):
        raise TypeError(f"{what} are several texts: write [{texts!r}].")
    return list(texts)


def set_result(response: pb.SetResponse | pb.BatchSetResult, token: str = "") -> SetResult:
    """Returns the outcome of a Set; in a batch the call's token serves."""
    if response.WhichOneof("result") == "stored":
        stored = response.stored
        return SetResult(
            True,
            revision=stored.revision,
            token=stored.token or ("" if stored.local else token),
            fresh_for=from_wire(stored.fresh_for),
            keep_for=from_wire(stored.keep_for),
            local=stored.local,
        )
    reason = name_of(entry.NotStoredReason, response.not_stored.reason, "NOT_STORED_REASON_")
    return SetResult(False, reason=reason, revision=response.not_stored.revision)


def touch_result(response: pb.TouchResponse) -> TouchResult:
    """Returns the outcome of a Touch."""
    if response.WhichOneof("result") == "touched":
        touched = response.touched
        return TouchResult(
            True,
            revision=touched.revision,
            token=touched.token,
            fresh_for=from_wire(touched.fresh_for),
            keep_for=from_wire(touched.keep_for),
        )
    not_touched = response.not_touched
    return TouchResult(False, reason="CONTENDED" if not_touched.contended else "", token=not_touched.token)


def increment_result(response: pb.IncrementResponse) -> IncrementResult:
    """Returns the outcome of an Increment."""
    if response.WhichOneof("result") == "incremented":
        done = response.incremented
        return IncrementResult(True, value=done.value, revision=done.revision, token=done.token)
    reason = name_of(pb.NotIncrementedReason, response.not_incremented.reason, "NOT_INCREMENTED_REASON_")
    return IncrementResult(False, reason=reason, revision=response.not_incremented.revision)


def delete_result(response: pb.DeleteResponse) -> DeleteResult:
    """Returns the outcome of a Delete."""
    return DeleteResult(response.existed, token=response.token)


def exists_result(response: pb.ExistsResponse) -> ExistsResult:
    """Returns the outcome of an Exists."""
    return ExistsResult(response.exists, response.negative)


def invalidate_result(response: inv.InvalidateResponse) -> InvalidateResult:
    """Returns the outcome of an Invalidate."""
    match response.WhichOneof("result"):
        case "invalidated":
            done = response.invalidated
            receipt = tuple(_node_receipt(node) for node in done.receipt.nodes)
            return InvalidateResult(True, token=done.token, deferred=done.deferred, receipt=receipt)
        case "counted":
            precision = name_of(inv.CountPrecision, response.counted.precision, "COUNT_PRECISION_")
            return InvalidateResult(False, counted=True, affected=response.counted.affected, precision=precision)
        case "refused":
            reason = name_of(inv.RefusedReason, response.refused.reason, "REFUSED_REASON_")
            return InvalidateResult(False, refused=reason, affected=response.refused.affected)
        case _:
            raise RepriseError("The server told an outcome that this client does not know.")


def _node_receipt(node: inv.NodeReceipt) -> NodeReceipt:
    state = name_of(inv.NodeState, node.state, "NODE_STATE_")
    return NodeReceipt(node.node, state, from_wire(node.silent_for) if node.HasField("silent_for") else None)
