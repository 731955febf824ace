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

/**
 * Makes one BatchGet of reads that come at nearly the same time with the same options. A read that
 * stays alone is a Get.
 */
final class Batcher {
  /** More begin the next batch. */
  static final int KEYS_MAX = 100;

  private final Core core;
  private final Reads reads;
  private final Duration window;

  /** Reads that wait for their window to end. */
  private final Map<Group, List<Waiting>> open = new HashMap<>();

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

  CompletableFuture<GetResponse> get(String key, GetOptions options) {
    if (!core.options.batching || window.isZero() || !options.ifRevisionNot.isEmpty())
      return reads.get(key, options);
    if (core.connection.isClosed()) throw new IllegalStateException("The client is closed");
    Waiting waiting = new Waiting(Texts.key(key), options, new CompletableFuture<>());
    join(Group.of(options), waiting);
    return waiting.result();
  }

  private void join(Group group, Waiting waiting) {
    List<Waiting> batch;
    int size;
    synchronized (open) {
      batch = open.computeIfAbsent(group, none -> new ArrayList<>());
      batch.add(waiting);
      size = batch.size();
      if (size == KEYS_MAX) open.remove(group);
    }
    if (size == KEYS_MAX) send(batch);
    else if (size == 1) core.env.after(window, () -> close(group, batch));
  }

  private void close(Group group, List<Waiting> batch) {
    synchronized (open) {
      if (open.get(group) != batch) return;
      open.remove(group);
    }
    send(batch);
  }

  private void send(List<Waiting> batch) {
    List<Waiting> wanted = batch.stream().filter(waiting -> !waiting.result().isDone()).toList();
    if (wanted.isEmpty()) return;
    try {
      Set<String> keys = new LinkedHashSet<>();
      wanted.forEach(waiting -> keys.add(waiting.key()));
      if (keys.size() == 1) sendOne(wanted);
      else sendMany(keys, wanted);
    } catch (RuntimeException refused) {
      wanted.forEach(waiting -> waiting.result().completeExceptionally(refused));
    }
  }

  private void sendOne(List<Waiting> same) {
    CompletableFuture<GetResponse> call = reads.get(same.get(0).key(), same.get(0).options());
    cancelWithAll(call, same);
    call.whenComplete(
        (answer, error) -> {
          for (Waiting waiting : same) {
            if (error == null) waiting.result().complete(answer);
            else waiting.result().completeExceptionally(Futures.unwrap(error));
          }
        });
  }

  private void sendMany(Set<String> keys, List<Waiting> wanted) {
    CompletableFuture<Map<String, Reads.Item>> call = reads.getMany(keys, wanted.get(0).options());
    cancelWithAll(call, wanted);
    call.whenComplete(
        (items, error) -> {
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
