package dev.reprise;

/** What an invalidation does, and how far it must have come before its answer. */
public final class InvalidateOptions extends CallOptions<InvalidateOptions> {
  private static final InvalidateOptions DEFAULTS = new InvalidateOptions();

  InvalidationMode mode = InvalidationMode.REMOVE;
  WaitFor wait = WaitFor.ACCEPTED;
  boolean dryRun;
  boolean deferred;
  Long affectedMax;

  private InvalidateOptions() {}

  /**
   * Returns the options of an invalidation that removes and is answered when the store has it.
   *
   * @return the options
   */
  public static InvalidateOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets what happens to the entries.
   *
   * @param mode {@link InvalidationMode#REMOVE} by default
   * @return the changed options
   */
  public InvalidateOptions mode(InvalidationMode mode) {
    InvalidateOptions changed = copy();
    changed.mode = mode;
    return changed;
  }

  /**
   * Sets how far the invalidation must have come before the answer.
   *
   * @param wait {@link WaitFor#ACCEPTED} by default; for more there is a receipt
   * @return the changed options
   */
  public InvalidateOptions waitFor(WaitFor wait) {
    InvalidateOptions changed = copy();
    changed.wait = wait;
    return changed;
  }

  /**
   * Only counts what would be affected: the answer is {@link InvalidateResult.Counted}.
   *
   * @param dryRun whether to count alone
   * @return the changed options
   */
  public InvalidateOptions dryRun(boolean dryRun) {
    InvalidateOptions changed = copy();
    changed.dryRun = dryRun;
    return changed;
  }

  /**
   * Does nothing if more entries than this would be affected: the answer is then {@link
   * InvalidateResult.Refused}.
   *
   * @param affectedMax how many entries at most; no limit by default
   * @return the changed options
   */
  public InvalidateOptions affectedMax(long affectedMax) {
    if (affectedMax < 0) throw new IllegalArgumentException("affectedMax must not be negative");
    InvalidateOptions changed = copy();
    changed.affectedMax = affectedMax;
    return changed;
  }

  /**
   * Lets a node that has a spool keep the invalidation while the store is away, and make it later.
   * No promise covers it until then.
   *
   * @param deferred whether that will do
   * @return the changed options
   */
  public InvalidateOptions deferred(boolean deferred) {
    InvalidateOptions changed = copy();
    changed.deferred = deferred;
    return changed;
  }
}
