"""OpenTelemetry metrics, where the application has an OpenTelemetry API. Without one nothing is measured or needed.

- `reprise.client.calls`: calls, with `method` and `outcome` (`OK` or a gRPC code; `CANCELLED` where the caller left).
- `reprise.client.call.duration`: seconds from the beginning of a call to its end, retries included.
- `reprise.client.near_cache.hits`, `.misses`, `.evictions`, `.drops`, `.resets`, `.refused_inserts`, `.entries`,
  `.bytes`: what the near caches of this process tell in their statistics, together.
"""

from __future__ import annotations

import functools
import threading
import weakref
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .near_cache import NearCache

try:
    from opentelemetry import metrics as _otel
except ImportError:  # the extra `otel` is not installed
    _otel = None  # type: ignore[assignment]

_COUNTED = ("hits", "misses", "evictions", "drops", "resets", "refused_inserts")
_HELD = ("entries", "bytes")


class _Instruments:
    """What a process measures with. Made once: an OpenTelemetry API keeps every instrument for good."""

    def __init__(self) -> None:
        meter = _otel.get_meter("reprise")
        self.calls = meter.create_counter("reprise.client.calls", description="Calls by method and outcome")
        self.duration = meter.create_histogram(
            "reprise.client.call.duration", unit="s", description="Duration of calls, retries included"
        )
        self._lock = threading.Lock()
        # A client that nobody has any more must not live on because it is observed.
        self._near: weakref.WeakSet[NearCache] = weakref.WeakSet()
        # What those of closed clients have counted: a counter never falls.
        self._closed: Counter[str] = Counter()
        for name in _COUNTED:
            meter.create_observable_counter(f"reprise.client.near_cache.{name}", callbacks=[self._observing(name)])
        for name in _HELD:
            meter.create_observable_gauge(f"reprise.client.near_cache.{name}", callbacks=[self._observing(name)])

    def opened(self, near: NearCache) -> None:
        with self._lock:
            self._near.add(near)

    def closed(self, near: NearCache) -> None:
        with self._lock:
            if near in self._near:
                self._near.discard(near)
                self._closed.update({name: _figure(near, name) for name in _COUNTED})

    def _observing(self, name: str) -> Any:
        def observe(_options: Any) -> Iterable[Any]:
            with self._lock:
                return [_otel.Observation(self._closed[name] + sum(_figure(near, name) for near in self._near))]

        return observe


def _figure(near: NearCache, name: str) -> int:
    told = getattr(near.stats(), name)
    figure: int = sum(told.values()) if isinstance(told, dict) else told
    return figure


@functools.cache
def _instruments() -> _Instruments:
    return _Instruments()


class Metrics:
    """What one client measures."""

    def __init__(self, near: NearCache | None) -> None:
        self._near = near
        self._instruments = _instruments() if _otel is not None else None
        if self._instruments is not None and near is not None:
            self._instruments.opened(near)

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """Notes a call that has ended."""
        if self._instruments is not None:
            attributes = {"method": method, "outcome": outcome}
            self._instruments.calls.add(1, attributes)
            self._instruments.duration.record(seconds, attributes)

    def close(self) -> None:
        """Ends the observation of the near cache. Closing again does nothing."""
        if self._instruments is not None and self._near is not None:
            self._instruments.closed(self._near)
