package dev.reprise;

/** Why a counter was not changed. */
public enum NotIncrementedReason {
  /** The sum does not fit into 64 bits. */
  OVERFLOW,

  /** The value is not a decimal number of 64 bits. */
  NOT_A_COUNTER,

  /** Other writers changed the key again and again. Retry with jitter. */
  CONTENDED,

  /** A reason that this version of the client does not know. */
  OTHER
}
