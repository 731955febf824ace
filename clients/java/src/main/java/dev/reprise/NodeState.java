package dev.reprise;

/** How far a node has come with an invalidation. */
public enum NodeState {
  /** It serves nothing older any more. */
  APPLIED,

  /** And its subscribers were told. */
  STREAMED,

  /** It was silent for so long that it serves nothing from its memory. */
  SILENT,

  /** The deadline came first: it may serve what is older for at most its maximum lag. */
  BEHIND
}
