/** What became of those that waited, once none does. */
export interface ReplaySummary {
  readonly made: number;
  /** Their namespaces are gone. */
  readonly dropped: number;
  /** Milliseconds for which the first of them waited, by this machine's clock. */
  readonly oldestMs: number;
}

/** Hears what becomes of deferred invalidations. */
export interface DeferralListener {
  /** Some wait, where none did before; `found` if they are from before the start. */
  onWaiting(waiting: number, found: boolean): void;
  /** None waits any more. */
  onDone(summary: ReplaySummary): void;
  /** The first of a namespace that is gone was dropped. */
  onDropped(namespace: string): void;
  /** They could not be made, or not be taken out of the spool. It is tried again. */
  onFailure(cause: unknown): void;
}
