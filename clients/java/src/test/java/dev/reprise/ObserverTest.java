package dev.reprise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What OpenTelemetry is told. */
class ObserverTest extends ServerTest {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("method");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

  @Test
  void callsAreCountedByOutcomeAndTimed() {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (SdkMeterProvider meters =
        SdkMeterProvider.builder().registerMetricReader(reader).build()) {
      OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().setMeterProvider(meters).build();
      RepriseClient observed =
          connect(RepriseOptions.defaults().observer(OpenTelemetryObserver.of(sdk)));
      observed.set("k", 1);
      observed.set("l", 1);
      assertThrows(InvalidArgumentException.class, () -> observed.exists(""));
      Map<String, MetricData> metrics =
          reader.collectAllMetrics().stream()
              .collect(Collectors.toMap(MetricData::getName, metric -> metric));
      assertEquals(
          Map.of("Set OK", 2L, "Exists KEY_INVALID", 1L),
          counts(metrics.get("reprise.client.calls")));
      assertEquals(
          Map.of("Set", 2L, "Exists", 1L), timed(metrics.get("reprise.client.call.duration")));
    }
  }

  private static Map<String, Long> counts(MetricData calls) {
    return calls.getLongSumData().getPoints().stream()
        .collect(
            Collectors.toMap(
                point ->
                    point.getAttributes().get(METHOD) + " " + point.getAttributes().get(OUTCOME),
                LongPointData::getValue));
  }

  private static Map<String, Long> timed(MetricData duration) {
    return duration.getHistogramData().getPoints().stream()
        .collect(
            Collectors.toMap(
                point -> point.getAttributes().get(METHOD), HistogramPointData::getCount));
  }
}
