package dev.reprise;

/** Why an invalidation was refused. */
public enum RefusedReason {
  /** More entries than affectedMax would be affected. */
  TOO_MANY_AFFECTED,

  /** The deadline ended the count before it was known. Repeat with a longer one. */
  COUNT_INCOMPLETE,

  /** A reason that this version of the client does not know. */
  OTHER
}
