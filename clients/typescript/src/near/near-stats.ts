/** Why an entry left the near cache. */
export type DropCause = 'changed' | 'wide' | 'epoch' | 'reset' | 'own' | 'expired';

/** What happened in a near cache since the client was opened, and what it holds. */
export interface NearStats {
  /** Reads that it answered. */
  readonly hits: number;
  /** Reads that went on to the server. */
  readonly misses: number;
  readonly entries: number;
  /** Values, keys, tags and 128 a piece. */
  readonly bytes: number;
  /** Entries that left to make room. */
  readonly evictions: number;
  /**
   * Entries that left because their key changed, a tag, prefix or the namespace was invalidated, a new epoch or a Reset
   * came, this client changed them itself, or their time was over.
   */
  readonly drops: Readonly<Record<DropCause, number>>;
  /** Resets that the stream told. */
  readonly resets: number;
  /** How often it was proven anew how fresh it is. */
  readonly proofs: number;
  /** Answers that could not be kept, because something happened while they were on their way. */
  readonly refusedInserts: number;
  /** Proven, and its stream is not broken: a fresh entry would be served now. */
  readonly serving: boolean;
}
