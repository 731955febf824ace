package dev.reprise;

import java.time.Duration;

/** Between {@link Duration} and protobuf's. */
final class Durations {
  private Durations() {}

  static com.google.protobuf.Duration toProto(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static Duration fromProto(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  static Duration positive(String name, Duration duration) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException(name + " must be more than zero");
    }
    return duration;
  }

  static Duration notNegative(String name, Duration duration) {
    if (duration.isNegative()) throw new IllegalArgumentException(name + " must not be negative");
    return duration;
  }

  static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
