package dev.reprise;

import dev.reprise.v1.InvalidateRequest;
import dev.reprise.v1.InvalidateResponse;
import dev.reprise.v1.Invalidated;
import dev.reprise.v1.InvalidationServiceGrpc;
import dev.reprise.v1.KeySelector;
import dev.reprise.v1.TagSelector;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Tells the cache that the source has changed. */
final class Invalidations {
  private final Core core;

  Invalidations(Core core) {
    this.core = core;
  }

  CompletableFuture<InvalidateResult> keys(Collection<String> keys, InvalidateOptions options) {
    Set<String> covered = Set.copyOf(keys);
    KeySelector selector = KeySelector.newBuilder().addAllKeys(Texts.keys(keys)).build();
    return invalidate(InvalidateRequest.newBuilder().setKeys(selector), covered::contains, options);
  }

  /** Which tags an entry carries is not known here: any key may be covered. */
  CompletableFuture<InvalidateResult> tags(Collection<String> tags, InvalidateOptions options) {
    TagSelector selector = TagSelector.newBuilder().addAllTags(Texts.tags(tags)).build();
    return invalidate(InvalidateRequest.newBuilder().setTags(selector), key -> true, options);
  }

  CompletableFuture<InvalidateResult> prefix(String prefix, InvalidateOptions options) {
    InvalidateRequest.Builder request = InvalidateRequest.newBuilder().setPrefix(Texts.key(prefix));
    return invalidate(request, key -> key.startsWith(prefix), options);
  }

  CompletableFuture<InvalidateResult> all(InvalidateOptions options) {
    return invalidate(
        InvalidateRequest.newBuilder().setWholeNamespace(Protos.EMPTY), key -> true, options);
  }

  private CompletableFuture<InvalidateResult> invalidate(
      InvalidateRequest.Builder selected, Predicate<String> covers, InvalidateOptions options) {
    InvalidateRequest.Builder request =
        selected
            .setNamespace(core.options.namespace)
            .setMode(
                dev.reprise.v1.InvalidationMode.valueOf("INVALIDATION_MODE_" + options.mode.name()))
            .setWait(dev.reprise.v1.WaitFor.valueOf("WAIT_FOR_" + options.wait.name()))
            .setDryRun(options.dryRun)
            .setDeferred(options.deferred)
            .setRequestId(Core.requestId());
    if (options.affectedMax != null) request.setAffectedMax(options.affectedMax);
    return Futures.map(
        core.change(InvalidationServiceGrpc.getInvalidateMethod(), request.build(), options),
        answer -> result(answer, covers));
  }

  private InvalidateResult result(InvalidateResponse answer, Predicate<String> covers) {
    return switch (answer.getResultCase()) {
      case COUNTED -> counted(answer);
      case REFUSED -> refused(answer);
      case INVALIDATED -> {
        core.invalidated(covers, answer.getInvalidated().getToken());
        yield invalidated(answer.getInvalidated());
      }
      default ->
          throw Failure.local(
                  Failure.Kind.OTHER,
                  Status.Code.UNKNOWN,
                  "The server told an outcome that this client does not know.")
              .toException(null);
    };
  }

  private static InvalidateResult counted(InvalidateResponse answer) {
    CountPrecision precision =
        Protos.named(
            CountPrecision.class,
            answer.getCounted().getPrecision(),
            "COUNT_PRECISION_",
            CountPrecision.AT_LEAST);
    return new InvalidateResult.Counted(answer.getCounted().getAffected(), precision);
  }

  private static InvalidateResult refused(InvalidateResponse answer) {
    RefusedReason reason =
        Protos.named(
            RefusedReason.class,
            answer.getRefused().getReason(),
            "REFUSED_REASON_",
            RefusedReason.OTHER);
    return new InvalidateResult.Refused(reason, answer.getRefused().getAffected());
  }

  private static InvalidateResult invalidated(Invalidated answer) {
    List<InvalidateResult.NodeReceipt> nodes = new ArrayList<>();
    for (dev.reprise.v1.NodeReceipt node : answer.getReceipt().getNodesList()) {
      NodeState state =
          Protos.named(NodeState.class, node.getState(), "NODE_STATE_", NodeState.BEHIND);
      nodes.add(
          new InvalidateResult.NodeReceipt(
              node.getNode(), state, Durations.fromProto(node.getSilentFor())));
    }
    return new InvalidateResult.Invalidated(
        answer.getToken(), answer.getDeferred(), List.copyOf(nodes));
  }
}
