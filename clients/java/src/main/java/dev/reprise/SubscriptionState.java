package dev.reprise;

/** Where a subscription stands. */
public enum SubscriptionState {
  /** The stream is being opened for the first time. */
  CONNECTING,

  /** Every matching change from here on is told. */
  READY,

  /** The stream is broken or silent: changes may be late. The client is opening it again. */
  STALE,

  /** Changes may be missing: drop what you derived from them. READY follows. */
  RESETTING,

  /** The caller has closed it, or the server said what no retry heals. */
  CLOSED
}
