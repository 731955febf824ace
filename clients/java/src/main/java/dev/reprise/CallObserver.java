package dev.reprise;

import java.time.Duration;

/** Is told of each call when it has ended. Must return soon and throw nothing. */
@FunctionalInterface
public interface CallObserver {
  /** Wants to know nothing. */
  CallObserver NONE = (method, outcome, duration) -> {};

  /**
   * Is told that a call has ended, its retries included.
   *
   * @param method the method, such as {@code Get}
   * @param outcome {@code OK}, or the reason of the error, or its gRPC code where no reason came
   * @param duration how long it took
   */
  void ended(String method, String outcome, Duration duration);
}
