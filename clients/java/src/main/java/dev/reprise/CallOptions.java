package dev.reprise;

import java.time.Duration;

/**
 * What every call can be given. Options never change: each setter returns a changed copy, so they
 * can be kept in constants and shared.
 *
 * @param <S> the options themselves
 */
public abstract class CallOptions<S extends CallOptions<S>> extends Copied<S> {
  Duration deadline;

  CallOptions() {}

  /**
   * Sets how long the call may take, its retries included.
   *
   * @param deadline more than zero; the client's own by default
   * @return the changed options
   */
  public S deadline(Duration deadline) {
    S changed = copy();
    changed.deadline = Durations.positive("deadline", deadline);
    return changed;
  }
}
