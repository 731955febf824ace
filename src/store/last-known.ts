import type { ReadResult } from './store.ts';

/** What a process knows of an entry without asking the store, whether or not it may be served. */
export interface LastKnown {
  /** What memory holds, unless it is gone or a watermark that is known here removed it. */
  readonly read: Omit<ReadResult, 'moment'> | undefined;
  /** It may be served as it is: a read of freshness `any` would be answered with it. */
  readonly current: boolean;
  /**
   * Monotonic time as of which the store was last known to be there for the key, in milliseconds. `undefined`: it never
   * was; Infinity: it is this process itself.
   */
  readonly reachedAtMs: number | undefined;
}
