"""Which entry was used least recently, without any work for a use but noting its time.

A heap holds each entry with the time of its use that was known when it was put there. Only who looks for a victim
compares: an entry that was used since goes back with its newer time. So the order is exact, and reads need no lock.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from typing import Protocol

REMOVED_SHARE_MAX = 0.5
"""Share of the heap that may be entries which are gone; beyond it they are cleared away."""
_REMOVED_MIN = 1000


class Used(Protocol):
    """An entry that notes when it was used."""

    used_at: float


class Recency:
    """Orders entries by their last use. Its caller sees to it that only one thread is here at a time."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str, Used]] = []
        # Among equal times the one that was put here first.
        self._serial = 0

    def __len__(self) -> int:
        return len(self._heap)

    def added(self, key: str, entry: Used, entries: Mapping[str, Used]) -> None:
        """Notes a new entry; `entries` are all that are there. Those that were replaced or removed need not be told."""
        self._push(key, entry)
        if len(self._heap) * (1 - REMOVED_SHARE_MAX) > len(entries) + _REMOVED_MIN:
            self._heap = [item for item in self._heap if entries.get(item[2]) is item[3]]
            heapq.heapify(self._heap)

    def least(self, entries: Mapping[str, Used]) -> str:
        """Returns the key of the entry that was used least recently; its caller removes it. `entries` is not empty."""
        while True:
            used_at, _, key, entry = heapq.heappop(self._heap)
            if entries.get(key) is not entry:
                continue
            if entry.used_at == used_at:
                return key
            self._push(key, entry)

    def clear(self) -> None:
        """Forgets all."""
        self._heap.clear()

    def _push(self, key: str, entry: Used) -> None:
        self._serial += 1
        heapq.heappush(self._heap, (entry.used_at, self._serial, key, entry))
