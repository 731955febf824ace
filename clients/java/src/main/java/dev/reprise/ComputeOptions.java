package dev.reprise;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** How {@code getOrCompute} waits, and how what was computed is kept. */
public final class ComputeOptions extends CallOptions<ComputeOptions> {
  private static final ComputeOptions DEFAULTS = new ComputeOptions();

  Duration ttl;
  Duration staleWindow;
  Duration negativeTtl;
  Duration wait = Duration.ofSeconds(10);
  Duration hold;
  boolean staleIfError;
  boolean earlyRefresh = true;
  List<String> tags = List.of();
  Codec codec;

  private ComputeOptions() {}

  /**
   * Returns the defaults: the namespace's TTL, nothing stale, nothing negative, at most 10 s of
   * waiting for another caller's computation.
   *
   * @return the options
   */
  public static ComputeOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns options with a TTL.
   *
   * @param ttl time until the value is stale, 1 ms up to the namespace's maximum
   * @return the options
   */
  public static ComputeOptions withTtl(Duration ttl) {
    return DEFAULTS.ttl(ttl);
  }

  /**
   * Sets the time until the value is stale.
   *
   * @param ttl 1 ms up to the namespace's maximum; the namespace's own by default
   * @return the changed options
   */
  public ComputeOptions ttl(Duration ttl) {
    ComputeOptions changed = copy();
    changed.ttl = Objects.requireNonNull(ttl, "ttl");
    return changed;
  }

  /**
   * Serves a value that long after its TTL too: at once, while one caller computes anew in the
   * background.
   *
   * @param staleWindow up to 30 days; none by default
   * @return the changed options
   */
  public ComputeOptions staleWindow(Duration staleWindow) {
    ComputeOptions changed = copy();
    changed.staleWindow = Durations.notNegative("staleWindow", staleWindow);
    return changed;
  }

  /**
   * Serves a stale value where the computation fails. With a {@link #staleWindow} a stale value is
   * served at once in any case; without one, whoever is to compute waits for the computation, and
   * gets the stale value, which the namespace's own stale window has kept, only if it throws.
   *
   * @param staleIfError false by default
   * @return the changed options
   */
  public ComputeOptions staleIfError(boolean staleIfError) {
    ComputeOptions changed = copy();
    changed.staleIfError = staleIfError;
    return changed;
  }

  /**
   * Remembers for this time that the source has nothing, when the computation returned null.
   *
   * @param negativeTtl up to 60 s; without it nothing is remembered
   * @return the changed options
   */
  public ComputeOptions negativeTtl(Duration negativeTtl) {
    ComputeOptions changed = copy();
    changed.negativeTtl = Durations.positive("negativeTtl", negativeTtl);
    return changed;
  }

  /**
   * Sets how long to wait for another caller's computation before computing too.
   *
   * @param wait 10 s by default
   * @return the changed options
   */
  public ComputeOptions waitAtMost(Duration wait) {
    ComputeOptions changed = copy();
    changed.wait = Durations.notNegative("wait", wait);
    return changed;
  }

  /**
   * Sets how long a computation may take before others are asked to compute.
   *
   * @param hold up to 10 minutes; the server's default, 10 s, by default
   * @return the changed options
   */
  public ComputeOptions hold(Duration hold) {
    ComputeOptions changed = copy();
    changed.hold = Durations.positive("hold", hold);
    return changed;
  }

  /**
   * Lets one caller of this process compute anew in the background shortly before the TTL ends, so
   * that nobody waits.
   *
   * @param earlyRefresh true by default; needs a {@link #ttl}
   * @return the changed options
   */
  public ComputeOptions earlyRefresh(boolean earlyRefresh) {
    ComputeOptions changed = copy();
    changed.earlyRefresh = earlyRefresh;
    return changed;
  }

  /**
   * Sets the tags by which the value can be invalidated.
   *
   * @param tags up to 16
   * @return the changed options
   */
  public ComputeOptions tags(String... tags) {
    return tags(List.of(tags));
  }

  /**
   * Sets the tags by which the value can be invalidated.
   *
   * @param tags up to 16
   * @return the changed options
   */
  public ComputeOptions tags(Collection<String> tags) {
    ComputeOptions changed = copy();
    changed.tags = List.copyOf(tags);
    return changed;
  }

  /**
   * Encodes the value by another codec than the client's.
   *
   * @param codec the codec
   * @return the changed options
   */
  public ComputeOptions codec(Codec codec) {
    ComputeOptions changed = copy();
    changed.codec = codec;
    return changed;
  }

  boolean allowsStale() {
    return staleIfError || wantsStaleWindow();
  }

  /** With a stale window a stale value is served at once in any case. */
  boolean staleWithErrorsAlone() {
    return staleIfError && !wantsStaleWindow();
  }

  private boolean wantsStaleWindow() {
    return staleWindow != null && !staleWindow.isZero();
  }
}
