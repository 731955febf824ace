"""Compute once: of all callers that miss a key one computes, in this process and among all processes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .codecs import Codec
from .core import Core, lease_request
from .durations import Duration, from_wire, seconds_of
from .effects import Compute, Op, Sleep, Spawn
from .errors import CodecError, DeadlineExceeded, Overloaded, RepriseError, Unavailable
from .results import NEGATIVE, Condition, Lookup, SetItem
from .v1 import cache_service_pb2 as pb
from .v1 import entry_pb2 as entry
from .v1 import invalidation_service_pb2 as inv
from .wire import GET, GET_HEAD, RELEASE_LEASE

EARLY_SHARE = 0.1
"""The last share of the TTL in which one caller may compute early."""

_AWAY = (Unavailable, DeadlineExceeded, Overloaded)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller of `get_or_compute` wants."""

    key: str
    ttl: Duration | None
    function: Callable[[], Any]
    stale_window: Duration | None
    negative_ttl: Duration | None
    tags: tuple[str, ...]
    codec: str | Codec | None
    wait: float
    hold: Duration | None
    stale_if_error: bool
    deadline: float

    @property
    def serves_stale(self) -> bool:
        """True if a stale value is returned at once while a new one is computed."""
        return self.stale_window is not None and seconds_of(self.stale_window) > 0


class Computing:
    """The operations behind `get_or_compute` for one client."""

    def __init__(self, core: Core) -> None:
        self._core = core
        # Keys that are computed in the background: at most once at a time. Its methods are atomic.
        self._in_background: set[str] = set()

    def get_or_compute(self, wish: Wish) -> Op[Lookup]:
        """Returns what the cache has, or computes it."""
        core = self._core
        if core.options.pass_through:
            return _computed((yield Compute(wish.function)))
        end = core.clock() + wish.wait
        while True:
            try:
                found, lease, retry_after = yield from self._ask(wish, end)
            except _AWAY:
                # Nothing is kept: nothing would refuse a value that became old while it was computed.
                return (yield from self.compute_unkept(wish))
            if found.kind != "miss":
                return (yield from self._found(wish, found, lease))
            if lease is not None:
                return (yield from self._fill(wish, lease, None))
            if found.reason == "STORE_UNAVAILABLE":
                return (yield from self._compute_without_store(wish))
            if retry_after is None or core.clock() + retry_after >= end:
                return (yield from self._compute_unleased(wish, found.fence))
            # A little apart, so that callers who were told the same do not come back at the same moment.
            yield Sleep(retry_after * (1 + 0.2 * core.chance()))

    def compute_unkept(self, wish: Wish) -> Op[Lookup]:
        """Computes while the cache is away, or for a caller that has waited too long for one of this process."""
        return _computed((yield Compute(wish.function)))

    def _ask(self, wish: Wish, end: float) -> Op[tuple[Lookup, str | None, float | None]]:
        """Reads, with the wish for a lease. Returns the answer, the lease, and when to ask again."""
        core = self._core
        allow_stale = wish.serves_stale or wish.stale_if_error
        options = core.read_options(deadline=wish.deadline, allow_stale=allow_stale)
        flight = core.near.begin(wish.key) if core.near is not None else None
        patience = max(0.0, min(wish.deadline / 2, end - core.clock(), 30.0))
        request = pb.GetRequest(
            namespace=core.options.namespace,
            key=wish.key,
            allow_stale=allow_stale,
            with_tags=flight is not None,
            lease=lease_request(wish.hold, patience),
        )
        response, sent_at, as_asked = yield from core._read(GET, request, [wish.key], options, [flight])
        found = core.lookup_of(response, sent_at, options, flight if as_asked else None)
        said: entry.Hit | entry.Miss = response.miss if found.miss else response.hit
        retry_after = (
            from_wire(response.miss.retry_after) if found.miss and response.miss.HasField("retry_after") else None
        )
        return found, said.lease.id or None, retry_after

    def _found(self, wish: Wish, found: Lookup, lease: str | None) -> Op[Lookup]:
        if not found.stale:
            yield from self.maybe_early(wish, found)
            return found
        if lease is None:
            return found
        if not wish.serves_stale:
            # Stale is wanted only instead of an error: compute now.
            return (yield from self._fill(wish, lease, found))
        if wish.key in self._in_background or not (
            yield Spawn(lambda: self._in_back(wish, self._fill(wish, lease, None)))
        ):
            yield from self._release(wish, lease)
        return found

    def _fill(self, wish: Wish, lease: str, stale: Lookup | None) -> Op[Lookup]:
        """Computes and keeps under a lease. The lease is handed back where that fails."""
        try:
            value = yield Compute(wish.function)
            kept = value is not NEGATIVE or wish.negative_ttl is not None
            if kept:
                item = self._item(wish, value, Condition(lease_id=lease))
                yield from self._set_quietly(item, wish, retried=True)
        except GeneratorExit:
            raise  # nothing more can be asked for: the lease ends by itself
        except BaseException as error:
            yield from self._release(wish, lease)
            if stale is not None and wish.stale_if_error and isinstance(error, Exception):
                return stale
            raise
        if not kept:
            yield from self._release(wish, lease)
        return _computed(value)

    def _compute_unleased(self, wish: Wish, fence: str) -> Op[Lookup]:
        """Computes after waiting in vain. Kept only if nothing has changed since the miss."""
        value = yield Compute(wish.function)
        if fence and (value is not NEGATIVE or wish.negative_ttl is not None):
            yield from self._set_quietly(self._item(wish, value, Condition(fence=fence)), wish, retried=True)
        return _computed(value)

    def _compute_without_store(self, wish: Wish) -> Op[Lookup]:
        """Computes after a miss of a server whose store is away, which gave no fence.

        Set once, without a request id and a condition: only so may a node keep the value by itself for a while, where
        the namespace wants that. All others refuse it.
        """
        value = yield Compute(wish.function)
        if value is not NEGATIVE or wish.negative_ttl is not None:
            yield from self._set_quietly(self._item(wish, value, None), wish, retried=False)
        return _computed(value)

    def maybe_early(self, wish: Wish, found: Lookup) -> Op[None]:
        """Computes in the background where a fresh entry nears its end, and it is this caller's turn."""
        ttl = wish.negative_ttl if found.negative else wish.ttl
        if ttl is None or not found.revision or wish.key in self._in_background:
            return
        if refreshes_early(found.fresh_for, seconds_of(ttl), self._core.chance):
            yield Spawn(lambda: self._in_back(wish, self._refresh(wish)))

    def _refresh(self, wish: Wish) -> Op[Any]:
        """Computes early. A hit gives no fence, but any head of the namespace is one: whatever changes after it counts.

        The entry's revision would not do: an invalidation that marks it stale leaves it the same.
        """
        request = inv.GetHeadRequest(namespace=self._core.options.namespace)
        fence = (yield from self._core.call(GET_HEAD, request, wish.deadline)).head
        value = yield Compute(wish.function)
        if value is not NEGATIVE or wish.negative_ttl is not None:
            yield from self._set_quietly(self._item(wish, value, Condition(fence=fence)), wish, retried=True)

    def _in_back(self, wish: Wish, operation: Op[Any]) -> Op[Any]:
        if wish.key in self._in_background:
            operation.close()
            return
        self._in_background.add(wish.key)
        try:
            yield from operation
        finally:
            self._in_background.discard(wish.key)

    def _set_quietly(self, item: SetItem[Any], wish: Wish, *, retried: bool) -> Op[None]:
        """Writes a computed value.

        Whatever becomes of that, the value goes to its caller; but codec errors are told.
        """
        try:
            yield from self._core.set(item, codec=wish.codec, deadline=wish.deadline, once=retried, retried=retried)
        except CodecError:
            raise
        except RepriseError:
            return

    def _release(self, wish: Wish, lease: str) -> Op[None]:
        request = pb.ReleaseLeaseRequest(namespace=self._core.options.namespace, key=wish.key, lease_id=lease)
        try:
            yield from self._core.call(RELEASE_LEASE, request, wish.deadline)
        except RepriseError:
            return  # it ends by itself

    def _item(self, wish: Wish, value: Any, condition: Condition | None) -> SetItem[Any]:
        if value is NEGATIVE:
            return SetItem(wish.key, NEGATIVE, ttl=wish.negative_ttl, tags=wish.tags, condition=condition)
        return SetItem(wish.key, value, wish.ttl, wish.stale_window, wish.tags, condition)


def refreshes_early(fresh_for: float, ttl: float, chance: Callable[[], float]) -> bool:
    """Tells whether this caller computes before the entry is stale.

    Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015, § 3: the nearer
    the end, the likelier, exponentially. In place of the measured duration of the computation stands a third of the
    last tenth of the TTL: 5 % where that begins, certain at the end.
    """
    window = ttl * EARLY_SHARE
    if fresh_for >= window or window <= 0:
        return False
    return -(window / 3) * math.log(1.0 - chance()) >= fresh_for


def _computed(value: Any) -> Lookup:
    return Lookup("negative") if value is NEGATIVE else Lookup("hit", value=value)


def wish_of(
    core: Core,
    key: str,
    ttl: Duration | None,
    function: Callable[[], Any],
    *,
    stale_window: Duration | None,
    negative_ttl: Duration | None,
    tags: Iterable[str],
    codec: str | Codec | None,
    wait: Duration,
    hold: Duration | None,
    stale_if_error: bool,
    deadline: Duration | None,
) -> Wish:
    """Returns a wish from the arguments of `get_or_compute`."""
    if isinstance(tags, str):
        raise TypeError(f"tags are several texts: write [{tags!r}].")
    return Wish(
        key=key,
        ttl=ttl,
        function=function,
        stale_window=stale_window,
        negative_ttl=negative_ttl,
        tags=tuple(tags),
        codec=codec,
        wait=seconds_of(wait),
        hold=hold,
        stale_if_error=stale_if_error,
        deadline=core.deadline_of(deadline),
    )
