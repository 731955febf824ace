"""What can go wrong, as exceptions that callers branch on. A miss, a failed condition and a lost race are results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class RepriseError(Exception):
    """A call failed.

    Attributes:
        code: The gRPC code, for example `grpc.StatusCode.RESOURCE_EXHAUSTED`.
        reason: An ErrorReason of the contract without its prefix, for example `VALUE_TOO_LARGE`; empty where none came.
        metadata: What the server tells about the reason, for example the limit. Never keys or values.
        retry_after: Seconds after which the server asks to be tried again; None where it says nothing.
    """

    def __init__(
        self,
        message: str,
        *,
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.metadata: Mapping[str, str] = dict(metadata or {})
        self.retry_after = retry_after

    def __str__(self) -> str:
        name = f"{self.code.name} {self.reason}".strip()
        return f"{super().__str__()} [{name}]"


class Unavailable(RepriseError):
    """Nobody answered, or the store behind the server is away. Trying later may help."""


class DeadlineExceeded(RepriseError):
    """The answer did not come in time. A change may have been applied all the same."""


class OutcomeUnknown(RepriseError):
    """A change was sent to the store, and nobody can tell whether it was applied. Read before changing again."""


class InvalidArgument(RepriseError):
    """The server refuses the request as it stands. Repeating it changes nothing."""


class NotFound(RepriseError):
    """There is no such namespace."""


class Overloaded(RepriseError):
    """The server has more to do than it can, and did nothing for this call."""


class CodecError(RepriseError):
    """A value can't be turned into bytes, or bytes can't be turned into a value."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code=grpc.StatusCode.INVALID_ARGUMENT)

    def __str__(self) -> str:
        return Exception.__str__(self)


class Closed(RepriseError):
    """The client or the subscription was closed."""

    def __init__(self, message: str = "The client is closed.") -> None:
        super().__init__(message, code=grpc.StatusCode.CANCELLED)


class BatchError(RepriseError):
    """Some items of a batch failed, the others did not.

    Attributes:
        results: One for each item, in the order of the request: its result, or the `RepriseError` that it failed with.
    """

    def __init__(self, results: Sequence[Any]) -> None:
        failed = [item for item in results if isinstance(item, RepriseError)]
        first = failed[0]
        super().__init__(
            f"{len(failed)} of {len(results)} items of the batch failed, the first with: {first}",
            code=first.code,
            reason=first.reason,
            metadata=first.metadata,
            retry_after=first.retry_after,
        )
        self.results = list(results)


def error_of_call(error: grpc.RpcError | grpc.aio.AioRpcError) -> RepriseError:
    """Returns what a failed call means."""
    code = error.code()
    details = error.details() or "The call failed."
    status = _status_in(error.trailing_metadata() or ())
    if status is None:
        return _error(code, details, _NOTHING_TOLD)
    return _error(code, status.message or details, _told_by(status))


def error_of_status(status: status_pb2.Status) -> RepriseError:
    """Returns what the failure of one item of a batch means."""
    return _error(_CODES.get(status.code, grpc.StatusCode.UNKNOWN), status.message, _told_by(status))


class _Told:
    def __init__(self, reason: str, metadata: Mapping[str, str], retry_after: float | None) -> None:
        self.reason = reason
        self.metadata = metadata
        self.retry_after = retry_after


_NOTHING_TOLD = _Told("", {}, None)


def _error(code: grpc.StatusCode, message: str, told: _Told) -> RepriseError:
    kind = _KINDS_BY_REASON.get(told.reason) or _KINDS_BY_CODE.get(code, RepriseError)
    return kind(message, code=code, reason=told.reason, metadata=told.metadata, retry_after=told.retry_after)


_KINDS_BY_REASON: dict[str, type[RepriseError]] = {"OUTCOME_UNKNOWN": OutcomeUnknown, "OVERLOADED": Overloaded}
_KINDS_BY_CODE: dict[grpc.StatusCode, type[RepriseError]] = {
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.NOT_FOUND: NotFound,
}


def _status_in(metadata: Any) -> status_pb2.Status | None:
    for key, value in metadata:
        if key == _DETAILS_KEY:
            return status_pb2.Status.FromString(value)
    return None


def _told_by(status: status_pb2.Status) -> _Told:
    info = error_details_pb2.ErrorInfo()
    retry = error_details_pb2.RetryInfo()
    retry_after: float | None = None
    for detail in status.details:
        if detail.Unpack(retry):
            retry_after = retry.retry_delay.seconds + retry.retry_delay.nanos / 1e9
        else:
            detail.Unpack(info)
    return _Told(info.reason, dict(info.metadata), retry_after)
