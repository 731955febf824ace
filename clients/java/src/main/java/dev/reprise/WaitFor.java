package dev.reprise;

/** How far an invalidation must have come before it is answered. */
public enum WaitFor {
  /** The store has it: the promises hold. */
  ACCEPTED,

  /** Every node has applied it, or serves nothing from its memory. */
  NODES,

  /** Every node has also told all its subscribers. */
  STREAMS
}
