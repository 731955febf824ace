package dev.reprise;

import java.util.Optional;

/**
 * One change of the cache. It never carries a value.
 *
 * @param target what changed
 * @param cause what happened
 * @param mode what an invalidation did; empty for other causes
 * @param revision names the change; after a SET or a TOUCH the entry has it
 * @param actor who made the change, {@code anonymous} if nobody knows
 * @param traceparent W3C trace context of the call that made the change, empty if it had none
 */
public record Change(
    Target target,
    ChangeCause cause,
    Optional<InvalidationMode> mode,
    String revision,
    String actor,
    String traceparent) {

  /** What a change names. */
  public sealed interface Target {
    /**
     * One key.
     *
     * @param key the key
     */
    record Key(String key) implements Target {}

    /**
     * All entries that carry a tag.
     *
     * @param tag the tag
     */
    record Tag(String tag) implements Target {}

    /**
     * All keys with a prefix.
     *
     * @param prefix the prefix
     */
    record Prefix(String prefix) implements Target {}

    /** All entries of the namespace. */
    record WholeNamespace() implements Target {}
  }
}
