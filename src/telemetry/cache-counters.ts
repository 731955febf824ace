/**
 * What one namespace has counted since it was opened. Plain numbers, raised on the hot path (`counters.hits.fresh++`)
 * and read when metrics are scraped: a call to the metrics library costs more than a Get. Each item of a batch counts.
 */
export interface CacheCounters {
  /** Reads that were given an entry; `negative` counts negative entries, fresh or stale. */
  readonly hits: { fresh: number; stale: number; negative: number };
  /** Reads that were given nothing, by reason. */
  readonly misses: {
    unknown: number;
    expired: number;
    evicted: number;
    invalidated: number;
    deleted: number;
    storeUnavailable: number;
  };
  /** Reads answered while the store could not be asked, by what they were given. Among the hits and the misses too. */
  readonly fallbackReads: { miss: number; stale: number; local: number };
  /** Reads whose caller had the current revision. Not among the hits. */
  notModified: number;
  /** Sets by outcome: stored, kept by this node alone, or the reason why not. */
  readonly sets: {
    stored: number;
    local: number;
    present: number;
    absent: number;
    revisionMismatch: number;
    leaseVoid: number;
    fenceOvertaken: number;
    contended: number;
  };
  deletes: number;
  touches: number;
  increments: number;
  /** Invalidate calls by what they named, and by mode. */
  readonly invalidations: {
    readonly remove: SelectorCounters;
    readonly markStale: SelectorCounters;
  };
  /**
   * Fill leases: callers asked to fill, callers that waited for another's fill, callers sent away with `retry_after`,
   * leases handed back unfilled.
   */
  readonly leases: { granted: number; waited: number; refused: number; released: number };
  /** Callers that wait for a fill now. */
  waiters: number;
  /** Subscriptions open now, events given to them, and streams told to begin anew, by why. */
  readonly streams: {
    open: number;
    events: number;
    readonly resets: { slow: number; historyGone: number; tokenUnusable: number };
  };
}

/** A number for each kind of selector. */
export interface SelectorCounters {
  keys: number;
  tags: number;
  prefix: number;
  namespace: number;
}

/** Returns counters that stand at zero. */
export function createCacheCounters(): CacheCounters {
  return {
    hits: { fresh: 0, stale: 0, negative: 0 },
    misses: { unknown: 0, expired: 0, evicted: 0, invalidated: 0, deleted: 0, storeUnavailable: 0 },
    fallbackReads: { miss: 0, stale: 0, local: 0 },
    notModified: 0,
    sets: {
      stored: 0,
      local: 0,
      present: 0,
      absent: 0,
      revisionMismatch: 0,
      leaseVoid: 0,
      fenceOvertaken: 0,
      contended: 0,
    },
    deletes: 0,
    touches: 0,
    increments: 0,
    invalidations: {
      remove: { keys: 0, tags: 0, prefix: 0, namespace: 0 },
      markStale: { keys: 0, tags: 0, prefix: 0, namespace: 0 },
    },
    leases: { granted: 0, waited: 0, refused: 0, released: 0 },
    waiters: 0,
    streams: { open: 0, events: 0, resets: { slow: 0, historyGone: 0, tokenUnusable: 0 } },
  };
}
