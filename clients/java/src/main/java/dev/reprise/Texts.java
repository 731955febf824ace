package dev.reprise;

import io.grpc.Status;
import java.util.Collection;
import java.util.Map;

/** Checks texts that go to the server. */
final class Texts {
  private Texts() {}

  static String key(String key) {
    return whole(key, "KEY_INVALID", "The key");
  }

  static Collection<String> keys(Collection<String> keys) {
    keys.forEach(Texts::key);
    return keys;
  }

  static Collection<String> tags(Collection<String> tags) {
    for (String tag : tags) whole(tag, "TAG_INVALID", "A tag");
    return tags;
  }

  /**
   * Refuses half of a surrogate pair. It has no UTF-8, and what encodes it would put a question
   * mark in its place: two keys would become one.
   */
  private static String whole(String text, String reason, String what) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (!Character.isSurrogate(unit)) continue;
      boolean pair =
          Character.isHighSurrogate(unit)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!pair) throw broken(reason, what);
      i++;
    }
    return text;
  }

  private static RepriseException broken(String reason, String what) {
    return new Failure(
            Failure.Kind.INVALID_ARGUMENT,
            Status.Code.INVALID_ARGUMENT,
            reason,
            Map.of(),
            null,
            what + " holds half of a surrogate pair")
        .toException(null);
  }
}
