package dev.reprise;

import java.time.Duration;
import java.time.Instant;

/** The outcome of a write. */
public sealed interface SetResult {
  /**
   * Tells whether the entry was written.
   *
   * @return true for {@link Stored}
   */
  default boolean stored() {
    return this instanceof Stored;
  }

  /**
   * The entry was written.
   *
   * @param revision the entry's new revision
   * @param token token of the change; a read that carries it sees this write or something newer
   * @param freshFor time left until the entry is stale, after jitter
   * @param keepFor time left until the entry is gone
   * @param expireTime the instant at which the entry becomes stale, by the store's clock: for
   *     people
   * @param local whether only one node keeps it, because the store could not be reached
   */
  record Stored(
      String revision,
      String token,
      Duration freshFor,
      Duration keepFor,
      Instant expireTime,
      boolean local)
      implements SetResult {}

  /**
   * The condition did not hold: nothing was written.
   *
   * @param reason why
   * @param revision the visible entry's revision, empty if there is none
   */
  record NotStored(NotStoredReason reason, String revision) implements SetResult {}

  /** The client passes through: nothing was written. */
  record PassedThrough() implements SetResult {}

  /**
   * This item of a batch could not be written. Single writes throw instead.
   *
   * @param error why
   */
  record Failed(RepriseException error) implements SetResult {}
}
