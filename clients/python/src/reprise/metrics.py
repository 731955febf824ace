"""OpenTelemetry metrics, where the application has an OpenTelemetry API. Without one nothing is measured or needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .near_cache import NearCache

try:
    from opentelemetry import metrics as _otel
except ImportError:  # the extra `otel` is not installed
    _otel = None  # type: ignore[assignment]


class Metrics:
    """What one client measures.

    - `reprise.client.calls`: calls, with `method` and `outcome` (`OK` or a gRPC code).
    - `reprise.client.call.duration`: seconds from the beginning of a call to its end, retries included.
    - `reprise.client.near_cache.hits`, `.misses`, `.evictions`, `.drops`, `.resets`, `.refused_inserts`, `.entries`,
      `.bytes`: what the near cache tells in its statistics.
    """

    def __init__(self, near: NearCache | None) -> None:
        self._calls: Any = None
        self._duration: Any = None
        if _otel is None:
            return
        meter = _otel.get_meter("reprise")
        self._calls = meter.create_counter("reprise.client.calls", description="Calls by method and outcome")
        self._duration = meter.create_histogram(
            "reprise.client.call.duration", unit="s", description="Duration of calls, retries included"
        )
        if near is not None:
            _observe(meter, near)

    def called(self, method: str, outcome: str, seconds: float) -> None:
        """Notes a call that has ended."""
        if self._calls is not None:
            attributes = {"method": method, "outcome": outcome}
            self._calls.add(1, attributes)
            self._duration.record(seconds, attributes)


def _observe(meter: Any, near: NearCache) -> None:
    import weakref

    # A closed client must not live on because it is observed.
    held = weakref.ref(near)

    def figure(name: str) -> Any:
        def observe(_options: Any) -> Iterable[Any]:
            cache = held()
            if cache is None:
                return []
            told = getattr(cache.stats(), name)
            return [_otel.Observation(sum(told.values()) if isinstance(told, dict) else told)]

        return observe

    for name in ("hits", "misses", "evictions", "drops", "resets", "refused_inserts"):
        meter.create_observable_counter(f"reprise.client.near_cache.{name}", callbacks=[figure(name)])
    for name in ("entries", "bytes"):
        meter.create_observable_gauge(f"reprise.client.near_cache.{name}", callbacks=[figure(name)])
