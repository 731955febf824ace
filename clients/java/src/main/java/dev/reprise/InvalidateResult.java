package dev.reprise;

import java.time.Duration;
import java.util.List;

/** The outcome of an invalidation. */
public sealed interface InvalidateResult {
  /**
   * The invalidation is in force.
   *
   * @param token token of the change; empty if it was deferred
   * @param deferred whether the store could not be reached, so that a node makes it later
   * @param receipt how far every node has come; empty unless the call waited for more than {@link
   *     WaitFor#ACCEPTED}
   */
  record Invalidated(String token, boolean deferred, List<NodeReceipt> receipt)
      implements InvalidateResult {}

  /**
   * What a dry run found.
   *
   * @param affected entries, fresh or stale, that would be affected
   * @param precision how good the count is
   */
  record Counted(long affected, CountPrecision precision) implements InvalidateResult {}

  /**
   * Nothing was invalidated, because of {@link InvalidateOptions#affectedMax}.
   *
   * @param reason why
   * @param affected entries counted until then
   */
  record Refused(RefusedReason reason, long affected) implements InvalidateResult {}

  /** The client passes through: nothing was invalidated. */
  record PassedThrough() implements InvalidateResult {}

  /**
   * How far one node has come.
   *
   * @param node its name; empty for nodes that may be there and that the store has not heard of
   * @param state how far it has come
   * @param silentFor how long ago the store last heard of it; zero if that is not known
   */
  record NodeReceipt(String node, NodeState state, Duration silentFor) {}
}
