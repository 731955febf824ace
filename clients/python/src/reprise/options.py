"""What a client can be told when it is opened."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from .durations import Duration

Pem: TypeAlias = "str | os.PathLike[str] | bytes"
"""PEM as bytes, or the path of a file that holds it."""

Credential: TypeAlias = "str | Callable[[], str] | Callable[[], Awaitable[str]]"
"""A bearer credential, or a function that is asked for one with each call (a coroutine function for `AsyncClient`)."""


@dataclass(frozen=True)
class Tls:
    """How the server proves itself, and the caller to the server."""

    ca: Pem | None = None
    """Authorities to trust; None: those that gRPC brings."""
    cert: Pem | None = None
    """The caller's certificate, where the server asks for one. Needs `key`."""
    key: Pem | None = None
    """The private key of `cert`."""
    server_name: str | None = None
    """The name that the server's certificate must have; None: the host of the target."""


@dataclass(frozen=True)
class NearCacheOptions:
    """A cache inside the client's process, coherent with the server by a stream of changes."""

    max_lag: Duration = 1.0
    """An entry is served only while it is proven that no change older than this is missing. Seconds."""
    max_staleness: Duration = 0.0
    """How long entries are served after the stream broke. Seconds; 0: not at all."""
    entries_max: int = 10_000
    """Entries kept at most; the least recently used leaves first."""
    bytes_max: int = 64 * 1024 * 1024
    """Bytes kept at most: encoded values, keys, tags, and 128 for each entry."""
    prefixes: tuple[str, ...] = ()
    """Keep only keys that begin with one of these scope prefixes, and listen to those only. Empty: all keys."""
    share_decoded: bool = False
    """Keep decoded values and return the same object again and again: callers must not change it."""


@dataclass(frozen=True)
class ClientOptions:
    """Everything that a client can be told; the arguments of `Client` and `AsyncClient`."""

    namespace: str = "default"
    tls: Tls | None = None
    insecure: bool = False
    credential: Any = None
    deadline: Duration = 2.0
    codec: Any = "json"
    unknown_as_bytes: bool = False
    batching: bool = True
    batch_window: Duration = 0.0005
    max_lag: Duration = 1.0
    near_cache: NearCacheOptions | None = None
    pass_through: bool = False


def pem_bytes(pem: Pem | None) -> bytes | None:
    """Returns the bytes of a PEM, read from its file where a path was given."""
    return pem if pem is None or isinstance(pem, bytes) else Path(pem).read_bytes()
