package dev.reprise;

import java.util.Map;

/** Traces calls. Must return soon and throw nothing. */
@FunctionalInterface
public interface CallTracer {
  /** Traces nothing. */
  CallTracer NONE = method -> Traced.NOTHING;

  /**
   * Is told that a call begins, on the thread that makes it.
   *
   * @param method the method, such as {@code Get}
   * @return the call's trace
   */
  Traced begun(String method);

  /** The trace of one call. */
  interface Traced {
    /** Says and notes nothing. */
    Traced NOTHING =
        new Traced() {
          @Override
          public Map<String, String> headers() {
            return Map.of();
          }

          @Override
          public void ended(String outcome) {}
        };

    /**
     * Returns what the server is told of the trace, such as {@code traceparent}, in each try.
     *
     * @return headers by name
     */
    Map<String, String> headers();

    /**
     * Is told that the call has ended, its retries included.
     *
     * @param outcome {@code OK}, or the reason of the error, or its gRPC code where no reason came
     */
    void ended(String outcome);
  }
}
