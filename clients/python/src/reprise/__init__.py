"""Client of Reprise, a cache that programs use over gRPC.

`Client` blocks, `AsyncClient` is for asyncio; both have the same methods. `CacheManager` is the smallest way in,
`cached` remembers what functions return, `python -m reprise.warmup` fills a cache from a file.
"""

import os as _os
import sys as _sys

# gRPC reads this when it is imported, and without it every process that is forked from one with a channel hangs.
if "grpc" not in _sys.modules:
    _os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "1")

from .async_client import AsyncClient
from .async_subscription import AsyncSubscription
from .cache_manager import BackendMismatch, CacheManager
from .cached import cached
from .changes import Change, Message, Progress, Reset, State, StateChange
from .client import Client
from .codecs import Codec, JsonCodec, MsgpackCodec, NumpyCodec, RawCodec, TextCodec
from .durations import Duration
from .errors import (
    BatchError,
    Closed,
    CodecError,
    DeadlineExceeded,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    RepriseError,
    Unavailable,
)
from .options import Credential, NearCacheOptions, Tls
from .results import (
    ABSENT,
    NEGATIVE,
    PRESENT,
    Condition,
    DeleteResult,
    ExistsResult,
    IncrementResult,
    InvalidateResult,
    Lookup,
    NearCacheStats,
    NodeReceipt,
    SetItem,
    SetResult,
    TouchResult,
)
from .subscription import Subscription

__version__ = "0.1.0"
"""The version of this client."""

__all__ = [
    "ABSENT",
    "NEGATIVE",
    "PRESENT",
    "AsyncClient",
    "AsyncSubscription",
    "BackendMismatch",
    "BatchError",
    "CacheManager",
    "Change",
    "Client",
    "Closed",
    "Codec",
    "CodecError",
    "Condition",
    "Credential",
    "DeadlineExceeded",
    "DeleteResult",
    "Duration",
    "ExistsResult",
    "IncrementResult",
    "InvalidArgument",
    "InvalidateResult",
    "JsonCodec",
    "Lookup",
    "Message",
    "MsgpackCodec",
    "NearCacheOptions",
    "NearCacheStats",
    "NodeReceipt",
    "NotFound",
    "NumpyCodec",
    "OutcomeUnknown",
    "Overloaded",
    "Progress",
    "RawCodec",
    "RepriseError",
    "Reset",
    "SetItem",
    "SetResult",
    "State",
    "StateChange",
    "Subscription",
    "TextCodec",
    "Tls",
    "TouchResult",
    "Unavailable",
    "cached",
]
