"""What `set_many` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .results import SetItem


def items_of(items: Mapping[str, Any] | Iterable[SetItem[Any]], tags: tuple[str, ...]) -> list[SetItem[Any]]:
    """Returns items as a list; those of a mapping get the tags. `TypeError` if one is no `SetItem`."""
    if isinstance(items, Mapping):
        return [SetItem(key, value, tags=tags) for key, value in items.items()]
    many = list(items)
    if not all(isinstance(item, SetItem) for item in many):
        raise TypeError("set_many takes a mapping of values, or SetItems.")
    if tags:
        raise TypeError("tags belong to the SetItems: give them there.")
    return many
