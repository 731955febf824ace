"""The smallest way in: values by key, and nothing else to know."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any

from .client import Client
from .durations import Duration
from .errors import DeadlineExceeded, Overloaded, RepriseError, Unavailable

DEFAULT_TARGET = "127.0.0.1:7171"
"""Where a server listens that was started without options."""

_BACKENDS = ("redis", "memory")
_log = logging.getLogger("reprise")


class BackendMismatch(ValueError):
    """The server keeps its entries elsewhere than the application believes."""


class CacheManager:
    """A cache as most programs want it.

        cache = CacheManager(backend="redis")
        cache.set("spotify:user:123", {"top_tracks": ["a", "b"]}, ttl=3600)
        data = cache.get("spotify:user:123")
        cache.invalidate("spotify:user:123")

    There is no `invalidate(pattern)`, and there will be none: a pattern such as `*:user:123:*` can only be found by
    looking at every key, which takes longer the more there is, and misses what is written meanwhile. What belongs
    together gets a tag when it is set, or a key with a common beginning: `invalidate(tags=["user:123"])` and
    `invalidate(prefix="spotify:")` take the same short time whatever they cover, and nothing escapes them.
    """

    def __init__(
        self,
        backend: str | None = None,
        *,
        target: str | None = None,
        client: Client | None = None,
        **options: Any,
    ) -> None:
        """Opens a cache.

        Args:
            backend: `redis` or `memory`: what the server must keep its entries in, checked against its own answer;
                `BackendMismatch` if it is something else. The server is asked again later if it can't be reached now.
                None: whatever it is. Redis itself is never talked to.
            target: `HOST:PORT`; None: the environment variable REPRISE_TARGET, else 127.0.0.1:7171.
            client: A client to use in place of one of its own; it is not closed with the cache.
            options: All else that `Client` takes.
        """
        if backend is not None and backend not in _BACKENDS:
            raise ValueError(f"backend is one of {', '.join(_BACKENDS)} or None, not {backend!r}.")
        if client is not None and (target is not None or options):
            raise ValueError("A client of your own has its target and options already.")
        self._owned = client is None
        self._client = client or Client(target or os.environ.get("REPRISE_TARGET") or DEFAULT_TARGET, **options)
        self._unchecked_backend = None if self._client.passes_through else backend
        try:
            self._check_backend()
        except BackendMismatch:
            self.close()
            raise

    @property
    def client(self) -> Client:
        """The client underneath, for everything that is not here."""
        return self._client

    def get(self, key: str, default: Any = None) -> Any:
        """Returns the value of a key, or the default if the cache or the source has nothing there."""
        self._check_backend()
        return self._client.get(key).value_or(default)

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        """Returns the values of those keys that have one, in one call."""
        self._check_backend()
        found = self._client.get_many(keys)
        return {key: lookup.value for key, lookup in found.items() if lookup.hit}

    def set(self, key: str, value: Any, ttl: Duration | None = None, *, tags: Iterable[str] = ()) -> bool:
        """Stores a value for `ttl` seconds (None: the namespace's default). Returns whether it was stored."""
        self._check_backend()
        return self._client.set(key, value, ttl=ttl, tags=tags).stored

    def set_many(self, values: Mapping[str, Any], ttl: Duration | None = None, *, tags: Iterable[str] = ()) -> bool:
        """Stores several values in as few calls as possible. Returns whether all were stored."""
        self._check_backend()
        return all(result.stored for result in self._client.set_many(values, ttl=ttl, tags=tags))

    def get_or_compute(self, key: str, ttl: Duration | None, function: Callable[[], Any], **options: Any) -> Any:
        """Returns the value of a key, or computes it: once, however many processes ask. See `Client.get_or_compute`.

        None if the function returned `NEGATIVE`.
        """
        self._check_backend()
        return self._client.get_or_compute(key, ttl, function, **options).value_or(None)

    def invalidate(
        self, key: str | None = None, *, prefix: str | None = None, tags: Iterable[str] | None = None
    ) -> bool:
        """Says that the source has changed: of a key, of a prefix, or of entries with any of the tags.

        Afterwards no value that was computed before is visible. A prefix ends in `:` or `/`..
        A key that ends in `*` is refused: there are no patterns, see `CacheManager`.
        """
        if sum(one is not None for one in (key, prefix, tags)) != 1:
            raise TypeError("Give one of key, prefix and tags.")
        self._check_backend()
        if prefix is not None:
            return self._client.invalidate_prefix(prefix).invalidated
        if tags is not None:
            return self._client.invalidate_tags(tags).invalidated
        assert key is not None
        if key.endswith("*"):
            raise ValueError("There are no patterns: use prefix=… or tags=….")
        return self._client.invalidate_keys([key]).invalidated

    def close(self) -> None:
        """Closes the client, if it is the cache's own."""
        if self._owned:
            self._client.close()

    def _check_backend(self) -> None:
        wanted = self._unchecked_backend
        if wanted is None:
            return
        try:
            checks = self._client.server_checks()
        except (Unavailable, DeadlineExceeded, Overloaded):
            return  # asked again with the next call
        except RepriseError as error:
            _log.warning("The server does not tell what it keeps its entries in: %s", error)
            self._unchecked_backend = None
            return
        # The Doctor of a server over Redis looks at Redis; that of a server alone has nothing to look at.
        actual = "redis" if "redis" in checks else "memory"
        if actual != wanted:
            raise BackendMismatch(f"The server keeps its entries in {actual}, not in {wanted}.")
        self._unchecked_backend = None

    def __enter__(self) -> CacheManager:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
