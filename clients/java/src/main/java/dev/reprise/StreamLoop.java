package dev.reprise;

import dev.reprise.v1.GoingAway;
import dev.reprise.v1.InvalidationServiceGrpc;
import dev.reprise.v1.Ready;
import dev.reprise.v1.Reset;
import dev.reprise.v1.SubscribeRequest;
import dev.reprise.v1.SubscribeResponse;
import io.grpc.ClientCall;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Keeps a stream open: after whatever ended it, it is opened again with the newest token. All that
 * happens to it, calls' answers and timers alike, happens one after the other.
 */
final class StreamLoop {
  private static final Logger LOG = System.getLogger("dev.reprise");
  private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
  private static final Duration BACKOFF_MOST = Duration.ofSeconds(5);
  private static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(1);
  private static final int SILENT_INTERVALS = 3;

  /** The way to a server takes as long as it takes: the first message has at least this long. */
  private static final Duration FIRST_MESSAGE_MIN = Duration.ofSeconds(5);

  private static final Set<Status.Code> NO_RETRY_HEALS =
      Set.of(
          Status.Code.INVALID_ARGUMENT,
          Status.Code.NOT_FOUND,
          Status.Code.UNAUTHENTICATED,
          Status.Code.PERMISSION_DENIED,
          Status.Code.UNIMPLEMENTED);

  private final Core core;
  private final SubscribeOptions options;
  private final MessageBuffer buffer;
  private final SynchronizationContext inOrder;

  /** What was received, as against what the caller has taken. */
  private String token;

  private volatile SubscriptionState state;
  private Duration interval;
  private Duration comeBackAfter;
  private int failures;

  /** Counts the streams, so that what an older one still says is not heard. */
  private int streams;

  private ClientCall<SubscribeRequest, SubscribeResponse> call;
  private Future<?> timer = CompletableFuture.completedFuture(null);

  StreamLoop(Core core, SubscribeOptions options, MessageBuffer buffer) {
    this.core = core;
    this.options = options;
    this.buffer = buffer;
    this.token = options.resumeToken;
    this.interval = options.progressInterval == null ? INTERVAL_DEFAULT : options.progressInterval;
    this.inOrder =
        new SynchronizationContext(
            (thread, error) ->
                LOG.log(Logger.Level.WARNING, "A callback of a subscription failed", error));
  }

  SubscriptionState state() {
    return state;
  }

  void start() {
    inOrder.execute(
        () -> {
          moveTo(SubscriptionState.CONNECTING);
          if (core.passThrough()) moveTo(SubscriptionState.READY);
          else open();
        });
  }

  void close() {
    inOrder.execute(() -> close(null));
  }

  private void close(RepriseException error) {
    if (state == SubscriptionState.CLOSED) return;
    abandonStream();
    moveTo(SubscriptionState.CLOSED);
    buffer.end(error);
  }

  private void open() {
    if (state == SubscriptionState.CLOSED) return;
    int stream = ++streams;
    core.connection.hurry();
    comeBackAfter = null;
    call =
        core.connection
            .channel()
            .newCall(InvalidationServiceGrpc.getSubscribeMethod(), core.connection.callOptions());
    Duration silence = interval.multipliedBy(SILENT_INTERVALS);
    watch(stream, silence.compareTo(FIRST_MESSAGE_MIN) < 0 ? FIRST_MESSAGE_MIN : silence);
    ClientCalls.asyncServerStreamingCall(
        call, Changes.request(core.options.namespace, options, token), new Messages(stream));
  }

  /**
   * Ends the stream if nothing comes: an open stream that says nothing may be a dead connection.
   */
  private void watch(int stream, Duration atMost) {
    timer.cancel(false);
    timer = core.env.after(atMost, () -> inOrder.execute(() -> broken(stream, null)));
  }

  private void heard(int stream, SubscribeResponse message) {
    if (stream != streams) return;
    watch(stream, interval.multipliedBy(SILENT_INTERVALS));
    failures = 0;
    if (state == SubscriptionState.RESETTING && !message.hasReset())
      moveTo(SubscriptionState.READY);
    switch (message.getEventCase()) {
      case RESET -> reset(message.getReset());
      case READY -> ready(message.getReady());
      case EVENTS -> told(Changes.of(message.getEvents()), message.getEvents().getToken());
      case PROGRESS -> progressed(message.getProgress().getToken());
      case GOING_AWAY -> goingAway(message.getGoingAway());
      default -> {}
    }
  }

  private void ready(Ready ready) {
    Duration told = Durations.fromProto(ready.getProgressInterval());
    if (!told.isZero()) interval = told;
    moveTo(SubscriptionState.READY);
    progressed(ready.getToken());
  }

  private void told(List<StreamMessage.Changed> changes, String newest) {
    token = newest;
    if (!buffer.offer(changes)) tooSlow();
  }

  private void progressed(String newest) {
    token = newest;
    if (!buffer.offerProgress(newest)) tooSlow();
  }

  private void reset(Reset reset) {
    token = reset.getToken();
    ResetReason reason =
        Protos.named(ResetReason.class, reset.getReason(), "RESET_REASON_", ResetReason.OTHER);
    moveTo(SubscriptionState.RESETTING);
    if (!buffer.offer(List.of(new StreamMessage.Reset(reason, token)))) tooSlow();
  }

  /**
   * The caller takes too slowly: instead of all that waits he is told that he has missed something.
   */
  private void tooSlow() {
    buffer.replaceBy(List.of(new StreamMessage.Reset(ResetReason.SLOW, token)));
    moveTo(SubscriptionState.RESETTING);
  }

  private void goingAway(GoingAway goodbye) {
    token = goodbye.getToken();
    comeBackAfter = Durations.fromProto(goodbye.getRetryAfter());
  }

  private void broken(int stream, Throwable error) {
    if (stream != streams || state == SubscriptionState.CLOSED) return;
    Duration asked = comeBackAfter;
    abandonStream();
    Failure failure = error == null ? null : Errors.of(error);
    if (core.connection.isClosed()) {
      close(null);
    } else if (failure != null && NO_RETRY_HEALS.contains(failure.code())) {
      close(failure.toException(error));
    } else {
      if (state != SubscriptionState.CONNECTING) moveTo(SubscriptionState.STALE);
      timer = core.env.after(delay(asked, failure), () -> inOrder.execute(this::open));
    }
  }

  private Duration delay(Duration asked, Failure failure) {
    if (asked != null) return asked;
    Duration own = core.env.jitter(BACKOFF_FIRST, BACKOFF_MOST, failures++);
    Duration told = failure == null ? null : failure.retryAfter();
    return told == null || told.compareTo(own) < 0 ? own : told;
  }

  private void abandonStream() {
    streams++;
    timer.cancel(false);
    if (call != null) call.cancel("The stream is not wanted any more", null);
    call = null;
  }

  private void moveTo(SubscriptionState next) {
    if (state == next) return;
    state = next;
    if (!buffer.offer(List.of(new StreamMessage.StateChanged(next)))) {
      buffer.replaceBy(
          List.of(
              new StreamMessage.Reset(ResetReason.SLOW, token),
              new StreamMessage.StateChanged(next)));
    }
    options.onState.accept(next);
  }

  private final class Messages implements StreamObserver<SubscribeResponse> {
    private final int stream;

    Messages(int stream) {
      this.stream = stream;
    }

    @Override
    public void onNext(SubscribeResponse message) {
      inOrder.execute(() -> heard(stream, message));
    }

    @Override
    public void onError(Throwable error) {
      inOrder.execute(() -> broken(stream, error));
    }

    @Override
    public void onCompleted() {
      inOrder.execute(() -> broken(stream, null));
    }
  }
}
