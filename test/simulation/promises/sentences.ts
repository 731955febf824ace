/** The promises that the simulation judges, in the words in which they are given. */
export const sentences = {
  AtLeastAsFresh: 'A read that carries tokens never returns anything older, on any node.',
  BoundedStaleness:
    'Without a token, no node serves an entry more than maxLagMs after an acknowledged change covered it.',
  NoResurrection: 'A value whose computation began before an acknowledged invalidation is never visible after it.',
  WriteVisible:
    'Within an epoch, a Set sent after an invalidation was acknowledged is visible, also when another node took the invalidation.',
  OneFiller: 'At most one valid fill lease per key; a void lease’s write is refused.',
  RevisionUnique: 'A revision names one change, for ever.',
  OnceOnly: 'A retried write with a request id is applied once, or the caller is told that the outcome is unknown.',
  AcceptedIsKept:
    'An acknowledged invalidation survives the loss of any node, or of a primary with its unreplicated tail.',
  NoSilentGap:
    'Between two positions a subscriber was given, it received every change of each partition in order, or a Reset.',
  Resumable: 'A resumed stream continues after its last token or begins with Reset; it never sends older changes.',
  Bookmarkable: 'Progress means that all changes up to its token were sent before it.',
  NearCoherence: 'A near cache serves nothing that a change covered longer ago than its staleness bound.',
  Heals: 'Once the faults are over, every node answers, and serves what was written last.',
  RoutineIsFree: 'A replication id that changes without loss drops nothing and resets nobody.',
} as const;

/** Name of a promise. */
export type Promised = keyof typeof sentences;
