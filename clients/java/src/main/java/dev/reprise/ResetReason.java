package dev.reprise;

/** Why changes may be missing. */
public enum ResetReason {
  /** The subscriber took too slowly: the server's queue or the client's buffer was full. */
  SLOW,

  /** The server no longer has the changes after the token. */
  HISTORY_GONE,

  /** The token belongs to another history, such as that before a restart. */
  TOKEN_UNUSABLE,

  /** A reason that this version of the client does not know. */
  OTHER
}
