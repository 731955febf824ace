package dev.reprise;

/** The outcome of a delete. */
public sealed interface DeleteResult {
  /**
   * Tells whether an entry was removed.
   *
   * @return true if there was one, fresh or stale
   */
  default boolean existed() {
    return false;
  }

  /**
   * The key has no entry now.
   *
   * @param existed whether it had one, fresh or stale
   * @param token token of the change, also if there was nothing to remove
   */
  record Deleted(boolean existed, String token) implements DeleteResult {}

  /** The client passes through: nothing was deleted. */
  record PassedThrough() implements DeleteResult {}

  /**
   * This key of a batch could not be deleted. Single deletes throw instead.
   *
   * @param error why
   */
  record Failed(RepriseException error) implements DeleteResult {}
}
