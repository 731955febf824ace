"""The blocking client."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Any, TypeVar

from .changes import State
from .codecs import Codec
from .compute import Computing, wish_of
from .core import Core, all_of
from .durations import Duration
from .effects import Op
from .follow import follow
from .fork_gate import after_fork_in_child
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
from .subscription import LockedListener, Subscription
from .sync_flights import SyncBatcher, SyncFlights
from .sync_runtime import Ending, SyncRuntime
from .target import check_security, targets_of
from .wire import list_of

T = TypeVar("T")


class Client:
    """A client for programs that block: may be used by any number of threads, and after a fork.

    A process that is forked from one that uses a client begins anew with it: with a channel, a near cache and an origin
    of its own. Close it, or use it in a `with` statement.
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
            batch_window: Seconds that a get waits for company while others are on their way. A get alone never waits.
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
        self._begin()
        _clients.add(self)
        self._open_runtime()

    def _begin(self) -> None:
        """Makes everything that belongs to this process alone. Deliberate: no lock of a parent process is touched."""
        core = self._core
        self._lock = threading.Lock()
        self._runtime: SyncRuntime | None = None
        self._flights = SyncFlights()
        self._computing = Computing(core)
        self._near = core.near
        self._batcher = (
            SyncBatcher(
                core.batch_window,
                lambda key, options: self._run(core.get(key, options)),
                lambda keys, options: self._run(core.fetch_many(keys, options)),
            )
            if core.options.batching
            else None
        )

    def _open_runtime(self) -> SyncRuntime:
        runtime = self._runtime
        if runtime is not None:
            return runtime
        with self._lock:
            if self._runtime is None:
                self._runtime = SyncRuntime(self._targets, self._core)
                self._start_near_cache(self._runtime)
            return self._runtime

    def _start_near_cache(self, runtime: SyncRuntime) -> None:
        core, near = self._core, self._core.near
        if near is None:
            return
        namespace = core.options.namespace
        listener = NearListener(near)
        runtime.follow(lambda: follow(near_subscription(namespace, near), listener, core.chance), Ending(), "near")
        runtime.follow(lambda: prove(namespace, near, core), Ending(), "proof")

    def _after_fork(self) -> None:
        closed = self._runtime is not None and self._runtime.closing.is_set()
        self._core.renew()
        self._begin()
        if closed:
            self._open_closed()

    def _open_closed(self) -> None:
        self._runtime = SyncRuntime(self._targets, self._core)
        self._runtime.close()

    def _run(self, operation: Op[T]) -> T:
        return self._open_runtime().run(operation)

    def close(self) -> None:
        """Ends all calls, streams and subscriptions. Closing again does nothing."""
        self._open_runtime().close()
        self._core.metrics.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(
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
                # What may be shared costs neither options nor decoding.
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
            return self._run(self._core.get(key, options, if_revision_not))
        return self._batcher.get(key, options)

    def get_many(
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
        return dict(zip(ordered, all_of(self._run(self._core.get_many(ordered, options))), strict=True))

    def exists(
        self, key: str, *, latest: bool = False, at_least: Iterable[str] = (), deadline: Duration | None = None
    ) -> ExistsResult:
        """Tells whether a `get` that allows nothing stale would hit. Options as in `get`."""
        options = self._core.read_options(deadline=deadline, latest=latest, at_least=at_least)
        return self._run(self._core.exists(key, options))

    def set(
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
        return self._run(self._core.set(item, codec=codec, deadline=deadline, once=once))

    def set_negative(
        self, key: str, *, ttl: Duration | None = None, tags: Iterable[str] = (), deadline: Duration | None = None
    ) -> SetResult:
        """Remembers that the source has nothing under the key, for at most 60 s."""
        item = SetItem(key, NEGATIVE, ttl, tags=tuple(list_of(tags, "tags")))
        return self._run(self._core.set(item, deadline=deadline))

    def set_many(
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
        return all_of(self._run(self._core.set_many(many, ttl=ttl, codec=codec, deadline=deadline)))

    def delete(self, key: str, *, deadline: Duration | None = None) -> DeleteResult:
        """Removes one entry."""
        return self._run(self._core.delete(key, deadline=deadline))

    def delete_many(self, keys: Iterable[str], *, deadline: Duration | None = None) -> list[DeleteResult]:
        """Removes entries; one result for each key. Raises `BatchError` if single keys could not be removed."""
        return all_of(self._run(self._core.delete_many(keys, deadline=deadline)))

    def touch(
        self,
        key: str,
        *,
        ttl: Duration | None = None,
        stale_window: Duration | None = None,
        deadline: Duration | None = None,
    ) -> TouchResult:
        """Gives a fresh entry a new lifetime."""
        return self._run(self._core.touch(key, ttl, stale_window, deadline=deadline))

    def increment(
        self,
        key: str,
        delta: int = 1,
        *,
        initial: int = 0,
        ttl: Duration | None = None,
        deadline: Duration | None = None,
    ) -> IncrementResult:
        """Adds to a counter, an int64. `initial` is what an absent one counts from, `ttl` how long it then lives."""
        return self._run(self._core.increment(key, delta, initial, ttl, deadline=deadline))

    def invalidate_keys(
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
        return self._run(
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

    def invalidate_tags(
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
        return self._run(
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

    def invalidate_prefix(
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
        return self._run(
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

    def invalidate_all(
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
        return self._run(
            self._core.invalidate(
                mark_stale=mark_stale,
                dry_run=dry_run,
                affected_max=affected_max,
                wait=wait,
                deferred=deferred,
                deadline=deadline,
            )
        )

    def get_or_compute(
        self,
        key: str,
        ttl: Duration | None,
        function: Callable[[], Any],
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
            function: Computes the value, without arguments.
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
            self._run(self._computing.maybe_early(wish, near))
            return near
        return self._flights.join(
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
    ) -> Subscription:
        """Listens to what changes in the namespace; see `Subscription`. Without prefixes, tags and keys: to everything.

        Args:
            prefixes: Scope prefixes of keys, at most 100.
            tags: Tags that entries have, before or after the change, at most 100.
            keys: Keys, at most 1000.
            causes: Only these: `SET`, `TOUCH`, `DELETE`, `KEY`, `TAG`, `PREFIX`, `NAMESPACE`.
            resume_token: Go on after this token of an earlier subscription or of any result; empty: begin now.
            include_own: Tell this client's own changes too.
            progress_interval: Seconds after which the server says at the latest that nothing happened; None: 1.
            on_state: Called with each new state, in the thread of the stream.
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
        subscription = Subscription(resume_token, on_state)
        listener = LockedListener(subscription)
        self._open_runtime().follow(
            lambda: follow(request, listener, self._core.chance),
            subscription._ending,
            "subscription",
            ended=subscription.close,
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

    def server_checks(self, *, deadline: Duration | None = None) -> tuple[str, ...]:
        """Returns the names of what the server's Doctor looks at: they tell what kind of server it is."""
        return self._run(self._core.server_checks(deadline))


_clients: weakref.WeakSet[Client] = weakref.WeakSet()


def _renew_clients() -> None:
    for client in list(_clients):
        client._after_fork()


after_fork_in_child(_renew_clients)
