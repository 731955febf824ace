package dev.reprise;

import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One call with its tries. They share the request, so a request id in it makes a retry harmless.
 */
final class UnaryCall<Q, A> {
  private static final Duration BACKOFF_FIRST = Duration.ofMillis(25);
  private static final Duration BACKOFF_MOST = Duration.ofSeconds(1);
  private static final Set<String> RETRIED_REASONS = Set.of("OVERLOADED", "REQUEST_IDS_FULL");

  private static final Failure CLOSED =
      Failure.local(Failure.Kind.OTHER, Status.Code.CANCELLED, "The client was closed");

  private final UnaryCalls calls;
  private final MethodDescriptor<Q, A> method;
  private final Q request;
  private final UnaryCalls.How how;
  private final long deadlineAt;
  private final Channel channel;
  private final CompletableFuture<A> result = new CompletableFuture<>();
  private int tries;
  private boolean mayBeApplied;

  UnaryCall(
      UnaryCalls calls,
      MethodDescriptor<Q, A> method,
      Q request,
      UnaryCalls.How how,
      long deadlineAt,
      Metadata headers) {
    this.calls = calls;
    this.method = method;
    this.request = request;
    this.how = how;
    this.deadlineAt = deadlineAt;
    Channel plain = calls.connection.channel();
    this.channel =
        headers.keys().isEmpty()
            ? plain
            : ClientInterceptors.intercept(
                plain, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  CompletableFuture<A> start() {
    attempt();
    return result;
  }

  private void attempt() {
    if (result.isDone()) return;
    tries++;
    Trace trace = new Trace();
    ClientCall<Q, A> call =
        channel.newCall(
            method,
            calls
                .connection
                .callOptions()
                .withDeadlineAfter(leftNanos(), TimeUnit.NANOSECONDS)
                .withStreamTracerFactory(trace));
    result.whenComplete(
        (answer, error) -> {
          if (result.isCancelled()) call.cancel("The caller gave the call up", null);
        });
    ClientCalls.asyncUnaryCall(call, request, new Answer(trace));
  }

  private long leftNanos() {
    return deadlineAt - calls.env.nanos().getAsLong();
  }

  private void failed(Throwable error, Trace trace) {
    if (calls.connection.isClosed()) {
      result.completeExceptionally(CLOSED.toException(error));
      return;
    }
    Failure failure = Errors.of(error);
    boolean brokeOff = trace.endedWithoutStatus(failure);
    if (how.change() && trace.mayBeApplied(failure, brokeOff)) mayBeApplied = true;
    if (brokeOff || failure.code() == Status.Code.UNAVAILABLE) calls.connection.hurry();
    Duration delay = delay(failure);
    if (mayRetry(failure, brokeOff) && delay.toNanos() < leftNanos() && calls.budget.spend()) {
      calls.env.after(delay, this::attempt);
    } else {
      result.completeExceptionally(verdict(failure, brokeOff).toException(error));
    }
  }

  private boolean mayRetry(Failure failure, boolean brokeOff) {
    if (tries >= how.triesMax()) return false;
    return brokeOff
        || failure.code() == Status.Code.UNAVAILABLE
        || RETRIED_REASONS.contains(failure.reason());
  }

  private Duration delay(Failure failure) {
    Duration own = calls.env.jitter(BACKOFF_FIRST, BACKOFF_MOST, tries - 1);
    Duration asked = failure.retryAfter();
    return asked == null || asked.compareTo(own) < 0 ? own : asked;
  }

  private Failure verdict(Failure failure, boolean brokeOff) {
    boolean nobody = brokeOff || failure.kind() == Failure.Kind.UNAVAILABLE;
    if (!nobody) return failure;
    return failure.as(mayBeApplied ? Failure.Kind.OUTCOME_UNKNOWN : Failure.Kind.UNAVAILABLE);
  }

  private final class Answer implements StreamObserver<A> {
    private final Trace trace;
    private A answer;

    Answer(Trace trace) {
      this.trace = trace;
    }

    @Override
    public void onNext(A message) {
      answer = message;
    }

    @Override
    public void onError(Throwable error) {
      failed(error, trace);
    }

    @Override
    public void onCompleted() {
      if (answer != null) {
        result.complete(answer);
      } else {
        trace.answered = false;
        failed(
            Status.INTERNAL.withDescription("The answer is missing").asRuntimeException(), trace);
      }
    }
  }

  /**
   * Sees whether a try left this process and whether it was answered: only one that was not may be
   * applied.
   */
  private static final class Trace extends ClientStreamTracer.Factory {
    private volatile boolean sent;
    private volatile boolean answered;

    /** These codes are the transport's own words where the server sent no status. */
    boolean endedWithoutStatus(Failure failure) {
      if (answered) return false;
      return switch (failure.code()) {
        case UNKNOWN, INTERNAL, CANCELLED -> true;
        default -> false;
      };
    }

    boolean mayBeApplied(Failure failure, boolean brokeOff) {
      if (failure.kind() == Failure.Kind.OUTCOME_UNKNOWN) return true;
      return sent && !answered && (brokeOff || failure.code() == Status.Code.UNAVAILABLE);
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          sent = true;
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
          answered = true;
        }
      };
    }
  }
}
