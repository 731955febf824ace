"""What calls return. A miss, a condition that failed and a counter that was not changed are results, not errors."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")


class _Negative:
    """The type of `NEGATIVE`."""

    _only: _Negative | None = None

    def __new__(cls) -> _Negative:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "NEGATIVE"

    def __reduce__(self) -> str:
        return "NEGATIVE"


NEGATIVE: Final = _Negative()
"""Returned by the function of `get_or_compute`: the source has nothing under this key."""


class Lookup:
    """The answer to a read: a hit, a negative or a miss. True if it is a hit, whatever its value.

    Attributes:
        kind: `hit` (there is a value, which may be None, empty or zero), `negative` (the source has nothing here) or
            `miss` (the cache has nothing).
        revision: Names the change that made the entry. Compare for equality only. Empty for a miss.
        stale: True if the entry is past its time or was marked stale. Only where stale ones were allowed.
        unverified: True if the store could not be asked: the entry may be older than any bound.
        tags: The entry's tags, where they were asked for.
        content_type: The content type that the value was stored with.
        reason: Why a miss is one: `UNKNOWN`, `EXPIRED`, `EVICTED`, `INVALIDATED`, `DELETED`, `STORE_UNAVAILABLE`,
            `PASS_THROUGH`. Empty for all else.
        fence: Of a miss: a Set with it is refused if anything that covers the key has changed since.
        not_modified: True if the entry still has the revision of `if_revision_not`: a hit without its value.
    """

    __slots__ = (
        "_fresh_until",
        "_value",
        "content_type",
        "fence",
        "kind",
        "not_modified",
        "reason",
        "revision",
        "stale",
        "tags",
        "unverified",
    )

    def __init__(
        self,
        kind: str,
        *,
        value: Any = None,
        revision: str = "",
        fresh_until: float = 0.0,
        stale: bool = False,
        unverified: bool = False,
        tags: tuple[str, ...] = (),
        content_type: str = "",
        reason: str = "",
        fence: str = "",
        not_modified: bool = False,
    ) -> None:
        self.kind = kind
        self._value = value
        self.revision = revision
        self._fresh_until = fresh_until
        self.stale = stale
        self.unverified = unverified
        self.tags = tags
        self.content_type = content_type
        self.reason = reason
        self.fence = fence
        self.not_modified = not_modified

    @property
    def value(self) -> Any:
        """The value of a hit. Raises `LookupError` for a miss, a negative and a hit that was not modified."""
        if self.kind != "hit" or self.not_modified:
            raise LookupError(f"A {self.kind} has no value here: ask for its kind first, or use value_or.")
        return self._value

    @property
    def hit(self) -> bool:
        """True if there is a value."""
        return self.kind == "hit"

    @property
    def negative(self) -> bool:
        """True if the source is known to have nothing under the key."""
        return self.kind == "negative"

    @property
    def miss(self) -> bool:
        """True if the cache has nothing."""
        return self.kind == "miss"

    @property
    def fresh_for(self) -> float:
        """Seconds left until the entry is stale, counted on the monotonic clock; 0 if it is."""
        return max(0.0, self._fresh_until - time.monotonic())

    def value_or(self, default: T) -> Any | T:
        """Returns the value of a hit, and the default for all else."""
        return self._value if self.kind == "hit" and not self.not_modified else default

    def __bool__(self) -> bool:
        return self.kind == "hit"

    def __repr__(self) -> str:
        about = f" {self.reason}" if self.kind == "miss" else f" revision={self.revision!r} stale={self.stale}"
        return f"<Lookup {self.kind}{about}>"


@dataclass(frozen=True, slots=True)
class SetResult:
    """Whether an entry was written. True if it was."""

    stored: bool
    """False if the condition did not hold, or the client passes through."""
    reason: str = ""
    """Why it was not stored: a NotStoredReason without prefix, for example `PRESENT`, or `PASS_THROUGH`."""
    revision: str = ""
    """The entry's new revision; if it was not stored, that of the visible entry."""
    token: str = ""
    """Names the change to reads that must not be older (`at_least`)."""
    fresh_for: float = 0.0
    """Seconds until the entry is stale, counted from the call."""
    keep_for: float = 0.0
    """Seconds until the entry is gone, counted from the call."""
    local: bool = False
    """True if the store is away and only one node keeps the entry, for a short time."""

    def __bool__(self) -> bool:
        return self.stored


@dataclass(frozen=True, slots=True)
class DeleteResult:
    """Whether there was an entry to delete. True if there was."""

    existed: bool
    """True if an entry, fresh or stale, was removed."""
    token: str = ""
    """Names the change to reads that must not be older."""
    reason: str = ""
    """`PASS_THROUGH` if the client passes through."""

    def __bool__(self) -> bool:
        return self.existed


@dataclass(frozen=True, slots=True)
class TouchResult:
    """Whether an entry got a new lifetime. True if it did."""

    touched: bool
    """False if there is no fresh entry."""
    reason: str = ""
    """`CONTENDED` if others changed the key again and again, `PASS_THROUGH` if the client passes through."""
    revision: str = ""
    """The entry's new revision: a touch is a change."""
    token: str = ""
    """Names the change to reads that must not be older."""
    fresh_for: float = 0.0
    """Seconds until the entry is stale, counted from the call."""
    keep_for: float = 0.0
    """Seconds until the entry is gone, counted from the call."""

    def __bool__(self) -> bool:
        return self.touched


@dataclass(frozen=True, slots=True)
class IncrementResult:
    """Whether a counter was changed. True if it was, also to zero."""

    incremented: bool
    """False if the counter was not changed."""
    value: int = 0
    """The counter after the change."""
    reason: str = ""
    """Why not: `OVERFLOW`, `NOT_A_COUNTER`, `CONTENDED`, or `PASS_THROUGH`."""
    revision: str = ""
    """The entry's new revision; if it was not changed, that of the visible entry."""
    token: str = ""
    """Names the change to reads that must not be older."""

    def __bool__(self) -> bool:
        return self.incremented


@dataclass(frozen=True, slots=True)
class ExistsResult:
    """Whether a read would hit. True if it would."""

    exists: bool
    """True if a read that allows nothing stale would hit."""
    negative: bool = False
    """True if that hit would be a negative."""

    def __bool__(self) -> bool:
        return self.exists


@dataclass(frozen=True, slots=True)
class NodeReceipt:
    """How far one node has come with an invalidation."""

    node: str
    """The node's name; empty for nodes that may be there and that the store has not heard of."""
    state: str
    """`APPLIED`, `STREAMED`, `SILENT` or `BEHIND`."""
    silent_for: float | None = None
    """Seconds since the store last heard of it; None if it has not."""


@dataclass(frozen=True, slots=True)
class InvalidateResult:
    """What an invalidation did. True if it is in force or deferred."""

    invalidated: bool
    """False for a dry run, where it was refused, or where the client passes through."""
    token: str = ""
    """A read `at_least` this sees nothing that was invalidated."""
    deferred: bool = False
    """True if the store is away: one node keeps the invalidation and makes it later."""
    counted: bool = False
    """True for a dry run."""
    affected: int = 0
    """Entries that a dry run or a refusal counted."""
    precision: str = ""
    """Of a dry run's count: `EXACT` or `AT_LEAST`."""
    refused: str = ""
    """`TOO_MANY_AFFECTED` or `COUNT_INCOMPLETE`: nothing was invalidated. `PASS_THROUGH` of a client that is off."""
    receipt: tuple[NodeReceipt, ...] = ()
    """How far every node has come, where `wait` asked for it."""

    def __bool__(self) -> bool:
        return self.invalidated


@dataclass(frozen=True, slots=True)
class SetItem(Generic[T]):
    """One entry of `set_many`. The fields are those of `set`."""

    key: str
    """The key."""
    value: T
    """The value, or `NEGATIVE`."""
    ttl: Any = None
    """Seconds or a timedelta until it is stale; None: what the call says, else the namespace's default."""
    stale_window: Any = None
    """Seconds or a timedelta after the TTL in which it may be served stale."""
    tags: tuple[str, ...] = ()
    """Tags that invalidations can name."""
    condition: Condition | None = None
    """Write only if this holds."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for a Set to be applied: one of its fields."""

    absent: bool = False
    """There is no fresh entry."""
    present: bool = False
    """There is a fresh entry."""
    revision: str = ""
    """The entry, fresh or stale, has this revision."""
    fence: str = ""
    """Nothing that covers the key has changed since this fence of a miss."""
    lease_id: str = field(default="", repr=False)
    """This lease is still valid."""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.absent, self.present, self.revision, self.fence, self.lease_id))) != 1:
            raise ValueError("A condition is exactly one of absent, present, revision, fence and lease_id.")


ABSENT: Final = Condition(absent=True)
"""Write only if there is no fresh entry."""
PRESENT: Final = Condition(present=True)
"""Write only if there is a fresh entry."""


@dataclass(frozen=True, slots=True)
class NearCacheStats:
    """What a near cache did since the client was opened."""

    hits: int
    """Reads that it answered."""
    misses: int
    """Reads that went to the server."""
    entries: int
    """Entries that it holds."""
    bytes: int
    """Bytes charged for them: values, keys, tags, and 128 for each."""
    evictions: int
    """Entries that left to make room."""
    drops: dict[str, int]
    """Entries that left by cause: `event`, `wide`, `epoch`, `reset`, `own`, `expired`."""
    resets: int
    """How often everything was dropped because changes may have been missed."""
    proofs: int
    """How often it was proven to be fresh."""
    refused_inserts: int
    """Reads that were not kept, because something changed meanwhile."""
    serving: bool
    """True if a fresh entry would be served now."""
