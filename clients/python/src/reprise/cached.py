"""Remembers what functions return."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from .async_client import AsyncClient
from .cache_manager import CacheManager
from .client import Client
from .durations import Duration

KEY_BYTES_MAX = 1024
"""Longer keys end in a digest."""

F = TypeVar("F", bound=Callable[..., Any])
Template = str | Callable[..., str]


def cached(
    client: Client | AsyncClient | CacheManager,
    *,
    ttl: Duration | None,
    key: Template | None = None,
    tags: Iterable[str] | Callable[..., Iterable[str]] = (),
    **options: Any,
) -> Callable[[F], F]:
    """Returns a decorator: the function is called once for its arguments, however many processes ask, until the TTL.

        @cached(client, ttl=60, key="user:{user_id}", tags=["users"])
        def load_user(user_id: int) -> dict: ...

    Functions go with `Client` or `CacheManager`, coroutine functions with `AsyncClient`. None is a value like others; a
    function that returns `NEGATIVE` returns None to its callers, remembered where `negative_ttl` is given.

    The decorated function has four more names: `key_for(…)` returns the key of arguments, `invalidate(…)` forgets what
    was returned for them, `invalidate_all()` what was returned for all (only without `key`), `__wrapped__` is the
    function.

    Args:
        client: Where it is kept.
        ttl: Seconds or a timedelta.
        key: A template with the names of arguments, or a function of the arguments. None: the function's name and its
            arguments as JSON; `TypeError` where one of them is not JSON, as `self` of a method: give a key then.
        tags: Tags, with the names of arguments as in a template, or a function of the arguments.
        options: All else that `get_or_compute` takes.
    """
    used = client.client if isinstance(client, CacheManager) else client

    def decorate(function: F) -> F:
        plan = _Plan(function, key, tags)
        is_async = isinstance(used, AsyncClient)
        if is_async != inspect.iscoroutinefunction(function):
            raise TypeError("Coroutine functions go with AsyncClient, others with Client.")
        wrapped: Any = (
            _wrap_async(cast(AsyncClient, used), plan, ttl, options)
            if is_async
            else _wrap_sync(cast(Client, used), plan, ttl, options)
        )
        wrapped.key_for = plan.key_for
        wrapped.invalidate = lambda *args, **named: used.invalidate_keys([plan.key_for(*args, **named)])
        wrapped.invalidate_all = lambda: used.invalidate_prefix(plan.prefix)
        return cast(F, wrapped)

    return decorate


def _wrap_sync(client: Client, plan: _Plan, ttl: Duration | None, options: dict[str, Any]) -> Callable[..., Any]:
    @functools.wraps(plan.function)
    def call(*args: Any, **named: Any) -> Any:
        found = client.get_or_compute(
            plan.key_for(*args, **named),
            ttl,
            lambda: plan.function(*args, **named),
            tags=plan.tags_for(*args, **named),
            **options,
        )
        return found.value_or(None)

    return call


def _wrap_async(client: AsyncClient, plan: _Plan, ttl: Duration | None, options: dict[str, Any]) -> Callable[..., Any]:
    @functools.wraps(plan.function)
    async def call(*args: Any, **named: Any) -> Any:
        found = await client.get_or_compute(
            plan.key_for(*args, **named),
            ttl,
            lambda: plan.function(*args, **named),
            tags=plan.tags_for(*args, **named),
            **options,
        )
        return found.value_or(None)

    return call


class _Plan:
    """How the key and tags of a call are made."""

    def __init__(
        self, function: Callable[..., Any], key: Template | None, tags: Iterable[str] | Callable[..., Iterable[str]]
    ) -> None:
        if isinstance(tags, str):
            raise TypeError(f"tags are several texts: write [{tags!r}].")
        self.function = function
        self._key = key
        self._tags = tags if callable(tags) else tuple(tags)
        self._signature = inspect.signature(function)
        self._prefix = f"{function.__module__}.{function.__qualname__}:"

    @property
    def prefix(self) -> str:
        """What all keys begin with. `TypeError` where keys are made by a template."""
        if self._key is not None:
            raise TypeError("Keys of a template have no common prefix: use tags.")
        return self._prefix

    def key_for(self, *args: Any, **named: Any) -> str:
        """Returns the key of arguments; how they are written, by position or by name, makes no difference."""
        if callable(self._key):
            key = self._key(*args, **named)
        else:
            arguments = self._arguments(args, named)
            key = self._prefix + _text_of(arguments) if self._key is None else self._key.format(**arguments)
        return _shortened(key)

    def tags_for(self, *args: Any, **named: Any) -> tuple[str, ...]:
        """Returns the tags of a call."""
        if callable(self._tags):
            return tuple(self._tags(*args, **named))
        if not any("{" in tag for tag in self._tags):
            return self._tags
        arguments = self._arguments(args, named)
        return tuple(tag.format(**arguments) for tag in self._tags)

    def _arguments(self, args: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        bound = self._signature.bind(*args, **named)
        bound.apply_defaults()
        return dict(bound.arguments)


def _text_of(arguments: dict[str, Any]) -> str:
    try:
        return json.dumps(list(arguments.values()), separators=(",", ":"), sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError("An argument is not JSON: give cached() a key.") from error


def _shortened(key: str) -> str:
    data = key.encode()
    if len(data) <= KEY_BYTES_MAX:
        return key
    head = data[: KEY_BYTES_MAX - 64].decode(errors="ignore")
    return head + hashlib.sha256(data).hexdigest()
