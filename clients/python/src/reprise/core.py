"""What every call does, as operations for both clients: tokens, request ids, retries, the near cache."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .changes import Change
from .codecs import Codec, codec_named, codecs_for
from .durations import Duration, from_wire, seconds_of, to_wire
from .effects import Op, Sleep, Unary
from .enum_names import name_of
from .errors import BatchError, CodecError, RepriseError, error_of_status
from .metrics import Metrics
from .near_cache import Flight, NearCache, NearEntry
from .options import ClientOptions
from .own_writes import OwnWrites
from .results import (
    NEGATIVE,
    DeleteResult,
    ExistsResult,
    IncrementResult,
    InvalidateResult,
    Lookup,
    SetItem,
    SetResult,
    TouchResult,
)
from .retry import RetryBudget, wait_before_retry
from .tracing import Tracing
from .v1 import admin_service_pb2 as admin
from .v1 import cache_service_pb2 as pb
from .v1 import entry_pb2 as entry
from .v1 import invalidation_service_pb2 as inv
from .wire import (
    BATCH_DELETE,
    BATCH_GET,
    BATCH_SET,
    DELETE,
    DOCTOR,
    EXISTS,
    GET,
    INCREMENT,
    INVALIDATE,
    SET,
    TOUCH,
    Method,
    Request,
    Response,
    consistency,
    delete_result,
    entry_fields,
    exists_result,
    increment_result,
    invalidate_result,
    lifetime_fields,
    list_of,
    set_result,
    touch_result,
)

BATCH_ITEMS_MAX = 1000
"""Items of one call; larger batches become several calls."""
BATCH_BYTES_MAX = 8 * 1024 * 1024
"""Bytes of values in one BatchSet, far below the limit of a message."""

PASS_THROUGH = "PASS_THROUGH"
"""The reason of every result of a client that is off."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a read is made. Reads with equal options may share a batch."""

    deadline: float
    allow_stale: bool = False
    with_tags: bool = False
    latest: bool = False
    at_least: tuple[str, ...] = ()
    unknown_as_bytes: bool = False

    @property
    def plain(self) -> bool:
        """True if a near cache may answer: nothing fresher was demanded."""
        return not self.latest and not self.at_least


class Core:
    """The logic of one client. Thread-safe."""

    def __init__(
        self,
        options: ClientOptions,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.options = options
        self.clock = clock
        self.chance = chance
        self.codecs = codecs_for(options.codec)
        self.deadline = _positive(options.deadline, "deadline")
        self.batch_window = seconds_of(options.batch_window)
        self.renew()

    def renew(self) -> None:
        """Begins anew, as another process: another origin, nothing remembered, no lock of the old one."""
        self.origin = secrets.token_hex(8)
        self.budget = RetryBudget()
        self.own = OwnWrites(2 * seconds_of(self.options.max_lag), self.clock)
        near = self.options.near_cache
        self.near = NearCache(near, self.clock) if near is not None and not self.options.pass_through else None
        self.metrics = Metrics(self.near)
        self.tracing = Tracing()

    # Calls

    def call(
        self, method: Method[Request, Response], request: Request, deadline: float, *, retried: bool = True
    ) -> Op[Response]:
        """Makes a call: again where that may help, until its deadline."""
        began = self.clock()
        self.budget.earn()
        span = self.tracing.begin(method)
        # What neither returns nor fails was ended by its caller.
        outcome = "CANCELLED"
        try:
            response = yield from self._tried(method, request, began + deadline, span.metadata, retried=retried)
            outcome = "OK"
            return response
        except RepriseError as error:
            outcome = error.code.name
            raise
        finally:
            self.metrics.called(method.name, outcome, self.clock() - began)
            span.end(outcome)

    def _tried(
        self,
        method: Method[Request, Response],
        request: Request,
        end: float,
        metadata: tuple[tuple[str, str], ...],
        *,
        retried: bool,
    ) -> Op[Response]:
        tries = 0
        while True:
            try:
                response: Response = yield Unary(method, request, max(0.001, end - self.clock()), metadata)
                return response
            except RepriseError as error:
                tries += 1
                left = end - self.clock()
                wait = wait_before_retry(error, tries, left, self.budget, self.chance) if retried else None
                if wait is None:
                    raise
            yield Sleep(wait)

    def read_options(
        self,
        *,
        deadline: Duration | None,
        allow_stale: bool = False,
        with_tags: bool = False,
        latest: bool = False,
        at_least: Iterable[str] = (),
        unknown_as_bytes: bool | None = None,
    ) -> ReadOptions:
        """Returns the options of a read, with the client's where the call says nothing."""
        return ReadOptions(
            deadline=self.deadline_of(deadline),
            allow_stale=allow_stale,
            with_tags=with_tags,
            latest=latest,
            at_least=tuple(list_of(at_least, "at_least")),
            unknown_as_bytes=self.options.unknown_as_bytes if unknown_as_bytes is None else unknown_as_bytes,
        )

    def deadline_of(self, deadline: Duration | None) -> float:
        """Returns the seconds that a call may take."""
        return self.deadline if deadline is None else _positive(deadline, "deadline")

    # Reads

    def near_lookup(self, key: str, options: ReadOptions) -> Lookup | None:
        """Returns what the near cache has for a read."""
        if self.near is None or not options.plain:
            return None
        held = self.near.entry(key)
        if held is None:
            return None
        return held.lookup if held.lookup is not None else self.near_hit(held, options.unknown_as_bytes)

    def get(self, key: str, options: ReadOptions, if_revision_not: str = "") -> Op[Lookup]:
        """Reads one entry from the server."""
        if self.options.pass_through:
            return Lookup("miss", reason=PASS_THROUGH)
        flight = self._flight(key, options) if not if_revision_not else None
        request = pb.GetRequest(
            namespace=self.options.namespace,
            key=key,
            allow_stale=options.allow_stale,
            with_tags=options.with_tags or flight is not None,
            if_revision_not=if_revision_not,
        )
        response, sent_at, as_asked = yield from self._read(GET, request, [key], options, [flight])
        return self.lookup_of(response, sent_at, options, flight if as_asked else None)

    def get_many(self, keys: Iterable[str], options: ReadOptions) -> Op[list[Lookup | RepriseError]]:
        """Reads entries from the near cache and the server, in the order of the keys."""
        ordered = list_of(keys, "keys")
        found: dict[str, Lookup | RepriseError] = {}
        wanted: list[str] = []
        for key in dict.fromkeys(ordered):
            near = None if self.options.pass_through else self.near_lookup(key, options)
            if near is None:
                wanted.append(key)
            else:
                found[key] = near
        found.update((yield from self.fetch_many(wanted, options)))
        return [found[key] for key in ordered]

    def fetch_many(self, keys: Sequence[str], options: ReadOptions) -> Op[dict[str, Lookup | RepriseError]]:
        """Reads distinct keys from the server, in as many calls as it takes."""
        if self.options.pass_through:
            return {key: Lookup("miss", reason=PASS_THROUGH) for key in keys}
        found: dict[str, Lookup | RepriseError] = {}
        waiting = list(keys)
        while waiting:
            chunk, waiting = waiting[:BATCH_ITEMS_MAX], waiting[BATCH_ITEMS_MAX:]
            answers = yield from self._fetch(chunk, options)
            full = [key for key, answer in answers.items() if _is_full(answer)]
            # Asked again as long as the server gets further: it always answers the first.
            if len(full) < len(chunk):
                waiting = full + waiting
                for key in full:
                    del answers[key]
            found.update(answers)
        return found

    def _fetch(self, keys: list[str], options: ReadOptions) -> Op[dict[str, Lookup | RepriseError]]:
        flights = [self._flight(key, options) for key in keys]
        request = pb.BatchGetRequest(
            namespace=self.options.namespace,
            keys=keys,
            allow_stale=options.allow_stale,
            with_tags=options.with_tags or any(flights),
        )
        response, sent_at, as_asked = yield from self._read(BATCH_GET, request, keys, options, flights)
        found: dict[str, Lookup | RepriseError] = {}
        for result in response.results:
            flight = flights[result.index] if as_asked else None
            if result.WhichOneof("result") == "error":
                found[keys[result.index]] = error_of_status(result.error)
            else:
                try:
                    found[keys[result.index]] = self.lookup_of(result, sent_at, options, flight, response.token)
                except CodecError as error:
                    found[keys[result.index]] = error
        return found

    def _read(
        self,
        method: Method[Request, Response],
        request: Any,
        keys: Sequence[str],
        options: ReadOptions,
        flights: Sequence[Flight | None],
    ) -> Op[tuple[Response, float, bool]]:
        """Makes a read that is not older than this client's own changes, nor than what the stream has told.

        Returns the response, when it was sent, and whether all tokens were honoured. One that can't be is dropped, and
        the read repeated once without any.
        """
        tokens = self._tokens(keys, options, flights)
        wanted = consistency(tokens)
        if wanted is not None:
            request.consistency.CopyFrom(wanted)
        sent_at = self.clock()
        try:
            return (yield from self.call(method, request, options.deadline)), sent_at, True
        except RepriseError as error:
            if error.reason != "TOKEN_UNUSABLE":
                raise
        self.own.forget_all()
        request.ClearField("consistency")
        if options.latest:
            request.consistency.latest.SetInParent()
        sent_at = self.clock()
        return (yield from self.call(method, request, options.deadline)), sent_at, False

    def _tokens(self, keys: Sequence[str], options: ReadOptions, flights: Sequence[Flight | None]) -> list[str] | None:
        own = self.own.tokens_for(keys)
        if options.latest or own is None:
            return None
        # The oldest of the flights' tokens would do for all; they are mostly one.
        stream = [flight.token for flight in flights if flight is not None]
        tokens = list(dict.fromkeys((*options.at_least, *own, *stream)))
        return tokens if len(tokens) <= 16 else None

    def _flight(self, key: str, options: ReadOptions) -> Flight | None:
        return self.near.begin(key) if self.near is not None and options.plain else None

    def lookup_of(
        self,
        response: pb.GetResponse | pb.BatchGetResult,
        sent_at: float,
        options: ReadOptions,
        flight: Flight | None = None,
        batch_fence: str = "",
    ) -> Lookup:
        """Returns the answer of a read, and keeps it in the near cache where that is allowed."""
        kind = response.WhichOneof("result")
        # A kind of content that was added to the contract later can't be served.
        if kind == "hit" and response.hit.WhichOneof("content") is not None:
            return self._hit(response.hit, sent_at, options, flight)
        if kind == "not_modified" and isinstance(response, pb.GetResponse):
            same = response.not_modified
            return Lookup(
                "hit",
                revision=same.revision,
                fresh_until=sent_at + from_wire(same.fresh_for),
                stale=same.stale,
                not_modified=True,
            )
        reason = name_of(entry.MissReason, response.miss.reason, "MISS_REASON_")
        return Lookup("miss", reason=reason, fence=response.miss.fence or batch_fence)

    def _hit(self, hit: entry.Hit, sent_at: float, options: ReadOptions, flight: Flight | None) -> Lookup:
        negative = hit.WhichOneof("content") == "negative"
        data = hit.value
        value = (
            None if negative else self.codecs.decode(data, hit.content_type, unknown_as_bytes=options.unknown_as_bytes)
        )
        tags = tuple(hit.tags)
        fresh_until = sent_at + from_wire(hit.fresh_for)
        lookup = Lookup(
            "negative" if negative else "hit",
            value=value,
            revision=hit.revision,
            fresh_until=fresh_until,
            stale=hit.stale,
            unverified=hit.unverified,
            tags=tags,
            content_type=hit.content_type,
        )
        if flight is not None and self.near is not None:
            shared = negative or self.near.options.share_decoded or isinstance(value, bytes)
            kept = NearEntry(
                data,
                hit.content_type,
                hit.revision,
                tags,
                fresh_until,
                negative=negative,
                lookup=lookup if shared else None,
            )
            self.near.keep(flight, kept, stale=hit.stale, unverified=hit.unverified)
        return lookup

    def near_hit(self, held: NearEntry, unknown_as_bytes: bool | None) -> Lookup:
        """Returns the hit that the near cache's bytes stand for."""
        if unknown_as_bytes is None:
            unknown_as_bytes = self.options.unknown_as_bytes
        return Lookup(
            "hit",
            value=self.codecs.decode(held.data, held.content_type, unknown_as_bytes=unknown_as_bytes),
            revision=held.revision,
            fresh_until=held.fresh_until,
            tags=held.tags,
            content_type=held.content_type,
        )

    def exists(self, key: str, options: ReadOptions) -> Op[ExistsResult]:
        """Tells whether a read would hit."""
        if self.options.pass_through:
            return ExistsResult(False)
        request = pb.ExistsRequest(namespace=self.options.namespace, key=key)
        response, _, _ = yield from self._read(EXISTS, request, [key], options, [])
        return exists_result(response)

    def server_checks(self, deadline: Duration | None) -> Op[tuple[str, ...]]:
        """Returns the names of what the server's Doctor looks at."""
        response = yield from self.call(DOCTOR, admin.DoctorRequest(), self.deadline_of(deadline))
        return tuple(response.checks)

    # Changes

    def set(
        self,
        item: SetItem[Any],
        *,
        codec: str | Codec | None = None,
        deadline: Duration | None = None,
        once: bool = True,
        retried: bool = True,
    ) -> Op[SetResult]:
        """Writes one entry.

        Without `once` there is no request id: no retry, and a namespace's write fallback counts.
        """
        content = self.encoded(item.value, codec)
        request = pb.SetRequest(
            namespace=self.options.namespace,
            request_id=_request_id() if once else "",
            **entry_fields(item.key, content, item.ttl, item.stale_window, item.tags, item.condition),
        )
        if self.options.pass_through:
            return SetResult(False, reason=PASS_THROUGH)
        limit = self.deadline_of(deadline)
        response = yield from self._change([item.key], self.call(SET, request, limit, retried=once and retried))
        result = set_result(response)
        self.own.wrote([item.key], result.token)
        return result

    def delete(self, key: str, *, deadline: Duration | None = None) -> Op[DeleteResult]:
        """Removes one entry."""
        if self.options.pass_through:
            return DeleteResult(False, reason=PASS_THROUGH)
        request = pb.DeleteRequest(namespace=self.options.namespace, key=key, request_id=_request_id())
        result = delete_result((yield from self._change([key], self.call(DELETE, request, self.deadline_of(deadline)))))
        self.own.wrote([key], result.token)
        return result

    def touch(
        self,
        key: str,
        ttl: Duration | None,
        stale_window: Duration | None,
        *,
        deadline: Duration | None = None,
    ) -> Op[TouchResult]:
        """Gives a fresh entry a new lifetime."""
        if self.options.pass_through:
            return TouchResult(False, reason=PASS_THROUGH)
        request = pb.TouchRequest(
            namespace=self.options.namespace,
            key=key,
            request_id=_request_id(),
            **lifetime_fields(ttl, stale_window),
        )
        result = touch_result((yield from self._change([key], self.call(TOUCH, request, self.deadline_of(deadline)))))
        self.own.wrote([key], result.token)
        return result

    def increment(
        self, key: str, delta: int, initial: int, ttl: Duration | None, *, deadline: Duration | None = None
    ) -> Op[IncrementResult]:
        """Adds to a counter."""
        if self.options.pass_through:
            return IncrementResult(False, reason=PASS_THROUGH)
        request = pb.IncrementRequest(
            namespace=self.options.namespace,
            key=key,
            delta=delta,
            initial=initial,
            request_id=_request_id(),
            **lifetime_fields(ttl, None),
        )
        result = increment_result(
            (yield from self._change([key], self.call(INCREMENT, request, self.deadline_of(deadline))))
        )
        self.own.wrote([key], result.token)
        return result

    def set_many(
        self,
        items: Iterable[SetItem[Any]],
        *,
        ttl: Duration | None = None,
        codec: str | Codec | None = None,
        deadline: Duration | None = None,
    ) -> Op[list[SetResult | RepriseError]]:
        """Writes entries in as many calls as it takes."""
        prepared: list[pb.BatchSetItem | CodecError] = []
        for item in items:
            try:
                content = self.encoded(item.value, codec)
                lifetime = item.ttl if item.ttl is not None else ttl
                fields = entry_fields(item.key, content, lifetime, item.stale_window, item.tags, item.condition)
                prepared.append(pb.BatchSetItem(**fields))
            except CodecError as error:
                prepared.append(error)
        if self.options.pass_through:
            return [SetResult(False, reason=PASS_THROUGH) for _ in prepared]
        results: list[SetResult | RepriseError] = []
        sendable = [item for item in prepared if not isinstance(item, CodecError)]
        for chunk in _chunks(sendable):
            results.extend((yield from self._set_chunk(chunk, self.deadline_of(deadline))))
        answers = iter(results)
        return [item if isinstance(item, CodecError) else next(answers) for item in prepared]

    def _set_chunk(self, items: list[pb.BatchSetItem], deadline: float) -> Op[list[SetResult | RepriseError]]:
        request = pb.BatchSetRequest(namespace=self.options.namespace, items=items, request_id=_request_id())
        keys = [item.key for item in items]
        response = yield from self._change(keys, self.call(BATCH_SET, request, deadline))
        self.own.wrote(keys, response.token)
        return [
            error_of_status(result.error)
            if result.WhichOneof("result") == "error"
            else set_result(result, response.token)
            for result in sorted(response.results, key=lambda result: result.index)
        ]

    def delete_many(
        self, keys: Iterable[str], *, deadline: Duration | None = None
    ) -> Op[list[DeleteResult | RepriseError]]:
        """Removes entries in as many calls as it takes."""
        wanted = list_of(keys, "keys")
        if self.options.pass_through:
            return [DeleteResult(False, reason=PASS_THROUGH) for _ in wanted]
        results: list[DeleteResult | RepriseError] = []
        for begin in range(0, len(wanted), BATCH_ITEMS_MAX):
            chunk = wanted[begin : begin + BATCH_ITEMS_MAX]
            request = pb.BatchDeleteRequest(namespace=self.options.namespace, keys=chunk, request_id=_request_id())
            response = yield from self._change(chunk, self.call(BATCH_DELETE, request, self.deadline_of(deadline)))
            self.own.wrote(chunk, response.token)
            results.extend(
                error_of_status(result.error)
                if result.WhichOneof("result") == "error"
                else DeleteResult(result.existed, token=response.token)
                for result in sorted(response.results, key=lambda result: result.index)
            )
        return results

    def invalidate(
        self,
        *,
        keys: Iterable[str] | None = None,
        tags: Iterable[str] | None = None,
        prefix: str | None = None,
        mark_stale: bool = False,
        dry_run: bool = False,
        affected_max: int | None = None,
        wait: str | None = None,
        deferred: bool = False,
        deadline: Duration | None = None,
    ) -> Op[InvalidateResult]:
        """Invalidates keys, tags, a prefix, or where none of them is given the whole namespace."""
        request = inv.InvalidateRequest(
            namespace=self.options.namespace,
            mode=inv.INVALIDATION_MODE_MARK_STALE if mark_stale else inv.INVALIDATION_MODE_REMOVE,
            dry_run=dry_run,
            deferred=deferred,
            wait=_wait_for(wait),
            request_id=_request_id(),
        )
        if affected_max is not None:
            request.affected_max = affected_max
        covered = _select(request, keys, tags, prefix)
        if self.options.pass_through:
            return InvalidateResult(False, refused=PASS_THROUGH)
        call = self.call(INVALIDATE, request, self.deadline_of(deadline))
        response = yield from (call if dry_run else self._invalidation(covered, call))
        result = invalidate_result(response)
        if keys is not None:
            self.own.wrote(request.keys.keys, result.token)
        else:
            self.own.invalidated(_concerns(prefix if tags is None else None), result.token)
        return result

    def _change(self, keys: Sequence[str], call: Op[Response]) -> Op[Response]:
        """Makes a change; the near cache drops the keys when it is sent, and again when it was answered or failed."""
        if self.near is None:
            return (yield from call)
        self.near.own_write(keys)
        try:
            return (yield from call)
        finally:
            self.near.own_write(keys)

    def _invalidation(self, covered: list[Change], call: Op[Response]) -> Op[Response]:
        if self.near is None:
            return (yield from call)
        for change in covered:
            self.near.own_invalidation(change)
        try:
            return (yield from call)
        finally:
            for change in covered:
                self.near.own_invalidation(change)

    def encoded(self, value: Any, codec: str | Codec | None) -> tuple[bytes, str] | None:
        """Returns the bytes and content type of a value, or None for `NEGATIVE`."""
        if value is NEGATIVE:
            return None
        chosen = self.codecs.default if codec is None else codec_named(codec)
        return chosen.encode(value), chosen.content_type


def all_of(results: list[Result | RepriseError]) -> list[Result]:
    """Returns the results of a batch. Raises `BatchError` where an item failed."""
    good = [result for result in results if not isinstance(result, RepriseError)]
    if len(good) < len(results):
        raise BatchError(results)
    return good


def _select(
    request: inv.InvalidateRequest, keys: Iterable[str] | None, tags: Iterable[str] | None, prefix: str | None
) -> list[Change]:
    """Sets the selector, and returns what it covers as changes."""
    if keys is not None:
        named = list_of(keys, "keys")
        request.keys.SetInParent()
        request.keys.keys.extend(named)
        return [Change(key=key) for key in named]
    if tags is not None:
        names = list_of(tags, "tags")
        request.tags.SetInParent()
        request.tags.tags.extend(names)
        return [Change(tag=tag) for tag in names]
    if prefix is not None:
        request.prefix = prefix
        return [Change(prefix=prefix)]
    request.whole_namespace.SetInParent()
    return [Change(whole_namespace=True)]


def _concerns(prefix: str | None) -> Callable[[str], bool]:
    """Tells which keys a wide invalidation may concern: any may carry a tag."""
    return (lambda key: True) if prefix is None else (lambda key: key.startswith(prefix))


def _wait_for(wait: str | None) -> inv.WaitFor.ValueType:
    if wait is None:
        return inv.WAIT_FOR_UNSPECIFIED
    goals = {"ACCEPTED": inv.WAIT_FOR_ACCEPTED, "NODES": inv.WAIT_FOR_NODES, "STREAMS": inv.WAIT_FOR_STREAMS}
    if wait.upper() not in goals:
        raise ValueError(f"wait is one of {', '.join(goals)}, not {wait!r}.")
    return goals[wait.upper()]


def _chunks(items: list[pb.BatchSetItem]) -> Iterable[list[pb.BatchSetItem]]:
    chunk: list[pb.BatchSetItem] = []
    size = 0
    for item in items:
        weight = item.ByteSize()
        if chunk and (len(chunk) == BATCH_ITEMS_MAX or size + weight > BATCH_BYTES_MAX):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += weight
    if chunk:
        yield chunk


def _is_full(answer: Lookup | RepriseError) -> bool:
    return isinstance(answer, RepriseError) and answer.reason == "RESPONSE_FULL"


def _request_id() -> str:
    return secrets.token_hex(16)


def _positive(duration: Duration, name: str) -> float:
    seconds = seconds_of(duration)
    if seconds <= 0:
        raise ValueError(f"{name} must be positive.")
    return seconds


def lease_request(hold: Duration | None, wait: float) -> entry.LeaseRequest:
    """Returns the wish for the right to fill a key."""
    request = entry.LeaseRequest(wait=to_wire(wait))
    if hold is not None:
        request.hold.CopyFrom(to_wire(hold))
    return request
