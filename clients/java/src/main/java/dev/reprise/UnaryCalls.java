package dev.reprise;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Makes calls that have one answer, with a deadline, retries and a report to the observer. */
final class UnaryCalls {
  static final int TRIES_MAX = 3;

  final Connection connection;
  final Env env;
  final RetryBudget budget = new RetryBudget();
  private final CallObserver observer;
  private final CallTracer tracer;
  private final Duration deadline;

  UnaryCalls(Connection connection, Env env, RepriseOptions options) {
    this.connection = connection;
    this.env = env;
    this.observer = options.observer;
    this.tracer = options.tracer;
    this.deadline = options.deadline;
  }

  /**
   * How a call is made.
   *
   * @param deadline of all tries together; null for the client's own
   * @param change whether the call changes something
   * @param triesMax how often it is tried at most
   */
  record How(Duration deadline, boolean change, int triesMax) {
    static How read(Duration deadline) {
      return new How(deadline, false, TRIES_MAX);
    }

    static How change(Duration deadline) {
      return new How(deadline, true, TRIES_MAX);
    }
  }

  Duration deadline(Duration ofCall) {
    return ofCall == null ? deadline : ofCall;
  }

  <Q, A> CompletableFuture<A> call(MethodDescriptor<Q, A> method, Q request, How how) {
    if (connection.isClosed()) throw new IllegalStateException("The client is closed");
    budget.earn();
    long begun = env.nanos().getAsLong();
    CallTracer.Traced traced = tracer.begun(method.getBareMethodName());
    long deadlineAt = begun + deadline(how.deadline()).toNanos();
    UnaryCall<Q, A> call = new UnaryCall<>(this, method, request, how, deadlineAt, headers(traced));
    return Futures.after(
        call.start(),
        (answer, error) -> {
          traced.ended(outcome(error));
          report(method, error, env.nanos().getAsLong() - begun);
        });
  }

  private static Metadata headers(CallTracer.Traced traced) {
    Metadata headers = new Metadata();
    traced
        .headers()
        .forEach(
            (name, value) ->
                headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return headers;
  }

  private void report(MethodDescriptor<?, ?> method, Throwable error, long nanos) {
    observer.ended(method.getBareMethodName(), outcome(error), Duration.ofNanos(nanos));
  }

  private static String outcome(Throwable error) {
    if (error == null) return "OK";
    if (!(error instanceof RepriseException known)) return "CANCELLED";
    return known.reason().isEmpty() ? known.code().name() : known.reason();
  }
}
