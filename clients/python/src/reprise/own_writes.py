"""Read your writes: the tokens of a client's own changes, for as long as any node may serve what is older."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

KEYS_MAX = 1024
"""Keys whose tokens are kept; beyond it reads ask for `latest`."""
INVALIDATIONS_MAX = 8
"""Wide invalidations whose tokens are kept; beyond it reads ask for `latest`."""
TOKENS_PER_READ_MAX = 16
"""Tokens that one read may carry."""


class OwnWrites:
    """Tells which tokens a read must carry so that it is not older than this client's own changes. Thread-safe."""

    def __init__(self, hold: float, clock: Callable[[], float]) -> None:
        self._hold = hold
        self._clock = clock
        self._lock = threading.Lock()
        # In the order of their ends, since every token is held equally long.
        self._keys: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._wide: list[tuple[Callable[[str], bool], str, float]] = []
        self._latest_until = float("-inf")

    def wrote(self, keys: Iterable[str], token: str) -> None:
        """Notes that changes of these keys were acknowledged with a token."""
        if token == "":
            return
        with self._lock:
            end = self._clock() + self._hold
            self._forget(self._clock())
            for key in keys:
                self._keys[key] = (token, end)
                self._keys.move_to_end(key)
                if len(self._keys) > KEYS_MAX:
                    self._keys.popitem(last=False)
                    self._latest_until = end

    def invalidated(self, covers: Callable[[str], bool], token: str) -> None:
        """Notes that a wide invalidation was acknowledged; `covers` tells which keys it may concern."""
        if token == "":
            return
        with self._lock:
            end = self._clock() + self._hold
            self._forget(self._clock())
            self._wide.append((covers, token, end))
            if len(self._wide) > INVALIDATIONS_MAX:
                self._wide.pop(0)
                self._latest_until = end

    def tokens_for(self, keys: Iterable[str]) -> list[str] | None:
        """Returns the tokens that a read of these keys must carry, or None if it must ask for `latest`."""
        # Read without the lock: empty stays empty for whoever has not written, and own writes are noted before answers.
        if not self._keys and not self._wide and self._latest_until == float("-inf"):
            return []
        with self._lock:
            now = self._clock()
            self._forget(now)
            if now < self._latest_until:
                return None
            tokens: dict[str, None] = {}
            for key in keys:
                if key in self._keys:
                    tokens[self._keys[key][0]] = None
                for covers, token, _ in self._wide:
                    if covers(key):
                        tokens[token] = None
            return list(tokens) if len(tokens) <= TOKENS_PER_READ_MAX else None

    def forget_all(self) -> None:
        """Drops all tokens: one of them can't be honoured any more."""
        with self._lock:
            self._keys.clear()
            self._wide.clear()
            self._latest_until = float("-inf")

    def _forget(self, now: float) -> None:
        while self._keys:
            key, (_, end) = next(iter(self._keys.items()))
            if end > now:
                break
            del self._keys[key]
        self._wide = [item for item in self._wide if item[2] > now]
