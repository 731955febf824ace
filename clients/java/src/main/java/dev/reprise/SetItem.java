package dev.reprise;

import java.util.Objects;

/**
 * One write of {@link RepriseClient#setMany}.
 *
 * @param key the key
 * @param value the value; without meaning for a negative entry
 * @param negative whether to remember that the source has nothing here
 * @param options how it is written; its deadline is without meaning
 */
public record SetItem(String key, Object value, boolean negative, SetOptions options) {
  /**
   * Checks that key and options are given.
   *
   * @param key the key
   * @param value the value; without meaning for a negative entry
   * @param negative whether to remember that the source has nothing here
   * @param options how it is written; its deadline is without meaning
   */
  public SetItem {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(options, "options");
  }

  /**
   * Returns the write of a value.
   *
   * @param key the key
   * @param value the value
   * @param options how it is written
   * @return the item
   */
  public static SetItem value(String key, Object value, SetOptions options) {
    return new SetItem(key, value, false, options);
  }

  /**
   * Returns the write of a negative entry.
   *
   * @param key the key
   * @param options how it is written
   * @return the item
   */
  public static SetItem negative(String key, SetOptions options) {
    return new SetItem(key, null, true, options);
  }
}
