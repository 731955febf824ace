package dev.reprise;

import java.time.Duration;
import java.time.Instant;

/** The outcome of a touch. */
public sealed interface TouchResult {
  /**
   * The entry has a new lifetime.
   *
   * @param revision the entry's new revision: a touch is a change
   * @param token token of the change
   * @param freshFor time left until the entry is stale, after jitter
   * @param keepFor time left until the entry is gone
   * @param expireTime the instant at which the entry becomes stale, by the store's clock: for
   *     people
   */
  record Touched(
      String revision, String token, Duration freshFor, Duration keepFor, Instant expireTime)
      implements TouchResult {}

  /**
   * There is no fresh entry.
   *
   * @param token token of the change: a touch of an absent key still voids leases and fences
   * @param contended whether other writers changed the key again and again; then there was no
   *     change and no token
   */
  record NotTouched(String token, boolean contended) implements TouchResult {}

  /** The client passes through: nothing was touched. */
  record PassedThrough() implements TouchResult {}
}
