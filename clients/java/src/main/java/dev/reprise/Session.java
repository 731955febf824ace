package dev.reprise;

import dev.reprise.v1.GetResponse;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The calls of one client, or what takes their place where it passes through. */
final class Session implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.reprise");

  private final Core core;
  private final Reads reads;
  private final Batcher batcher;
  private final Writes writes;
  private final Invalidations invalidations;
  private final Flights flights;
  private final ExecutorService ownThreads =
      Executors.newCachedThreadPool(Env.daemons("reprise-client-compute"));
  private final Executor computing;
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

  Session(Core core) {
    this.core = core;
    this.reads = new Reads(core);
    this.batcher = new Batcher(core, reads);
    this.writes = new Writes(core);
    this.invalidations = new Invalidations(core);
    this.flights = new Flights(core, reads, writes);
    this.computing =
        core.options.computeExecutor == null ? ownThreads : core.options.computeExecutor;
  }

  String origin() {
    return core.origin;
  }

  <T> CompletableFuture<Lookup<T>> get(String key, ValueType<T> type, GetOptions options) {
    if (core.passThrough()) return done(passedThrough());
    return Futures.map(batcher.get(key, options), answer -> Lookups.of(answer, type, core.codecs));
  }

  <T> CompletableFuture<Map<String, Lookup<T>>> getMany(
      Collection<String> keys, ValueType<T> type, GetOptions options) {
    Map<String, Lookup<T>> lookups = new LinkedHashMap<>();
    for (String key : keys) lookups.put(key, passedThrough());
    if (core.passThrough() || keys.isEmpty()) return done(lookups);
    return Futures.map(
        reads.getMany(keys, options),
        items -> {
          lookups.replaceAll((key, none) -> lookup(items.get(key), type));
          return lookups;
        });
  }

  private <T> Lookup<T> lookup(Reads.Item item, ValueType<T> type) {
    if (item.error() != null) return new Lookup.Failed<>(item.error().toException(null));
    GetResponse answer = item.answer();
    try {
      return Lookups.of(answer, type, core.codecs);
    } catch (CodecException undecodable) {
      return new Lookup.Failed<>(undecodable);
    }
  }

  private static <T> Lookup<T> passedThrough() {
    return new Lookup.Miss<>(MissReason.PASS_THROUGH, "");
  }

  CompletableFuture<ExistsResult> exists(String key, GetOptions options) {
    return core.passThrough() ? done(new ExistsResult(false, false)) : reads.exists(key, options);
  }

  CompletableFuture<SetResult> set(SetItem item) {
    return core.passThrough() ? done(new SetResult.PassedThrough()) : writes.set(item);
  }

  CompletableFuture<List<SetResult>> setMany(List<SetItem> items, ChangeOptions options) {
    boolean calls = !core.passThrough() && !items.isEmpty();
    return calls
        ? writes.setMany(items, options)
        : done(each(items, new SetResult.PassedThrough()));
  }

  CompletableFuture<DeleteResult> delete(String key, ChangeOptions options) {
    return core.passThrough()
        ? done(new DeleteResult.PassedThrough())
        : writes.delete(key, options);
  }

  CompletableFuture<List<DeleteResult>> deleteMany(List<String> keys, ChangeOptions options) {
    boolean calls = !core.passThrough() && !keys.isEmpty();
    return calls
        ? writes.deleteMany(keys, options)
        : done(each(keys, new DeleteResult.PassedThrough()));
  }

  CompletableFuture<TouchResult> touch(String key, TouchOptions options) {
    return core.passThrough() ? done(new TouchResult.PassedThrough()) : writes.touch(key, options);
  }

  CompletableFuture<IncrementResult> increment(String key, long delta, IncrementOptions options) {
    return core.passThrough()
        ? done(new IncrementResult.PassedThrough())
        : writes.increment(key, delta, options);
  }

  CompletableFuture<InvalidateResult> invalidateKeys(
      Collection<String> keys, InvalidateOptions options) {
    return core.passThrough() ? notInvalidated() : invalidations.keys(keys, options);
  }

  CompletableFuture<InvalidateResult> invalidateTags(
      Collection<String> tags, InvalidateOptions options) {
    return core.passThrough() ? notInvalidated() : invalidations.tags(tags, options);
  }

  CompletableFuture<InvalidateResult> invalidatePrefix(String prefix, InvalidateOptions options) {
    return core.passThrough() ? notInvalidated() : invalidations.prefix(prefix, options);
  }

  CompletableFuture<InvalidateResult> invalidateAll(InvalidateOptions options) {
    return core.passThrough() ? notInvalidated() : invalidations.all(options);
  }

  private static CompletableFuture<InvalidateResult> notInvalidated() {
    return done(new InvalidateResult.PassedThrough());
  }

  <T> CompletableFuture<T> getOrCompute(
      String key,
      ValueType<T> type,
      ComputeOptions options,
      Supplier<? extends CompletionStage<T>> fn) {
    return flights.getOrCompute(key, type, options, fn);
  }

  /** Computes on a thread that is interrupted when the result is cancelled. */
  <T> CompletableFuture<T> onThread(Computation<T, ?> computation) {
    CompletableFuture<T> result = new CompletableFuture<>();
    FutureTask<Void> task = new FutureTask<>(() -> compute(computation, result), null);
    result.whenComplete(
        (value, error) -> {
          if (result.isCancelled()) task.cancel(true);
        });
    try {
      computing.execute(task);
    } catch (RejectedExecutionException full) {
      result.completeExceptionally(full);
    }
    return result;
  }

  /** Deliberate: also an Error is the caller's; swallowed here it would leave everybody waiting. */
  private static <T> void compute(Computation<T, ?> computation, CompletableFuture<T> result) {
    try {
      result.complete(computation.compute());
    } catch (Throwable thrown) {
      result.completeExceptionally(thrown);
    }
  }

  Subscription subscribe(SubscribeOptions options) {
    if (core.connection.isClosed()) throw new IllegalStateException("The client is closed");
    MessageBuffer buffer = new MessageBuffer(options.bufferMax, options.resumeToken);
    StreamLoop loop = new StreamLoop(core, options, buffer);
    Subscription[] self = new Subscription[1];
    Subscription subscription = new Subscription(buffer, loop, () -> subscriptions.remove(self[0]));
    self[0] = subscription;
    subscriptions.add(subscription);
    loop.start();
    return subscription;
  }

  void deliver(Subscription subscription, Consumer<StreamMessage> listener) {
    Env.daemons("reprise-client-listener")
        .newThread(() -> deliverAll(subscription, listener))
        .start();
  }

  private static void deliverAll(Subscription subscription, Consumer<StreamMessage> listener) {
    try {
      for (StreamMessage message : subscription.messages()) deliverOne(message, listener);
    } catch (RepriseException ended) {
      LOG.log(Logger.Level.WARNING, "A subscription has ended", ended);
    }
  }

  private static void deliverOne(StreamMessage message, Consumer<StreamMessage> listener) {
    try {
      listener.accept(message);
    } catch (RuntimeException thrown) {
      LOG.log(Logger.Level.WARNING, "A listener failed", thrown);
    }
  }

  @Override
  public void close() {
    core.connection.close();
    List.copyOf(subscriptions).forEach(Subscription::close);
    flights.close();
    core.env.timer().shutdownNow();
    ownThreads.shutdownNow();
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static <T> List<T> each(List<?> items, T result) {
    List<T> results = new ArrayList<>();
    items.forEach(item -> results.add(result));
    return results;
  }
}
