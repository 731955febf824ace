package dev.reprise;

import java.time.Duration;

/** Which lifetime an entry is given. */
public final class TouchOptions extends CallOptions<TouchOptions> {
  private static final TouchOptions DEFAULTS = new TouchOptions();

  Duration ttl;
  Duration staleWindow;

  private TouchOptions() {}

  /**
   * Returns the options that give the namespace's own lifetime.
   *
   * @return the options
   */
  public static TouchOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the time from now until the entry is stale.
   *
   * @param ttl 1 ms up to the namespace's maximum; the namespace's own by default
   * @return the changed options
   */
  public TouchOptions ttl(Duration ttl) {
    TouchOptions changed = copy();
    changed.ttl = ttl;
    return changed;
  }

  /**
   * Sets the time after the TTL in which the entry may be served stale.
   *
   * @param staleWindow up to 30 days; the namespace's own by default
   * @return the changed options
   */
  public TouchOptions staleWindow(Duration staleWindow) {
    TouchOptions changed = copy();
    changed.staleWindow = staleWindow;
    return changed;
  }
}
