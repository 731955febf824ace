"""Names of enum values, as callers see them."""

from __future__ import annotations

from typing import Any, Protocol


class _Enum(Protocol):
    def Name(self, number: Any) -> str: ...


def name_of(enum: _Enum, number: int, prefix: str) -> str:
    """Returns the name of a value without its prefix; ``UNSPECIFIED`` for one that a newer server knows alone."""
    try:
        return enum.Name(number).removeprefix(prefix)
    except ValueError:
        return "UNSPECIFIED"
