"""What the client's logic asks of the outside.

Logic is written once, as generators that yield effects and are sent their outcomes; errors are thrown into them.
`Client` performs effects by blocking, `AsyncClient` by awaiting. So a rule can't differ between the two, and it can be
tested without either.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from .wire import Method

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unary:
    """Make one call, once. The outcome is the response; a `RepriseError` is thrown where it failed."""

    method: Method[Any, Any]
    request: Any
    timeout: float
    """Seconds."""
    metadata: tuple[tuple[str, str], ...] = ()
    """Sent beside what every call carries."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Compute:
    """Call a function of the user (and await what it returns, in `AsyncClient`). Its outcome is the result."""

    function: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Spawn:
    """Perform another operation in the background. The outcome is False where there is too much of that already."""

    operation: Callable[[], Op[Any]]


@dataclass(frozen=True, slots=True)
class Open:
    """Open a stream. The outcome is a handle."""

    method: Method[Any, Any]
    request: Any


@dataclass(frozen=True, slots=True)
class Next:
    """Take the next message of a stream. The outcome is the message, or None where the stream ended well.

    A `RepriseError` is thrown where it failed, and `Silent` where nothing came in time.
    """

    handle: Any
    timeout: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a stream."""

    handle: Any


class Silent(Exception):
    """Nothing came in time."""


Effect: TypeAlias = "Unary | Sleep | Compute | Spawn | Open | Next | HangUp"
Op: TypeAlias = Generator[Effect, Any, T]
