package dev.reprise;

import java.time.Duration;
import java.time.Instant;

/** The outcome of an increment. */
public sealed interface IncrementResult {
  /**
   * The counter was changed.
   *
   * @param value the counter after the change
   * @param revision the entry's new revision
   * @param token token of the change
   * @param freshFor time left until the counter is stale
   * @param keepFor time left until the counter is gone
   * @param expireTime the instant at which it becomes stale, by the store's clock: for people
   */
  record Incremented(
      long value,
      String revision,
      String token,
      Duration freshFor,
      Duration keepFor,
      Instant expireTime)
      implements IncrementResult {}

  /**
   * The counter was not changed.
   *
   * @param reason why
   * @param revision the visible entry's revision, empty if there is none
   */
  record NotIncremented(NotIncrementedReason reason, String revision) implements IncrementResult {}

  /** The client passes through: nothing was counted. */
  record PassedThrough() implements IncrementResult {}
}
