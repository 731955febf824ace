package dev.reprise;

/** How good a count is. */
public enum CountPrecision {
  /** Every entry was looked at. */
  EXACT,

  /** The deadline ended the count: there are at least so many. */
  AT_LEAST
}
