package dev.reprise;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Lets the callers of this process that want one key at the same time share one flight, and keeps
 * what is computed in the background to one a key.
 */
final class Flights {
  /** More background computations are left to later callers. */
  static final int BACKGROUND_MAX = 64;

  private static final Logger LOG = System.getLogger("dev.reprise");

  final Core core;
  final Reads reads;
  final Writes writes;

  /** Flights that callers may still join. */
  private final Map<Id, Flight<?>> open = new HashMap<>();

  /** Computations that nobody waits for. */
  private final Map<Id, CompletableFuture<?>> background = new HashMap<>();

  Flights(Core core, Reads reads, Writes writes) {
    this.core = core;
    this.reads = reads;
    this.writes = writes;
    core.onOwnChange = this::closeTo;
  }

  /**
   * What a flight is for.
   *
   * @param key the key
   * @param type the type: callers that want another can't share the value
   */
  record Id(String key, ValueType<?> type) {}

  <T> CompletableFuture<T> getOrCompute(
      String key,
      ValueType<T> type,
      ComputeOptions options,
      Supplier<? extends CompletionStage<T>> fn) {
    if (core.passThrough()) return compute(fn);
    if (core.connection.isClosed()) throw new IllegalStateException("The client is closed");
    Id id = new Id(Texts.key(key), type);
    Flight<T> flight;
    CompletableFuture<T> mine;
    boolean begun = false;
    synchronized (open) {
      flight = running(id);
      mine = flight == null ? null : flight.join();
      if (mine == null) {
        begun = true;
        flight = new Flight<>(this, id, type, options, fn);
        mine = flight.join();
        open.put(id, flight);
      }
    }
    if (begun) begin(id, flight);
    return mine;
  }

  /** The id holds the type, so what was put under it has it. */
  @SuppressWarnings("unchecked")
  private <T> Flight<T> running(Id id) {
    return (Flight<T>) open.get(id);
  }

  private void begin(Id id, Flight<?> flight) {
    flight
        .result()
        .whenComplete(
            (value, error) -> {
              synchronized (open) {
                open.remove(id, flight);
              }
            });
    flight.start();
  }

  /** Whoever asks after a change of this client must not be given what a flight before it finds. */
  private void closeTo(Predicate<String> changed) {
    synchronized (open) {
      if (!open.isEmpty()) open.keySet().removeIf(id -> changed.test(id.key()));
    }
  }

  /**
   * Begins a computation that nobody waits for.
   *
   * @return false if one is running for the key already, or too many are
   */
  boolean inBackground(Id id, Supplier<CompletableFuture<?>> computation) {
    CompletableFuture<Void> place = new CompletableFuture<>();
    synchronized (background) {
      if (background.containsKey(id) || background.size() >= BACKGROUND_MAX) return false;
      background.put(id, place);
    }
    CompletableFuture<?> running = computation.get();
    place.whenComplete((nothing, error) -> running.cancel(true));
    running.whenComplete((value, error) -> ended(id, place, error));
    return true;
  }

  private void ended(Id id, CompletableFuture<Void> place, Throwable error) {
    synchronized (background) {
      background.remove(id, place);
    }
    if (error != null && !place.isCancelled()) {
      LOG.log(
          Logger.Level.WARNING, "A computation in the background failed", Futures.unwrap(error));
    }
  }

  /** Gives up what runs. */
  void close() {
    Set<CompletableFuture<?>> running = new HashSet<>();
    synchronized (open) {
      open.values().forEach(flight -> running.add(flight.result()));
    }
    synchronized (background) {
      running.addAll(background.values());
    }
    running.forEach(future -> future.cancel(true));
  }

  <T> CompletableFuture<T> compute(Supplier<? extends CompletionStage<T>> fn) {
    try {
      return fn.get().toCompletableFuture();
    } catch (RuntimeException | Error thrown) {
      return Futures.failed(thrown);
    }
  }

  Duration deadline(ComputeOptions options) {
    return core.calls.deadline(options.deadline);
  }
}
