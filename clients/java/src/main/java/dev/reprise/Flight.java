package dev.reprise;

import dev.reprise.v1.BatchGetResponse;
import dev.reprise.v1.GetResponse;
import dev.reprise.v1.Hit;
import dev.reprise.v1.LeaseRequest;
import dev.reprise.v1.Miss;
import dev.reprise.v1.SetRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * One getOrCompute: asks for the value, and where this caller is the one to do so, computes and
 * keeps it.
 */
final class Flight<T> {
  /** The server's bound for waiting on another caller's computation. */
  private static final Duration LEASE_WAIT_MAX = Duration.ofSeconds(30);

  /**
   * Where the TTL's last tenth begins, one caller in e^5 = 148 computes early; at its end each
   * would.
   */
  private static final double EARLY_STEEPNESS = 5;

  private final Flights flights;
  private final Flights.Id id;
  private final ValueType<T> type;
  private final ComputeOptions options;
  private final Supplier<? extends CompletionStage<T>> fn;
  private final long begunAt;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private int waiting;

  Flight(
      Flights flights,
      Flights.Id id,
      ValueType<T> type,
      ComputeOptions options,
      Supplier<? extends CompletionStage<T>> fn) {
    this.flights = flights;
    this.id = id;
    this.type = type;
    this.options = options;
    this.fn = fn;
    this.begunAt = flights.core.env.nanos().getAsLong();
  }

  CompletableFuture<T> result() {
    return result;
  }

  /**
   * Returns a future of one more caller, or null if the flight is over. The last one that gives up
   * ends the flight.
   */
  CompletableFuture<T> join() {
    synchronized (this) {
      if (result.isDone()) return null;
      waiting++;
    }
    CompletableFuture<T> mine = new CompletableFuture<>();
    result.whenComplete(
        (value, error) -> {
          if (error == null) mine.complete(value);
          else mine.completeExceptionally(error);
        });
    mine.whenComplete(
        (value, error) -> {
          if (mine.isCancelled()) leave();
        });
    return mine;
  }

  private void leave() {
    synchronized (this) {
      waiting--;
      if (waiting > 0) return;
    }
    result.cancel(true);
  }

  void start() {
    Futures.follow(result, Futures.begin(this::ask));
  }

  private CompletableFuture<T> ask() {
    return Futures.then(
        flights.reads.get(id.key(), reading(), lease()),
        (answer, error) -> {
          if (error == null) return judge(answer);
          return isAway(error) ? computeWithoutCache() : Futures.failed(error);
        });
  }

  private GetOptions reading() {
    return GetOptions.defaults()
        .allowStale(options.allowsStale())
        .deadline(flights.deadline(options));
  }

  private LeaseRequest lease() {
    Duration half = flights.deadline(options).dividedBy(2);
    Duration wait = Durations.shorter(Durations.shorter(half, left()), LEASE_WAIT_MAX);
    LeaseRequest.Builder lease = LeaseRequest.newBuilder().setWait(Durations.toProto(wait));
    if (options.hold != null) lease.setHold(Durations.toProto(options.hold));
    return lease.build();
  }

  /** What is left of the time for waiting. */
  private Duration left() {
    long waited = flights.core.env.nanos().getAsLong() - begunAt;
    Duration left = options.wait.minusNanos(waited);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static boolean isAway(Throwable error) {
    return error instanceof UnavailableException
        || error instanceof DeadlineExceededException
        || error instanceof OverloadedException;
  }

  private CompletableFuture<T> judge(GetResponse answer) {
    // A kind of content that was added to the contract later can't be served.
    boolean known = answer.getHit().getContentCase() != Hit.ContentCase.CONTENT_NOT_SET;
    return known ? found(answer.getHit()) : missed(answer.getMiss());
  }

  private CompletableFuture<T> found(Hit hit) {
    T value;
    try {
      value =
          hit.hasNegative()
              ? null
              : flights.core.codecs.decode(hit.getValue(), hit.getContentType(), type);
    } catch (CodecException undecodable) {
      if (hit.hasLease()) flights.writes.release(id.key(), hit.getLease().getId());
      throw undecodable;
    }
    if (!hit.hasLease()) {
      if (isRefreshedEarly(hit)) flights.inBackground(id, () -> refresh(hit.getRevision()));
      return CompletableFuture.completedFuture(value);
    }
    return stale(value, hit.getLease().getId());
  }

  private CompletableFuture<T> stale(T value, String leaseId) {
    if (options.staleWithErrorsAlone()) {
      return Futures.then(
          computeUnder(leaseId),
          (fresh, error) -> CompletableFuture.completedFuture(error == null ? fresh : value));
    }
    boolean begun = flights.inBackground(id, () -> computeUnder(leaseId));
    if (!begun) flights.writes.release(id.key(), leaseId);
    return CompletableFuture.completedFuture(value);
  }

  private CompletableFuture<T> missed(Miss miss) {
    if (miss.hasLease()) return computeUnder(miss.getLease().getId());
    if (miss.getFence().isEmpty()) return computeAndTry();
    if (!miss.hasRetryAfter() || left().isZero()) return computeBehind(miss.getFence());
    Duration pause = Durations.shorter(Durations.fromProto(miss.getRetryAfter()), left());
    return Futures.compose(Futures.delay(flights.core.env, pause), nothing -> ask());
  }

  /** Computes as the one that is asked to. Whatever goes wrong, the lease is handed back. */
  private CompletableFuture<T> computeUnder(String leaseId) {
    CompletableFuture<T> value = flights.compute(fn);
    value.whenComplete(
        (computed, error) -> {
          if (error != null) flights.writes.release(id.key(), leaseId);
        });
    return Futures.compose(
        value,
        computed -> {
          if (computed == null && options.negativeTtl == null) {
            flights.writes.release(id.key(), leaseId);
            return CompletableFuture.completedFuture(null);
          }
          return keepUnder(leaseId, computed);
        });
  }

  private CompletableFuture<T> keepUnder(String leaseId, T computed) {
    try {
      return keep(computed, new Condition.LeaseHeld(leaseId));
    } catch (RepriseException unkeepable) {
      flights.writes.release(id.key(), leaseId);
      throw unkeepable;
    }
  }

  /**
   * Computes beside another caller that takes too long: kept only if nothing changed since the
   * miss.
   */
  private CompletableFuture<T> computeBehind(String fence) {
    return Futures.compose(
        flights.compute(fn), computed -> keep(computed, new Condition.Fence(fence)));
  }

  /**
   * Computes while the cache is away. Deliberate: nothing is kept, because nothing would refuse a
   * value that became old while it was computed.
   */
  private CompletableFuture<T> computeWithoutCache() {
    return flights.compute(fn);
  }

  /**
   * Computes while the store is away, in a namespace that wants misses then. The value does not
   * wait for the one try to keep it, which carries neither a condition nor a request id: so a node
   * may keep it for itself where its namespace allows that.
   */
  private CompletableFuture<T> computeAndTry() {
    return Futures.map(
        flights.compute(fn),
        computed -> {
          if (isKept(computed) && !flights.core.connection.isClosed()) {
            UnaryCalls.How once = new UnaryCalls.How(options.deadline, true, 1);
            flights.writes.set(request(computed, null).build(), once);
          }
          return computed;
        });
  }

  /**
   * Keeps what was computed, and returns it whether or not that worked, but for what is the
   * caller's own mistake.
   */
  private CompletableFuture<T> keep(T computed, Condition condition) {
    if (!isKept(computed)) return CompletableFuture.completedFuture(computed);
    SetRequest request = request(computed, condition).setRequestId(Core.requestId()).build();
    return Futures.then(
        flights.writes.set(request, UnaryCalls.How.change(options.deadline)),
        (kept, error) ->
            error instanceof InvalidArgumentException
                ? Futures.failed(error)
                : CompletableFuture.completedFuture(computed));
  }

  private boolean isKept(T computed) {
    return computed != null || options.negativeTtl != null;
  }

  private SetRequest.Builder request(T computed, Condition condition) {
    SetOptions set =
        SetOptions.defaults().tags(options.tags).condition(condition).codec(options.codec);
    if (computed == null)
      return flights.writes.request(SetItem.negative(id.key(), set.ttl(options.negativeTtl)));
    return flights.writes.request(
        SetItem.value(id.key(), computed, set.ttl(options.ttl).staleWindow(options.staleWindow)));
  }

  /**
   * Chooses with growing probability within the last tenth of the TTL: exp(-left/scale), the
   * distribution of Vattani, Chierichetti and Lowenstein, "Optimal Probabilistic Cache Stampede
   * Prevention", VLDB 2015, § 3. What we changed: the scale is a share of the TTL instead of the
   * time that a computation takes, which is not known here.
   */
  private boolean isRefreshedEarly(Hit hit) {
    if (!options.earlyRefresh || options.ttl == null || hit.getStale() || hit.hasNegative())
      return false;
    double window = options.ttl.toNanos() / 10.0;
    double left = Durations.fromProto(hit.getFreshFor()).toNanos();
    if (left >= window) return false;
    return left <= -Math.log(flights.core.env.random().getAsDouble()) * window / EARLY_STEEPNESS;
  }

  /**
   * Computes before the entry is stale. A hit has no fence, so a batch of this one key is read: its
   * token is the fence of the moment, and keeps a change that happens meanwhile from being
   * overwritten.
   */
  private CompletableFuture<T> refresh(String revision) {
    return Futures.compose(
        flights.reads.batch(
            List.of(id.key()), GetOptions.defaults().deadline(flights.deadline(options))),
        answer ->
            isStill(revision, answer)
                ? computeBehind(answer.getToken())
                : CompletableFuture.completedFuture(null));
  }

  private static boolean isStill(String revision, BatchGetResponse answer) {
    return !answer.getToken().isEmpty()
        && answer.getResultsCount() == 1
        && answer.getResults(0).hasHit()
        && answer.getResults(0).getHit().getRevision().equals(revision);
  }
}
