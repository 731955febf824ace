"""The client for asyncio."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar

from .async_flights import AsyncBatcher, AsyncFlights
from .async_runtime import AsyncRuntime
from .async_subscription import AsyncSubscription
from .changes import State
from .codecs import Codec
from .compute import Computing, wish_of
from .core import Core, all_of
from .durations import Duration
from .effects import Op
from .follow import follow
from .items import items_of
from .listening import subscribe_request
from .near_listener import NearListener, near_subscription, prove
from .options import ClientOptions, Credential, NearCacheOptions, Tls
from .results import (
    NEGATIVE,
    Condition,
    DeleteResult,
    ExistsResult,
    IncrementResult,
    InvalidateResult,
    Lookup,
    NearCacheStats,
    SetItem,
    SetResult,
    TouchResult,
)
from .target import check_security, targets_of
from .wire import list_of

T = TypeVar("T")


class AsyncClient:
    """A client for asyncio, with the surface of `Client`: what blocks there is awaited here.

    It belongs to the event loop of its first call, and to one process: neither asyncio nor its channels survive a fork.
    Close it, or use it in an `async with` statement.
    """

    def __init__(
        self,
        target: str | Sequence[str],
        *,
        namespace: str = "default",
        tls: Tls | None = None,
        insecure: bool = False,
        credential: Credential | None = None,
        deadline: Duration = 2.0,
        codec: str | Codec = "json",
        unknown_as_bytes: bool = False,
        batching: bool = True,
        batch_window: Duration = 0.0005,
        max_lag: Duration = 1.0,
        near_cache: NearCacheOptions | bool = False,
        pass_through: bool = False,
    ) -> None:
        """Opens a client. It connects with its first call.

        Args:
            target: `HOST:PORT`, or several: one is used, another when that one can't be reached.
            namespace: The namespace of all keys, tags and tokens.
            tls: How the server and the caller prove themselves. Needed for other machines, unless `insecure`.
            insecure: Allow a plain connection to another machine.
            credential: Bearer credential, or a function that is asked for it with each call.
            deadline: Seconds for a call, all tries included.
            codec: `json`, `raw`, `msgpack`, `numpy`, or one of your own: for what is written, and for what is read
                without a content type. All else is read by its content type.
            unknown_as_bytes: Return bytes where no codec knows the content type, in place of `CodecError`.
            batching: Make one call of concurrent gets with the same options.
            batch_window: Not used: here the gets of one turn of the event loop become one call.
            max_lag: Seconds: `--max-lag` of the server, if it is longer than 1 s.
            near_cache: Keep entries in this process, coherent by a stream; True: with the defaults.
            pass_through: Do without the cache: reads miss, computations run, changes do nothing and say so.
        """
        options = ClientOptions(
            namespace=namespace,
            tls=tls,
            insecure=insecure,
            credential=credential,
            deadline=deadline,
            codec=codec,
            unknown_as_bytes=unknown_as_bytes,
            batching=batching,
            batch_window=batch_window,
            max_lag=max_lag,
            near_cache=NearCacheOptions() if near_cache is True else near_cache or None,
            pass_through=pass_through,
        )
        self._targets = targets_of(target)
        check_security(self._targets, options)
        self._core = Core(options)
        self._runtime: AsyncRuntime | None = None
        self._process = os.getpid()
        self._flights = AsyncFlights()
        self._computing = Computing(self._core)
        self._near = self._core.near
        self._batcher = (
            AsyncBatcher(
                lambda key, read: self._run(self._core.get(key, read)),
                lambda keys, read: self._run(self._core.fetch_many(keys, read)),
            )
            if batching
            else None
        )

    def _open_runtime(self) -> AsyncRuntime:
        if self._runtime is None:
            if self._process != os.getpid():
                raise RuntimeError("An AsyncClient does not survive a fork: open another one in the new process.")
            self._runtime = AsyncRuntime(self._targets, self._core)
            self._start_near_cache(self._runtime)
        return self._runtime

    def _start_near_cache(self, runtime: AsyncRuntime) -> None:
        core, near = self._core, self._core.near
        if near is None:
            return
        namespace = core.options.namespace
        listener = NearListener(near)
        runtime.follow(lambda: follow(near_subscription(namespace, near), listener, core.chance), "near")
        runtime.follow(lambda: prove(namespace, near, core), "proof")

    async def _run(self, operation: Op[T]) -> T:
        return await self._open_runtime().run(operation)

    async def close(self) -> None:
        """Ends all calls, streams and subscriptions. Closing again does nothing."""
        await self._open_runtime().close()
        self._core.metrics.close()

    async def __aenter__(self) -> AsyncClient:
        self._open_runtime()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def get(
        self,
        key: str,
        *,
        allow_stale: bool = False,
        with_tags: bool = False,
        latest: bool = False,
        at_least: Iterable[str] = (),
        if_revision_not: str = "",
        unknown_as_bytes: bool | None = None,
        deadline: Duration | None = None,
    ) -> Lookup:
        """Reads one entry.

        Args:
            key: 1 to 1024 bytes of UTF-8 without control characters.
            allow_stale: Serve an entry past its TTL too, within its stale window, marked `stale`.
            with_tags: Return the entry's tags.
            latest: Read from the store itself, past every tier in front of it.
            at_least: Tokens of changes: serve nothing older, on whatever node. The client's own changes of the last
                seconds count without being named.
            if_revision_not: Answer without the value (`not_modified`) if the entry still has this revision.
            unknown_as_bytes: Return bytes where no codec knows the content type, in place of `CodecError`.
            deadline: Seconds for the call, all tries included; None: the client's.
        """
        near = self._near
        if near is not None and not (latest or at_least or if_revision_not):
            held = near.entry(key)
            if held is not None:
                if held.lookup is not None:
                    return held.lookup
                return self._core.near_hit(held, unknown_as_bytes)
        options = self._core.read_options(
            deadline=deadline,
            allow_stale=allow_stale,
            with_tags=with_tags,
            latest=latest,
            at_least=at_least,
            unknown_as_bytes=unknown_as_bytes,
        )
        if self._batcher is None or if_revision_not:
            return await self._run(self._core.get(key, options, if_revision_not))
        self._open_runtime()
        return await self._batcher.get(key, options)

    async def get_many(
        self,
        keys: Iterable[str],
        *,
        allow_stale: bool = False,
        with_tags: bool = False,
        latest: bool = False,
        at_least: Iterable[str] = (),
        unknown_as_bytes: bool | None = None,
        deadline: Duration | None = None,
    ) -> dict[str, Lookup]:
        """Reads entries in as few calls as possible; the answers by key, in the order of the keys. Options as in `get`.

        Raises `BatchError` if single keys could not be read; it has the others' answers.
        """
        options = self._core.read_options(
            deadline=deadline,
            allow_stale=allow_stale,
            with_tags=with_tags,
            latest=latest,
            at_least=at_least,
            unknown_as_bytes=unknown_as_bytes,
        )
        ordered = list_of(keys, "keys")
        return dict(zip(ordered, all_of(await self._run(self._core.get_many(ordered, options))), strict=True))

    async def exists(
        self, key: str, *, latest: bool = False, at_least: Iterable[str] = (), deadline: Duration | None = None
    ) -> ExistsResult:
        """Tells whether a `get` that allows nothing stale would hit. Options as in `get`."""
        options = self._core.read_options(deadline=deadline, latest=latest, at_least=at_least)
        return await self._run(self._core.exists(key, options))

    async def set(
        self,
        key: str,
        value: Any,
        *,
        ttl: Duration | None = None,
        stale_window: Duration | None = None,
        tags: Iterable[str] = (),
        condition: Condition | None = None,
        codec: str | Codec | None = None,
        once: bool = True,
        deadline: Duration | None = None,
    ) -> SetResult:
        """Writes one entry.

        Args:
            key: 1 to 1024 bytes of UTF-8 without control characters.
            value: What the codec takes; None is a value. `NEGATIVE` remembers that the source has nothing here.
            ttl: Seconds or a timedelta until it is stale; None: the namespace's default.
            stale_window: Seconds or a timedelta after the TTL in which it may be served stale.
            tags: Up to 16 tags that invalidations can name.
            condition: Write only if this holds: `ABSENT`, `PRESENT`, or a `Condition`. If not, that is a result.
            codec: Another codec than the client's.
            once: Send a request id, so that a retry is applied once. False: no retry; needed where the namespace's
                write fallback is to keep the value on one node while the store is away.
            deadline: Seconds for the call, all tries included; None: the client's.
        """
        item = SetItem(key, value, ttl, stale_window, tuple(list_of(tags, "tags")), condition)
        return await self._run(self._core.set(item, codec=codec, deadline=deadline, once=once))

    async def set_negative(
        self, key: str, *, ttl: Duration | None = None, tags: Iterable[str] = (), deadline: Duration | None = None
    ) -> SetResult:
        """Remembers that the source has nothing under the key, for at most 60 s."""
        item = SetItem(key, NEGATIVE, ttl, tags=tuple(list_of(tags, "tags")))
        return await self._run(self._core.set(item, deadline=deadline))

    async def set_many(
        self,
        items: Mapping[str, Any] | Iterable[SetItem[Any]],
        *,
        ttl: Duration | None = None,
        tags: Iterable[str] = (),
        codec: str | Codec | None = None,
        deadline: Duration | None = None,
    ) -> list[SetResult]:
        """Writes entries in as few calls as possible: a mapping of values, or `SetItem`s with lifetimes of their own.

        Returns one result for each, in their order. `ttl` counts where an item has none; `tags` are those of a
        mapping's entries. Raises `BatchError` if single items could not be written; it has the others' results.
        """
        many = items_of(items, tuple(list_of(tags, "tags")))
        return all_of(await self._run(self._core.set_many(many, ttl=ttl, codec=codec, deadline=deadline)))

    async def delete(self, key: str, *, deadline: Duration | None = None) -> DeleteResult:
        """Removes one entry."""
        return await self._run(self._core.delete(key, deadline=deadline))

    async def delete_many(self, keys: Iterable[str], *, deadline: Duration | None = None) -> list[DeleteResult]:
        """Removes entries; one result for each key. Raises `BatchError` if single keys could not be removed."""
        return all_of(await self._run(self._core.delete_many(keys, deadline=deadline)))

    async def touch(
        self,
        key: str,
        *,
        ttl: Duration | None = None,
        stale_window: Duration | None = None,
        deadline: Duration | None = None,
    ) -> TouchResult:
        """Gives a fresh entry a new lifetime."""
        return await self._run(self._core.touch(key, ttl, stale_window, deadline=deadline))

    async def increment(
        self,
        key: str,
        delta: int = 1,
        *,
        initial: int = 0,
        ttl: Duration | None = None,
        deadline: Duration | None = None,
    ) -> IncrementResult:
        """Adds to a counter, an int64. `initial` is what an absent one counts from, `ttl` how long it then lives."""
        return await self._run(self._core.increment(key, delta, initial, ttl, deadline=deadline))

    async def invalidate_keys(
        self,
        keys: Iterable[str],
        *,
        mark_stale: bool = False,
        dry_run: bool = False,
        affected_max: int | None = None,
        wait: str | None = None,
        deferred: bool = False,
        deadline: Duration | None = None,
    ) -> InvalidateResult:
        """Says that the source of these keys has changed. Afterwards no value computed before is visible.

        Args:
            keys: 1 to 1000 keys.
            mark_stale: Leave the entries to readers who allow stale ones, in place of removing them.
            dry_run: Only count what would be affected.
            affected_max: Do nothing if it would be more entries than this.
            wait: `ACCEPTED` (the default), `NODES` or `STREAMS`: how far it must have come before the answer.
            deferred: Let the node keep it and make it later if the store is away.
            deadline: Seconds for the call, all tries included; None: the client's.
        """
        return await self._run(
            self._core.invalidate(
                keys=keys,
                mark_stale=mark_stale,
                dry_run=dry_run,
                affected_max=affected_max,
                wait=wait,
                deferred=deferred,
                deadline=deadline,
            )
        )

    async def invalidate_tags(
        self,
        tags: Iterable[str],
        *,
        mark_stale: bool = False,
        dry_run: bool = False,
        affected_max: int | None = None,
        wait: str | None = None,
        deferred: bool = False,
        deadline: Duration | None = None,
    ) -> InvalidateResult:
        """Says that the source of all entries with any of these tags has changed. Options as in `invalidate_keys`."""
        return await self._run(
            self._core.invalidate(
                tags=tags,
                mark_stale=mark_stale,
                dry_run=dry_run,
                affected_max=affected_max,
                wait=wait,
                deferred=deferred,
                deadline=deadline,
            )
        )

    async def invalidate_prefix(
        self,
        prefix: str,
        *,
        mark_stale: bool = False,
        dry_run: bool = False,
        affected_max: int | None = None,
        wait: str | None = None,
        deferred: bool = False,
        deadline: Duration | None = None,
    ) -> InvalidateResult:
        """Says that the source of all keys that begin with a scope prefix has changed; it ends in `:` or `/`.

        Options as in `invalidate_keys`.
        """
        return await self._run(
            self._core.invalidate(
                prefix=prefix,
                mark_stale=mark_stale,
                dry_run=dry_run,
                affected_max=affected_max,
                wait=wait,
                deferred=deferred,
                deadline=deadline,
            )
        )

    async def invalidate_all(
        self,
        *,
        mark_stale: bool = False,
        dry_run: bool = False,
        affected_max: int | None = None,
        wait: str | None = None,
        deferred: bool = False,
        deadline: Duration | None = None,
    ) -> InvalidateResult:
        """Says that everything in the namespace has changed. Options as in `invalidate_keys`."""
        return await self._run(
            self._core.invalidate(
                mark_stale=mark_stale,
                dry_run=dry_run,
                affected_max=affected_max,
                wait=wait,
                deferred=deferred,
                deadline=deadline,
            )
        )

    async def get_or_compute(
        self,
        key: str,
        ttl: Duration | None,
        function: Callable[[], Any] | Callable[[], Awaitable[Any]],
        *,
        stale_window: Duration | None = None,
        negative_ttl: Duration | None = None,
        tags: Iterable[str] = (),
        codec: str | Codec | None = None,
        wait: Duration = 10.0,
        hold: Duration | None = None,
        stale_if_error: bool = False,
        deadline: Duration | None = None,
    ) -> Lookup:
        """Returns what the cache has, or computes it: once, however many callers ask, in whatever process.

        A hit, or a negative where the function returned `NEGATIVE`; never a miss. While the cache is away the function
        is called all the same. What it throws comes out as it is.

        Args:
            key: 1 to 1024 bytes of UTF-8 without control characters.
            ttl: Seconds or a timedelta until the value is stale. In its last tenth one caller computes early.
            function: Computes the value, without arguments; what it returns is awaited if it can be.
            stale_window: How long after the TTL a stale value is returned at once, while one caller computes anew.
            negative_ttl: How long it is remembered that the function returned `NEGATIVE`; None: not at all.
            tags: Up to 16 tags that invalidations can name.
            codec: Another codec than the client's.
            wait: Seconds to wait for somebody else's computation; then the value is computed here too.
            hold: How long the computation may take before somebody else is asked; None: 10 s.
            stale_if_error: Return a stale value if there is one and the function throws.
            deadline: Seconds for each call to the cache; None: the client's. The computation is not limited.
        """
        wish = wish_of(
            self._core,
            key,
            ttl,
            function,
            stale_window=stale_window,
            negative_ttl=negative_ttl,
            tags=tags,
            codec=codec,
            wait=wait,
            hold=hold,
            stale_if_error=stale_if_error,
            deadline=deadline,
        )
        near = self._core.near_lookup(key, self._core.read_options(deadline=deadline))
        if near is not None:
            await self._run(self._computing.maybe_early(wish, near))
            return near
        return await self._flights.join(
            key,
            lambda: self._run(self._computing.get_or_compute(wish)),
            patience=wish.wait,
            give_up=lambda: self._run(self._computing.compute_unkept(wish)),
        )

    def subscribe(
        self,
        *,
        prefixes: Iterable[str] = (),
        tags: Iterable[str] = (),
        keys: Iterable[str] = (),
        causes: Iterable[str] = (),
        resume_token: str = "",
        include_own: bool = False,
        progress_interval: Duration | None = None,
        on_state: Callable[[State], None] | None = None,
    ) -> AsyncSubscription:
        """Listens to what changes in the namespace; see `AsyncSubscription`.

        Without prefixes, tags and keys: to everything.

        Args:
            prefixes: Scope prefixes of keys, at most 100.
            tags: Tags that entries have, before or after the change, at most 100.
            keys: Keys, at most 1000.
            causes: Only these: `SET`, `TOUCH`, `DELETE`, `KEY`, `TAG`, `PREFIX`, `NAMESPACE`.
            resume_token: Go on after this token of an earlier subscription or of any result; empty: begin now.
            include_own: Tell this client's own changes too.
            progress_interval: Seconds after which the server says at the latest that nothing happened; None: 1.
            on_state: Called with each new state, in the event loop.
        """
        request = subscribe_request(
            self._core.options.namespace,
            prefixes=prefixes,
            tags=tags,
            keys=keys,
            causes=causes,
            resume_token=resume_token,
            include_own=include_own,
            progress_interval=progress_interval,
        )
        subscription = AsyncSubscription(resume_token, on_state)
        subscription._follow(
            self._open_runtime().follow(lambda: follow(request, subscription._inbox, self._core.chance), "subscription")
        )
        return subscription

    def near_cache_stats(self) -> NearCacheStats | None:
        """Returns what the near cache did; None without one."""
        return None if self._core.near is None else self._core.near.stats()

    @property
    def passes_through(self) -> bool:
        """True if the client does without the cache."""
        return self._core.options.pass_through

    @property
    def origin(self) -> str:
        """Names this client to the server, in 16 hex digits: subscriptions leave out its own changes."""
        return self._core.origin

    async def server_checks(self, *, deadline: Duration | None = None) -> tuple[str, ...]:
        """Returns the names of what the server's Doctor looks at: they tell what kind of server it is."""
        return await self._run(self._core.server_checks(deadline))
