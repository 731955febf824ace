package dev.reprise;

import dev.reprise.v1.BatchGetRequest;
import dev.reprise.v1.BatchGetResponse;
import dev.reprise.v1.BatchGetResult;
import dev.reprise.v1.CacheServiceGrpc;
import dev.reprise.v1.ExistsRequest;
import dev.reprise.v1.ExistsResponse;
import dev.reprise.v1.GetRequest;
import dev.reprise.v1.GetResponse;
import dev.reprise.v1.LeaseRequest;
import dev.reprise.v1.Miss;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Reads entries. What comes back is not decoded yet: those who share a call may ask for different
 * types.
 */
final class Reads {
  private static final Item UNANSWERED =
      new Item(
          null,
          Failure.local(
              Failure.Kind.OTHER, Status.Code.INTERNAL, "The batch has no answer for the key"));

  private final Core core;

  Reads(Core core) {
    this.core = core;
  }

  /**
   * What came of one key of a batch: one of the two is null.
   *
   * @param answer what was read
   * @param error why it was not read
   */
  record Item(GetResponse answer, Failure error) {}

  CompletableFuture<GetResponse> get(String key, GetOptions options) {
    return get(key, options, null);
  }

  CompletableFuture<GetResponse> get(String key, GetOptions options, LeaseRequest lease) {
    return core.readFresh(
        List.of(key),
        options,
        consistency -> {
          GetRequest.Builder request =
              GetRequest.newBuilder()
                  .setNamespace(core.options.namespace)
                  .setKey(Texts.key(key))
                  .setIfRevisionNot(options.ifRevisionNot)
                  .setAllowStale(options.allowStale)
                  .setWithTags(options.withTags);
          consistency.ifPresent(request::setConsistency);
          if (lease != null) request.setLease(lease);
          return core.calls.call(
              CacheServiceGrpc.getGetMethod(),
              request.build(),
              UnaryCalls.How.read(options.deadline));
        });
  }

  CompletableFuture<ExistsResult> exists(String key, GetOptions options) {
    CompletableFuture<ExistsResponse> answer =
        core.readFresh(
            List.of(key),
            options,
            consistency -> {
              ExistsRequest.Builder request =
                  ExistsRequest.newBuilder()
                      .setNamespace(core.options.namespace)
                      .setKey(Texts.key(key));
              consistency.ifPresent(request::setConsistency);
              return core.calls.call(
                  CacheServiceGrpc.getExistsMethod(),
                  request.build(),
                  UnaryCalls.How.read(options.deadline));
            });
    return Futures.map(
        answer, exists -> new ExistsResult(exists.getExists(), exists.getNegative()));
  }

  /** Reads several keys. Those for which the answer had no room are asked for again. */
  CompletableFuture<Map<String, Item>> getMany(Collection<String> keys, GetOptions options) {
    return more(new LinkedHashSet<>(Texts.keys(keys)), options, new LinkedHashMap<>());
  }

  private CompletableFuture<Map<String, Item>> more(
      Collection<String> keys, GetOptions options, Map<String, Item> found) {
    return Futures.compose(
        batch(keys, options),
        answer -> {
          List<String> asked = List.copyOf(keys);
          List<String> noRoom = new ArrayList<>();
          for (BatchGetResult result : answer.getResultsList()) {
            // The place counts: a key that was refused is not told again.
            String key = asked.get(result.getIndex());
            Item item = item(result, answer.getToken());
            found.put(key, item);
            if (item.error() != null && item.error().reason().equals("RESPONSE_FULL"))
              noRoom.add(key);
          }
          asked.forEach(key -> found.putIfAbsent(key, UNANSWERED));
          boolean done = noRoom.isEmpty() || noRoom.size() == keys.size();
          return done ? CompletableFuture.completedFuture(found) : more(noRoom, options, found);
        });
  }

  CompletableFuture<BatchGetResponse> batch(Collection<String> keys, GetOptions options) {
    return core.readFresh(
        keys,
        options,
        consistency -> {
          BatchGetRequest.Builder request =
              BatchGetRequest.newBuilder()
                  .setNamespace(core.options.namespace)
                  .addAllKeys(keys)
                  .setAllowStale(options.allowStale)
                  .setWithTags(options.withTags);
          consistency.ifPresent(request::setConsistency);
          return core.calls.call(
              CacheServiceGrpc.getBatchGetMethod(),
              request.build(),
              UnaryCalls.How.read(options.deadline));
        });
  }

  private static Item item(BatchGetResult result, String token) {
    return switch (result.getResultCase()) {
      case HIT -> new Item(GetResponse.newBuilder().setHit(result.getHit()).build(), null);
      case ERROR -> new Item(null, Errors.of(result.getError()));
      default ->
          new Item(GetResponse.newBuilder().setMiss(fenced(result.getMiss(), token)).build(), null);
    };
  }

  /** The batch's token is the fence of each miss in it. */
  private static Miss fenced(Miss miss, String token) {
    return miss.getFence().isEmpty() ? miss.toBuilder().setFence(token).build() : miss;
  }
}
