package dev.reprise;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;

/**
 * Counts and times calls: {@code reprise.client.calls} by method and outcome, and {@code
 * reprise.client.call.duration} in seconds by method. Needs {@code opentelemetry-api}, which the
 * client itself does not bring.
 */
public final class OpenTelemetryObserver implements CallObserver {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("method");
  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("outcome");

  private final LongCounter calls;
  private final DoubleHistogram duration;

  private OpenTelemetryObserver(Meter meter) {
    calls =
        meter
            .counterBuilder("reprise.client.calls")
            .setUnit("{call}")
            .setDescription(
                "Calls that have ended, retries included in each. Many that are not OK: the cache"
                    + " is ill.")
            .build();
    duration =
        meter
            .histogramBuilder("reprise.client.call.duration")
            .setUnit("s")
            .setDescription(
                "Time until a call has ended, retries included. High: the server or the way to it"
                    + " is slow.")
            .build();
  }

  /**
   * Returns an observer of the application's own OpenTelemetry.
   *
   * @param openTelemetry the application's
   * @return the observer
   */
  public static OpenTelemetryObserver of(OpenTelemetry openTelemetry) {
    return new OpenTelemetryObserver(openTelemetry.getMeter("dev.reprise"));
  }

  /**
   * Returns an observer of what is registered as the global OpenTelemetry.
   *
   * @return the observer
   */
  public static OpenTelemetryObserver global() {
    return of(GlobalOpenTelemetry.get());
  }

  @Override
  public void ended(String method, String outcome, Duration took) {
    calls.add(1, Attributes.of(METHOD, method, OUTCOME, outcome));
    duration.record(took.toNanos() / 1e9, Attributes.of(METHOD, method));
  }
}
