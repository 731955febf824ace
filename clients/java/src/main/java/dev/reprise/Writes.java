package dev.reprise;

import dev.reprise.v1.BatchDeleteRequest;
import dev.reprise.v1.BatchDeleteResponse;
import dev.reprise.v1.BatchDeleteResult;
import dev.reprise.v1.BatchSetRequest;
import dev.reprise.v1.BatchSetResponse;
import dev.reprise.v1.BatchSetResult;
import dev.reprise.v1.CacheServiceGrpc;
import dev.reprise.v1.DeleteRequest;
import dev.reprise.v1.IncrementRequest;
import dev.reprise.v1.IncrementResponse;
import dev.reprise.v1.ReleaseLeaseRequest;
import dev.reprise.v1.SetRequest;
import dev.reprise.v1.SetResponse;
import dev.reprise.v1.TouchRequest;
import dev.reprise.v1.TouchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Changes entries, and remembers the token of each change for the reads that follow. */
final class Writes {
  private final Core core;

  Writes(Core core) {
    this.core = core;
  }

  CompletableFuture<SetResult> set(SetItem item) {
    SetRequest request = request(item).setRequestId(Core.requestId()).build();
    return set(request, UnaryCalls.How.change(item.options().deadline));
  }

  CompletableFuture<SetResult> set(SetRequest request, UnaryCalls.How how) {
    CompletableFuture<SetResponse> answer =
        core.calls.call(CacheServiceGrpc.getSetMethod(), request, how);
    return Futures.map(answer, response -> noted(request.getKey(), response));
  }

  SetRequest.Builder request(SetItem item) {
    SetOptions options = item.options();
    SetRequest.Builder request =
        SetRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .setKey(Texts.key(item.key()))
            .addAllTags(Texts.tags(options.tags));
    if (item.negative()) {
      request.setNegative(Protos.EMPTY);
    } else {
      request.setValue(core.encode(item.value(), options.codec));
      request.setContentType(core.codec(options.codec).contentType());
    }
    if (options.ttl != null) request.setTtl(Durations.toProto(options.ttl));
    if (options.staleWindow != null) request.setStaleWindow(Durations.toProto(options.staleWindow));
    if (options.condition != null) request.setCondition(Protos.condition(options.condition));
    return request;
  }

  private SetResult noted(String key, SetResponse response) {
    if (!response.hasStored()) return Protos.notStored(response.getNotStored());
    core.wrote(key, response.getStored().getToken());
    return Protos.stored(response.getStored(), response.getStored().getToken());
  }

  CompletableFuture<DeleteResult> delete(String key, ChangeOptions options) {
    DeleteRequest request =
        DeleteRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .setKey(Texts.key(key))
            .setRequestId(Core.requestId())
            .build();
    return Futures.map(
        core.change(CacheServiceGrpc.getDeleteMethod(), request, options),
        answer -> {
          core.wrote(key, answer.getToken());
          return new DeleteResult.Deleted(answer.getExisted(), answer.getToken());
        });
  }

  CompletableFuture<TouchResult> touch(String key, TouchOptions options) {
    TouchRequest.Builder request =
        TouchRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .setKey(Texts.key(key))
            .setRequestId(Core.requestId());
    if (options.ttl != null) request.setTtl(Durations.toProto(options.ttl));
    if (options.staleWindow != null) request.setStaleWindow(Durations.toProto(options.staleWindow));
    return Futures.map(
        core.change(CacheServiceGrpc.getTouchMethod(), request.build(), options),
        answer -> noted(key, answer));
  }

  private TouchResult noted(String key, TouchResponse answer) {
    if (!answer.hasTouched()) {
      core.wrote(key, answer.getNotTouched().getToken());
      return new TouchResult.NotTouched(
          answer.getNotTouched().getToken(), answer.getNotTouched().getContended());
    }
    core.wrote(key, answer.getTouched().getToken());
    return Protos.touched(answer.getTouched());
  }

  CompletableFuture<IncrementResult> increment(String key, long delta, IncrementOptions options) {
    IncrementRequest.Builder request =
        IncrementRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .setKey(Texts.key(key))
            .setDelta(delta)
            .setInitial(options.initial)
            .setRequestId(Core.requestId());
    if (options.ttl != null) request.setTtl(Durations.toProto(options.ttl));
    return Futures.map(
        core.change(CacheServiceGrpc.getIncrementMethod(), request.build(), options),
        answer -> noted(key, answer));
  }

  private IncrementResult noted(String key, IncrementResponse answer) {
    if (!answer.hasIncremented()) return Protos.notIncremented(answer.getNotIncremented());
    core.wrote(key, answer.getIncremented().getToken());
    return Protos.incremented(answer.getIncremented());
  }

  /**
   * Hands a lease back. Whether that works changes nothing for the caller: the lease ends by itself
   * too.
   */
  void release(String key, String leaseId) {
    if (core.connection.isClosed()) return;
    ReleaseLeaseRequest request =
        ReleaseLeaseRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .setKey(key)
            .setLeaseId(leaseId)
            .build();
    core.calls.call(CacheServiceGrpc.getReleaseLeaseMethod(), request, UnaryCalls.How.read(null));
  }

  CompletableFuture<List<SetResult>> setMany(List<SetItem> items, ChangeOptions options) {
    BatchSetRequest.Builder request =
        BatchSetRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .setRequestId(Core.requestId());
    for (SetItem item : items) request.addItems(Protos.item(request(item).build()));
    return Futures.map(
        core.change(CacheServiceGrpc.getBatchSetMethod(), request.build(), options), this::noted);
  }

  private List<SetResult> noted(BatchSetResponse answer) {
    List<SetResult> results = new ArrayList<>();
    for (BatchSetResult result : answer.getResultsList()) {
      if (result.hasStored()) core.wrote(result.getKey(), answer.getToken());
      results.add(
          switch (result.getResultCase()) {
            case STORED -> Protos.stored(result.getStored(), answer.getToken());
            case ERROR -> new SetResult.Failed(Errors.of(result.getError()).toException(null));
            default -> Protos.notStored(result.getNotStored());
          });
    }
    return List.copyOf(results);
  }

  CompletableFuture<List<DeleteResult>> deleteMany(List<String> keys, ChangeOptions options) {
    BatchDeleteRequest request =
        BatchDeleteRequest.newBuilder()
            .setNamespace(core.options.namespace)
            .addAllKeys(Texts.keys(keys))
            .setRequestId(Core.requestId())
            .build();
    return Futures.map(
        core.change(CacheServiceGrpc.getBatchDeleteMethod(), request, options), this::noted);
  }

  private List<DeleteResult> noted(BatchDeleteResponse answer) {
    List<DeleteResult> results = new ArrayList<>();
    for (BatchDeleteResult result : answer.getResultsList()) {
      if (result.hasError()) {
        results.add(new DeleteResult.Failed(Errors.of(result.getError()).toException(null)));
      } else {
        core.wrote(result.getKey(), answer.getToken());
        results.add(new DeleteResult.Deleted(result.getExisted(), answer.getToken()));
      }
    }
    return List.copyOf(results);
  }
}
