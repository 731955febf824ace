package dev.reprise;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes a client span of each call, retries included, and tells the server of it in W3C Trace
 * Context. Reads that share a call share its span, which may be below that of any of them. Streams
 * have none. Needs {@code opentelemetry-api}, which the client itself does not bring.
 */
public final class OpenTelemetryTracer implements CallTracer {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("reprise.outcome");

  private final Tracer tracer;

  private OpenTelemetryTracer(Tracer tracer) {
    this.tracer = tracer;
  }

  /**
   * Returns a tracer of the application's own OpenTelemetry.
   *
   * @param openTelemetry the application's
   * @return the tracer
   */
  public static OpenTelemetryTracer of(OpenTelemetry openTelemetry) {
    return new OpenTelemetryTracer(openTelemetry.getTracer("dev.reprise"));
  }

  /**
   * Returns a tracer of what is registered as the global OpenTelemetry.
   *
   * @return the tracer
   */
  public static OpenTelemetryTracer global() {
    return of(GlobalOpenTelemetry.get());
  }

  @Override
  public Traced begun(String method) {
    Span span =
        tracer
            .spanBuilder("reprise " + method)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(SYSTEM, "grpc")
            .startSpan();
    Map<String, String> headers = new HashMap<>();
    W3CTraceContextPropagator.getInstance()
        .inject(
            Context.current().with(span), headers, (into, name, value) -> into.put(name, value));
    return new SpanOfCall(span, Map.copyOf(headers));
  }

  private record SpanOfCall(Span span, Map<String, String> headers) implements Traced {
    @Override
    public void ended(String outcome) {
      span.setAttribute(OUTCOME, outcome);
      if (!outcome.equals("OK")) span.setStatus(StatusCode.ERROR, outcome);
      span.end();
    }
  }
}
