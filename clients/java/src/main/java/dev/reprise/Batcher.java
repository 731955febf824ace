package dev.reprise;

import dev.reprise.v1.GetResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Makes one BatchGet of reads with the same options. A read that finds none of its kind on the way
 * goes out at once, so that a program that reads one key after another never waits. Those that come
 * meanwhile collect, and go out together when a call returns, when the window of the first of them
 * ends, or when they are a hundred. After Nagle, "Congestion Control in IP/TCP Internetworks", RFC
 * 896, 1984; changed: the window bounds the wait, however slow the call on the way is.
 */
final class Batcher {
  /** More begin the next batch. */
  static final int KEYS_MAX = 100;

  private final Core core;
  private final Reads reads;
  private final Duration window;

  /** Those with a call on the way; what they hold is guarded by this map. */
  private final Map<Group, Lane> lanes = new HashMap<>();

  Batcher(Core core, Reads reads) {
    this.core = core;
    this.reads = reads;
    this.window = core.options.batchWindow;
  }

  private record Group(
      List<String> atLeast,
      boolean latest,
      boolean allowStale,
      boolean withTags,
      Duration deadline) {
    static Group of(GetOptions options) {
      return new Group(
          options.atLeast, options.latest, options.allowStale, options.withTags, options.deadline);
    }
  }

  private record Waiting(String key, GetOptions options, CompletableFuture<GetResponse> result) {}

  /** What is on the way, and what waits. */
  private static final class Lane {
    final Group group;
    int onTheWay;
    List<Waiting> open = new ArrayList<>();
    Future<?> timer = CompletableFuture.completedFuture(null);

    Lane(Group group) {
      this.group = group;
    }
  }

  CompletableFuture<GetResponse> get(String key, GetOptions options) {
    if (!core.options.batching || window.isZero() || !options.ifRevisionNot.isEmpty())
      return reads.get(key, options);
    if (core.connection.isClosed()) throw new IllegalStateException("The client is closed");
    Waiting waiting = new Waiting(Texts.key(key), options, new CompletableFuture<>());
    join(Group.of(options), waiting);
    return waiting.result();
  }

  private void join(Group group, Waiting waiting) {
    Lane lane;
    List<Waiting> batch;
    synchronized (lanes) {
      lane = lanes.computeIfAbsent(group, Lane::new);
      lane.open.add(waiting);
      boolean first = lane.onTheWay == 0;
      batch = first || lane.open.size() == KEYS_MAX ? take(lane) : List.of();
      if (lane.open.size() == 1) openWindow(lane);
    }
    launch(lane, batch);
  }

  private void openWindow(Lane lane) {
    List<Waiting> opened = lane.open;
    lane.timer = core.env.after(window, () -> windowEnded(lane, opened));
  }

  private void windowEnded(Lane lane, List<Waiting> opened) {
    List<Waiting> batch;
    synchronized (lanes) {
      batch = lane.open == opened ? take(lane) : List.of();
    }
    launch(lane, batch);
  }

  /** A call has returned: those who waited for it go out. */
  private void landed(Lane lane) {
    List<Waiting> batch;
    synchronized (lanes) {
      lane.onTheWay--;
      batch = take(lane);
      if (lane.onTheWay == 0) lanes.remove(lane.group);
    }
    launch(lane, batch);
  }

  /**
   * Takes what waits. Whoever holds the lock sees a batch either open or taken: it stops growing.
   */
  private static List<Waiting> take(Lane lane) {
    List<Waiting> batch = lane.open;
    if (batch.isEmpty()) return List.of();
    lane.timer.cancel(false);
    lane.open = new ArrayList<>();
    lane.onTheWay++;
    return batch;
  }

  private void launch(Lane lane, List<Waiting> batch) {
    if (batch.isEmpty()) return;
    List<Waiting> wanted = batch.stream().filter(waiting -> !waiting.result().isDone()).toList();
    if (wanted.isEmpty()) landed(lane);
    else send(lane, wanted);
  }

  private void send(Lane lane, List<Waiting> wanted) {
    Set<String> keys = new LinkedHashSet<>();
    wanted.forEach(waiting -> keys.add(waiting.key()));
    try {
      if (keys.size() == 1) sendOne(lane, wanted);
      else sendMany(lane, keys, wanted);
    } catch (RuntimeException refused) {
      landed(lane);
      wanted.forEach(waiting -> waiting.result().completeExceptionally(refused));
    }
  }

  private void sendOne(Lane lane, List<Waiting> same) {
    CompletableFuture<GetResponse> call = reads.get(same.get(0).key(), same.get(0).options());
    cancelWithAll(call, same);
    call.whenComplete(
        (answer, error) -> {
          landed(lane);
          for (Waiting waiting : same) {
            if (error == null) waiting.result().complete(answer);
            else waiting.result().completeExceptionally(Futures.unwrap(error));
          }
        });
  }

  private void sendMany(Lane lane, Set<String> keys, List<Waiting> wanted) {
    CompletableFuture<Map<String, Reads.Item>> call = reads.getMany(keys, wanted.get(0).options());
    cancelWithAll(call, wanted);
    call.whenComplete(
        (items, error) -> {
          landed(lane);
          for (Waiting waiting : wanted) {
            if (error == null) settle(waiting, items.get(waiting.key()));
            else failed(waiting, Futures.unwrap(error));
          }
        });
  }

  /** One key that the server refuses must not fail the others: each goes on alone. */
  private void failed(Waiting waiting, Throwable error) {
    if (!(error instanceof InvalidArgumentException)) waiting.result().completeExceptionally(error);
    else if (!waiting.result().isDone())
      Futures.follow(waiting.result(), reads.get(waiting.key(), waiting.options()));
  }

  private static void settle(Waiting waiting, Reads.Item item) {
    if (item.error() == null) waiting.result().complete(item.answer());
    else waiting.result().completeExceptionally(item.error().toException(null));
  }

  /** The call is given up when nobody waits for it any more. */
  private static void cancelWithAll(CompletableFuture<?> call, List<Waiting> waiting) {
    for (Waiting one : waiting) {
      one.result()
          .whenComplete(
              (answer, error) -> {
                if (waiting.stream().allMatch(other -> other.result().isCancelled()))
                  call.cancel(true);
              });
    }
  }
}
