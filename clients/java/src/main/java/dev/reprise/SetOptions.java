package dev.reprise;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** How an entry is written. */
public final class SetOptions extends CallOptions<SetOptions> {
  private static final SetOptions DEFAULTS = new SetOptions();

  Duration ttl;
  Duration staleWindow;
  List<String> tags = List.of();
  Condition condition;
  Codec codec;

  private SetOptions() {}

  /**
   * Returns the options of a plain write.
   *
   * @return the namespace's TTL and stale window, no tags, no condition, the client's codec
   */
  public static SetOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns options with a TTL.
   *
   * @param ttl time until the entry is stale, 1 ms up to the namespace's maximum
   * @return the options
   */
  public static SetOptions withTtl(Duration ttl) {
    return DEFAULTS.ttl(ttl);
  }

  /**
   * Sets the time until the entry is stale.
   *
   * @param ttl 1 ms up to the namespace's maximum; the namespace's own by default
   * @return the changed options
   */
  public SetOptions ttl(Duration ttl) {
    SetOptions changed = copy();
    changed.ttl = ttl;
    return changed;
  }

  /**
   * Sets the time after the TTL in which the entry may be served stale.
   *
   * @param staleWindow up to 30 days; the namespace's own by default
   * @return the changed options
   */
  public SetOptions staleWindow(Duration staleWindow) {
    SetOptions changed = copy();
    changed.staleWindow = staleWindow;
    return changed;
  }

  /**
   * Sets the tags by which the entry can be invalidated.
   *
   * @param tags up to 16
   * @return the changed options
   */
  public SetOptions tags(String... tags) {
    return tags(List.of(tags));
  }

  /**
   * Sets the tags by which the entry can be invalidated.
   *
   * @param tags up to 16
   * @return the changed options
   */
  public SetOptions tags(Collection<String> tags) {
    SetOptions changed = copy();
    changed.tags = List.copyOf(tags);
    return changed;
  }

  /**
   * Writes only if something holds.
   *
   * @param condition what must hold
   * @return the changed options
   */
  public SetOptions condition(Condition condition) {
    SetOptions changed = copy();
    changed.condition = condition;
    return changed;
  }

  /**
   * Encodes this value by another codec than the client's.
   *
   * @param codec the codec
   * @return the changed options
   */
  public SetOptions codec(Codec codec) {
    SetOptions changed = copy();
    changed.codec = codec;
    return changed;
  }
}
