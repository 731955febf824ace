package dev.reprise;

/** What an invalidation does to the entries it covers. */
public enum InvalidationMode {
  /** They are gone. */
  REMOVE,

  /** They are stale from now on. When they are gone does not change. */
  MARK_STALE
}
