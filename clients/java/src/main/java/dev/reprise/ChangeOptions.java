package dev.reprise;

/** How a change that has no other options is made. */
public final class ChangeOptions extends CallOptions<ChangeOptions> {
  private static final ChangeOptions DEFAULTS = new ChangeOptions();

  private ChangeOptions() {}

  /**
   * Returns the client's defaults.
   *
   * @return the options
   */
  public static ChangeOptions defaults() {
    return DEFAULTS;
  }
}
