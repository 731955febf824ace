package dev.reprise;

/** Why a Set was not applied. */
public enum NotStoredReason {
  /** There is a fresh entry, and there was to be none. */
  PRESENT,

  /** There is no fresh entry, and there was to be one. */
  ABSENT,

  /** The entry has another revision, or there is none. */
  REVISION_MISMATCH,

  /** The lease ended or was voided. Get the key again. */
  LEASE_VOID,

  /** Something that covers the key changed since the fence. Get the key again. */
  FENCE_OVERTAKEN,

  /** Other writers changed the key again and again. Retry with jitter. */
  CONTENDED,

  /** A reason that this version of the client does not know. */
  OTHER
}
