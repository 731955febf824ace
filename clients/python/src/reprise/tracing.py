"""OpenTelemetry spans, where the application has an OpenTelemetry API. Without one nothing is traced or needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .wire import Method

try:
    from opentelemetry import trace as _otel
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
except ImportError:  # the extra `otel` is not installed
    _otel = None  # type: ignore[assignment]


class CallSpan:
    """The span of one call, its retries included, and the metadata that tells the server of it."""

    __slots__ = ("_span", "metadata")

    def __init__(self, span: Any, metadata: tuple[tuple[str, str], ...]) -> None:
        self._span = span
        self.metadata = metadata

    def end(self, outcome: str) -> None:
        """Ends it with `OK` or a gRPC code."""
        span = self._span
        if span is None:
            return
        span.set_attribute("outcome", outcome)
        if outcome != "OK":
            # No description: messages of errors are for the caller.
            span.set_status(_otel.Status(_otel.StatusCode.ERROR))
        span.end()


_UNTRACED = CallSpan(None, ())


class Tracing:
    """Begins a span for each call: `reprise.client/Get`, with `rpc.system`, `rpc.service`, `rpc.method` and `outcome`.

    Its parent is the caller's current span. What the near cache answers is no call.
    """

    def __init__(self) -> None:
        self._tracer: Any = None
        if _otel is not None:
            self._tracer = _otel.get_tracer("reprise")
            # The one that the server reads, whatever the application uses elsewhere; and no baggage, which is not meant
            # for a cache.
            self._propagator = TraceContextTextMapPropagator()

    def begin(self, method: Method[Any, Any]) -> CallSpan:
        """Begins the span of a call."""
        if self._tracer is None:
            return _UNTRACED
        service, _, name = method.path.lstrip("/").partition("/")
        span = self._tracer.start_span(
            f"reprise.client/{name}",
            kind=_otel.SpanKind.CLIENT,
            attributes={"rpc.system": "grpc", "rpc.service": service, "rpc.method": name},
        )
        # Without an SDK there is a parent to pass on at most.
        if not span.get_span_context().is_valid:
            return _UNTRACED
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier, _otel.set_span_in_context(span))
        return CallSpan(span, tuple(carrier.items()))
