package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.reprise.testing.v1.ListCallsRequest;
import dev.reprise.testing.v1.RecordedCall;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans of calls: what the SDK exported, beside what the server was told. */
class TracerTest extends ServerTest {
  @Test
  @SuppressWarnings("try") // The scope is only there to be closed.
  void callsAreSpansBelowTheCallersOwnAndTheServerIsToldOfThem() {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (SdkTracerProvider spans =
        SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setTracerProvider(spans).build();
      RepriseClient traced = connect(RepriseOptions.defaults().tracer(OpenTelemetryTracer.of(sdk)));
      Span own = sdk.getTracer("test").spanBuilder("own").startSpan();
      try (Scope inside = own.makeCurrent()) {
        traced.set("k", 1);
        traced.get("k");
        assertThrows(InvalidArgumentException.class, () -> traced.exists(""));
      }
      own.end();
      compare(own, exporter.getFinishedSpanItems().subList(0, 3), recorded());
    }
  }

  private List<RecordedCall> recorded() {
    return server
        .testing()
        .listCalls(ListCallsRequest.newBuilder().setNamespace(namespace).build())
        .getCallsList();
  }

  private static void compare(Span own, List<SpanData> spans, List<RecordedCall> calls) {
    assertEquals(
        List.of("reprise Set", "reprise Get", "reprise Exists"),
        spans.stream().map(SpanData::getName).toList());
    for (int i = 0; i < spans.size(); i++) {
      SpanData span = spans.get(i);
      String flags = span.getSpanContext().getTraceFlags().asHex();
      assertEquals(SpanKind.CLIENT, span.getKind());
      assertEquals(own.getSpanContext().getSpanId(), span.getParentSpanId());
      assertEquals(
          "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + flags,
          calls.get(i).getMetadataOrThrow("traceparent"));
    }
    assertEquals(StatusCode.UNSET, spans.get(0).getStatus().getStatusCode());
    assertEquals("KEY_INVALID", spans.get(2).getStatus().getDescription());
  }
}
