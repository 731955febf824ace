/** Every limit and default of the client, in one place. */
export const limits = {
  /** Milliseconds that a call may take where nothing else is said. */
  timeoutMs: 2000,
  /** Milliseconds after which no node of a server with defaults serves anything older: its `--max-lag`. */
  maxLagMs: 1000,
  /** Bytes of a message, both ways. */
  messageBytesMax: 16 * 1024 * 1024,
  /** Bytes of values that one BatchSet carries; the rest goes into another. */
  batchBytesMax: 8 * 1024 * 1024,
  /** Keys or items of one batch call. */
  batchItemsMax: 1000,
  /** Gets that are sent as one BatchGet. */
  autoBatchMax: 100,
  /** Tokens of one read. */
  readTokensMax: 16,

  /** While a call or stream is open, the connection is asked for a sign of life after so long without one. */
  keepalive: { afterMs: 10_000, answerWithinMs: 5000 },

  /** Tries of one call. */
  triesMax: 3,
  retryBackoff: { firstMs: 25, mostMs: 1000 },
  /** Retries that may be saved up. */
  retriesSavedMax: 10,
  /** Retries that each call earns. */
  retriesEarned: 0.1,

  /** Keys whose tokens are kept for reading one's own writes. */
  ownKeysMax: 1024,
  /** Invalidations whose tokens are kept for the same. */
  ownInvalidationsMax: 8,

  /** Milliseconds that a computation's lease is asked for. */
  leaseHoldMs: 10_000,
  /** Milliseconds that `getOrCompute` waits for another caller's value. */
  computeWaitMs: 10_000,
  /** Milliseconds that the server may be asked to wait in one call. */
  leaseWaitMsMax: 30_000,

  /** Events that wait for a subscriber who reads slowly. */
  waitingEventsMax: 4096,
  streamBackoff: { firstMs: 100, mostMs: 5000 },
  progressIntervalMs: 1000,
  /** After so many intervals without a message a stream is dead. */
  silentIntervals: 3,

  nearEntriesMax: 10_000,
  nearBytesMax: 64 * 1024 * 1024,
  /** Bytes charged for each entry of the near cache, beside value, key and tags. */
  nearOverheadBytes: 128,
  /** Entries that are spared for having been used while room is made for one. */
  nearSparedMax: 100,
  /** Events in one flight, beyond which what it brings is not kept. */
  nearFlightEventsMax: 1000,
} as const;
