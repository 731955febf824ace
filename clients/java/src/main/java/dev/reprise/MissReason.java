package dev.reprise;

/** Why a read missed, as far as the store remembers. */
public enum MissReason {
  /** The store knows nothing of this key. */
  UNKNOWN,

  /** The entry is past its time. */
  EXPIRED,

  /** The entry was removed to make room. */
  EVICTED,

  /** An invalidation covers the entry. */
  INVALIDATED,

  /** A caller deleted the entry. */
  DELETED,

  /** The store that the nodes share can't be asked, and the namespace says that this is a miss. */
  STORE_UNAVAILABLE,

  /** The client passes through: nobody was asked. */
  PASS_THROUGH
}
