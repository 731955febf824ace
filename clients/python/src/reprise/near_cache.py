"""The near cache: entries in this process, coherent by a stream of changes. docs: Near cache in the README.

Nothing here waits or calls: clients tell it what the stream told, when reads begin and end, and what they write. So the
rules are tested in every order. All methods may be called from any thread; one lock covers everything, since what a
rule looks at must be of one moment. Only a hit does without it: see `entry`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice

from .changes import Change
from .durations import seconds_of
from .near_proof import Proof
from .options import NearCacheOptions
from .recency import Recency
from .results import Lookup, NearCacheStats

EVENTS_PER_FLIGHT_MAX = 1000
"""A read during which more than this happened is not kept."""
ENTRY_OVERHEAD_BYTES = 128
"""Charged for each entry beside what it holds."""

_NEVER = float("-inf")


class NearEntry:
    """What the near cache holds for a key: encoded bytes, or a negative."""

    __slots__ = ("content_type", "data", "fresh_until", "lookup", "negative", "revision", "tags", "used_at", "weight")

    def __init__(
        self,
        data: bytes,
        content_type: str,
        revision: str,
        tags: tuple[str, ...],
        fresh_until: float,
        *,
        negative: bool = False,
        lookup: Lookup | None = None,
    ) -> None:
        self.data = data
        self.content_type = content_type
        self.revision = revision
        self.tags = tags
        self.fresh_until = fresh_until
        """Monotonic seconds, counted from the send of the read: never served beyond it."""
        self.negative = negative
        self.lookup = lookup
        """The answer itself, where it may be shared: bytes, negatives, and decoded values if the user wants that."""
        self.weight = 0
        self.used_at = 0.0
        """Monotonic seconds of the last hit."""


class Flight:
    """A read that is on its way."""

    __slots__ = ("began", "key", "token")

    def __init__(self, key: str, began: int, token: str) -> None:
        self.key = key
        self.began = began
        """How many events had been noted when it was sent."""
        self.token = token
        """The stream's newest token when it was sent."""


class _OwnChange:
    """A change that this client makes itself: of a key, or of whatever (None)."""

    __slots__ = ("key",)

    def __init__(self, key: str | None) -> None:
        self.key = key


class NearCache:
    """Keeps, serves and drops entries by the rules of the concept."""

    def __init__(self, options: NearCacheOptions, clock: Callable[[], float]) -> None:
        self.max_lag = seconds_of(options.max_lag)
        self.options = options
        self._max_staleness = seconds_of(options.max_staleness)
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, NearEntry] = {}
        self._recency = Recency()
        self._keys_by_tag: dict[str, set[str]] = {}
        self._bytes = 0
        # What the stream told and what this client changed, the newest last; `_noted` counts all there ever were.
        self._recent: deque[Change | _OwnChange | None] = deque(maxlen=EVENTS_PER_FLIGHT_MAX)
        self._noted = 0
        self._proof = Proof(self.max_lag)
        self._token = ""
        self._broken_at: float | None = _NEVER
        self._serve_until = _NEVER
        self._hits = self._misses = self._evictions = self._resets = self._refused = 0
        self._drops: dict[str, int] = {}

    # Reads

    def entry(self, key: str) -> NearEntry | None:
        """Returns the entry of a key if it may be served now.

        Deliberate: a hit takes no lock, which with the order of use kept by it made it three times as slow. Reading an
        attribute and reading a dict are atomic, and their order is what counts: until when may be served is read before
        the entry. So whatever had to be dropped for that to be proven is gone when the entry is read, and what was told
        since is within the lag.
        """
        serve_until = self._serve_until
        entry = self._entries.get(key)
        if entry is not None:
            now = self._clock()
            if now <= serve_until and now < entry.fresh_until:
                entry.used_at = now
                self._hits += 1
                return entry
        self._missed(key)
        return None

    def _missed(self, key: str) -> None:
        with self._lock:
            self._misses += 1
            entry = self._entries.get(key)
            if entry is not None and entry.fresh_until <= self._clock() <= self._serve_until:
                self._remove(key, "expired")

    def begin(self, key: str) -> Flight | None:
        """Notes that a read of the key is sent now. None if its answer can't be kept anyway."""
        prefixes = self.options.prefixes
        if prefixes and not key.startswith(prefixes):
            return None
        with self._lock:
            # Without a token nothing tells what the answer is at least as fresh as.
            return Flight(key, self._noted, self._token) if self._token else None

    def keep(self, flight: Flight, entry: NearEntry, *, stale: bool = False, unverified: bool = False) -> bool:
        """Keeps the answer of a read, if nothing happened meanwhile that forbids it. Returns whether it did."""
        with self._lock:
            if stale or unverified or entry.revision == "" or self._forbidden(flight, entry):
                self._refused += 1
                return False
            self._insert(flight.key, entry)
            return True

    # Changes that this client makes

    def own_write(self, keys: Iterable[str]) -> None:
        """Drops keys: to be called when a change of them is sent, and again when it was answered or failed."""
        with self._lock:
            for key in keys:
                self._note(_OwnChange(key))
                self._remove(key, "own")

    def own_invalidation(self, change: Change) -> None:
        """Drops what an invalidation covers: when it is sent, and again when it was answered or failed."""
        with self._lock:
            self._note(_OwnChange(None))
            self._drop_covered(change, "own")

    # What the stream tells

    def told(self, changes: Iterable[Change], token: str) -> None:
        """Applies changes of the stream; the token stands after them."""
        with self._lock:
            for change in changes:
                self._note(change)
                self._drop_covered(change, "event" if change.key is not None else "wide")
            self._token = token or self._token

    def progressed(self, token: str) -> None:
        """Notes that everything up to the token was told."""
        with self._lock:
            self._token = token

    def ready(self, token: str) -> None:
        """Notes that the stream has begun, or goes on after a break."""
        with self._lock:
            self._token = token
            self._broken_at = None
            self._judge()

    def reset(self, token: str) -> None:
        """Drops everything: changes may be missing."""
        with self._lock:
            self._note(None)
            self._clear("reset")
            self._resets += 1
            self._token = token
            self._proof.reset()
            self._judge()

    def broken(self) -> None:
        """Notes that the stream broke or fell silent. A second break in a row changes nothing."""
        with self._lock:
            if self._broken_at is None:
                self._broken_at = self._clock()
                self._judge()

    # The proof

    def question(self) -> tuple[str, str] | None:
        """Returns the stream's token and the awaited head for GetHead; None while there is no stream."""
        with self._lock:
            return (self._token, self._proof.awaited_head) if self._token else None

    def answered(self, asked_about: str, *, sent_at: float, head: str, age: float, covered: bool) -> None:
        """Applies an answer of GetHead."""
        with self._lock:
            self._proof.answered(asked_about, sent_at=sent_at, head=head, age=age, covered=covered, now=self._clock())
            self._judge()

    # Figures

    def stats(self) -> NearCacheStats:
        """Returns what happened until now."""
        with self._lock:
            return NearCacheStats(
                hits=self._hits,
                misses=self._misses,
                entries=len(self._entries),
                bytes=self._bytes,
                evictions=self._evictions,
                drops=dict(self._drops),
                resets=self._resets,
                proofs=self._proof.count,
                refused_inserts=self._refused,
                serving=self._broken_at is None and self._clock() <= self._serve_until,
            )

    # Below, the lock is held.

    def _judge(self) -> None:
        proven = self._proof.proven
        if self._broken_at is None:
            self._serve_until = proven + self.max_lag
        elif proven == _NEVER or self._max_staleness == 0:
            self._serve_until = _NEVER
        else:
            self._serve_until = self._broken_at + self._max_staleness

    def _forbidden(self, flight: Flight, entry: NearEntry) -> bool:
        since = self._noted - flight.began
        if since > EVENTS_PER_FLIGHT_MAX:
            return True
        newest: Change | None = None
        for change in islice(self._recent, len(self._recent) - since, None):
            match change:
                case None:
                    return True
                case _OwnChange(key=key):
                    if key is None or key == flight.key:
                        return True
                case Change(key=None):
                    if _covers(change, flight.key, entry):
                        return True
                case Change(key=key):
                    newest = change if key == flight.key else newest
        return newest is not None and not _made(newest, entry)

    def _insert(self, key: str, entry: NearEntry) -> None:
        entry.weight = (
            len(entry.data) + len(key.encode()) + sum(len(tag.encode()) for tag in entry.tags) + ENTRY_OVERHEAD_BYTES
        )
        self._remove(key, None)
        if entry.weight > self.options.bytes_max:
            return
        entry.used_at = self._clock()
        self._entries[key] = entry
        self._recency.added(key, entry, self._entries)
        self._bytes += entry.weight
        for tag in entry.tags:
            self._keys_by_tag.setdefault(tag, set()).add(key)
        while len(self._entries) > self.options.entries_max or self._bytes > self.options.bytes_max:
            self._remove(self._recency.least(self._entries), None)
            self._evictions += 1

    def _remove(self, key: str, cause: str | None) -> None:
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        self._bytes -= entry.weight
        for tag in entry.tags:
            keys = self._keys_by_tag[tag]
            keys.discard(key)
            if not keys:
                del self._keys_by_tag[tag]
        if cause is not None:
            self._drops[cause] = self._drops.get(cause, 0) + 1

    def _drop_covered(self, change: Change, cause: str) -> None:
        if change.key is not None:
            entry = self._entries.get(change.key)
            if entry is not None and not _made(change, entry):
                self._remove(change.key, cause)
        elif change.tag is not None:
            for key in tuple(self._keys_by_tag.get(change.tag, ())):
                self._remove(key, cause)
        elif change.prefix is not None:
            for key in [key for key in self._entries if key.startswith(change.prefix)]:
                self._remove(key, cause)
        else:
            self._clear("epoch" if change.cause == "EPOCH" else cause)

    def _clear(self, cause: str) -> None:
        if self._entries:
            self._drops[cause] = self._drops.get(cause, 0) + len(self._entries)
        self._entries.clear()
        self._recency.clear()
        self._keys_by_tag.clear()
        self._bytes = 0

    def _note(self, change: Change | _OwnChange | None) -> None:
        self._recent.append(change)
        self._noted += 1


def _made(change: Change, entry: NearEntry) -> bool:
    """Tells whether this very change made the entry what it is."""
    return change.cause == "SET" and change.revision == entry.revision


def _covers(change: Change, key: str, entry: NearEntry) -> bool:
    if change.tag is not None:
        return change.tag in entry.tags
    return key.startswith(change.prefix) if change.prefix is not None else True
