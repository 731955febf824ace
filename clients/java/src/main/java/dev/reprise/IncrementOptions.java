package dev.reprise;

import java.time.Duration;

/** How a counter begins. */
public final class IncrementOptions extends CallOptions<IncrementOptions> {
  private static final IncrementOptions DEFAULTS = new IncrementOptions();

  long initial;
  Duration ttl;

  private IncrementOptions() {}

  /**
   * Returns the options of a counter that begins at 0 and lives for the namespace's TTL.
   *
   * @return the options
   */
  public static IncrementOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets what an absent counter counts from.
   *
   * @param initial the number before the first increment; 0 by default
   * @return the changed options
   */
  public IncrementOptions initial(long initial) {
    IncrementOptions changed = copy();
    changed.initial = initial;
    return changed;
  }

  /**
   * Sets the time until a counter that begins is stale. It does not lengthen the life of one that
   * is there.
   *
   * @param ttl 1 ms up to the namespace's maximum; the namespace's own by default
   * @return the changed options
   */
  public IncrementOptions ttl(Duration ttl) {
    IncrementOptions changed = copy();
    changed.ttl = ttl;
    return changed;
  }
}
