/**
 * Every fixed limit of the product, with its unit last. docs/operations.md lists them from here; each is tested at
 * the limit and one past it.
 */
export const limits = {
  /** Bytes of a key in UTF-8. */
  keyBytesMax: 1024,
  /** Bytes of a tag in UTF-8. */
  tagBytesMax: 128,
  /** Tags of one entry. */
  tagsPerEntryMax: 16,
  /** Tags in one Invalidate. */
  tagsPerSelectorMax: 100,
  /** Bytes of a content type. */
  contentTypeBytesMax: 255,
  /** Bytes of a value. */
  valueBytesMax: 8 * 1024 * 1024,
  /** Bytes of a message, in both directions. */
  messageBytesMax: 16 * 1024 * 1024,
  /** Items of one batch; keys in one Invalidate. */
  batchItemsMax: 1000,
  /** Milliseconds of a TTL; no entry lives for ever. */
  ttlMsMax: 30 * 86_400_000,
  /** Milliseconds of a stale window. */
  staleWindowMsMax: 30 * 86_400_000,
  /** Milliseconds of a negative entry's TTL. */
  negativeTtlMsMax: 60_000,
  /** Share by which jitter may shorten a TTL. */
  ttlJitterRatioMax: 0.5,
  /** Milliseconds for which a node of a fleet keeps what it could not write to the store. */
  localTtlMsMax: 60_000,
  /** Bytes of one namespace that a node keeps so, charged as entries are. Beyond it the oldest is dropped. */
  localBytesPerNamespaceMax: 8 * 1024 * 1024,
  /** Milliseconds for which a lease may be held. */
  leaseHoldMsMax: 600_000,
  /** Milliseconds for which a call may wait for another caller's fill. */
  leaseWaitMsMax: 30_000,
  /** Leases of one namespace that are held at the same time. Beyond it misses are answered without a lease. */
  leasesPerNamespaceMax: 65_536,
  /** Calls that wait for a fill at the same time. Beyond it they are answered at once, with `retry_after`. */
  leaseWaitersMax: 10_000,
  /** Milliseconds for which a fence is honoured, and for which a removal is remembered. */
  fenceAgeMsMax: 600_000,
  /** Removals of one namespace that are remembered. Beyond it the oldest raises the floor below which fences fail. */
  tombstonesPerNamespaceMax: 65_536,
  /** Entries of one namespace, whatever they weigh: a V8 Map holds 2^24 keys and throws beyond. It evicts as when full. */
  entriesPerNamespaceMax: 16_000_000,
  /** Watermarks of one namespace. Beyond it the oldest half folds into the namespace's own watermark. */
  watermarksPerNamespaceMax: 100_000,
  /** Keys of one namespace that a node remembers to have no entry. Beyond it the oldest is forgotten. */
  absencesPerNamespaceMax: 10_000,
  /** Keys of one partition whose newest change a node remembers. Beyond it older reads don't enter L1. */
  recentKeysPerPartitionMax: 65_536,
  /** Invalidations that a node remembers to make again if a failover loses them. Beyond it the oldest is forgotten. */
  acknowledgedInvalidationsMax: 100_000,
  /** Fewest milliseconds for which it remembers them: longer than a replica lags and a deposed primary answers. */
  acknowledgedAgeMsMin: 60_000,
  /** Deferred invalidations that a node keeps until the store is back. Beyond it SPOOL_FULL. */
  spooledInvalidationsMax: 10_000,
  /** Bytes of those invalidations in the node's spool. */
  spoolBytesMax: 16 * 1024 * 1024,
  /** Leading scope prefixes of a key that selectors may name. */
  scopePrefixesPerKeyMax: 8,
  /** Tokens of one read. */
  tokensPerReadMax: 16,
  /** Bytes of a token, a lease id or a revision as text. */
  tokenBytesMax: 8192,
  /** Bytes of a request id. */
  requestIdBytesMax: 64,
  /** Milliseconds for which a request id is remembered. */
  requestIdAgeMsMax: 60_000,
  /** Request ids that are remembered. Beyond it changes that carry one are refused. */
  requestIdsMax: 1_000_000,
  /** Times that a conditional change is tried while others change the same key. */
  conditionAttemptsMax: 5,
  /** Namespaces of one server. */
  namespacesMax: 1000,
  /** Bytes of a namespace's name. */
  namespaceNameBytesMax: 63,
  /** Fewest bytes of a namespace's capacity. */
  capacityBytesMin: 65_536,
  /** Most namespaces in one page of a list. */
  pageSizeMax: 1000,
  /** Milliseconds that a unary call may take. */
  deadlineMsMax: 60_000,
  /** Changes of one partition that are kept for streams that come back. */
  ringChangesMax: 65_536,
  /** Bytes of those changes, the objects around them included. */
  ringBytesMax: 32 * 1024 * 1024,
  /** Subscriptions at the same time. */
  subscriptionsMax: 10_000,
  /** Prefixes, and tags, of one subscription. */
  filterNamesMax: 100,
  /** Keys of one subscription. */
  filterKeysMax: 1000,
  /** Characters of what a caller's process calls itself. */
  originCharactersMax: 64,
  /** Fewest milliseconds of a progress interval. */
  progressIntervalMsMin: 100,
  /** Most milliseconds of a progress interval. */
  progressIntervalMsMax: 60_000,
  /** Changes that wait for one subscriber. Beyond it only the newest of each key is kept, then a Reset. */
  subscriberQueueEventsMax: 4096,
  /** Bytes of those changes as they are sent. */
  subscriberQueueBytesMax: 1024 * 1024,
  /** Bytes of events in one message of a stream, unless one event alone is longer. */
  eventsMessageBytesMax: 64 * 1024,
  /** Milliseconds that a caller is asked at most to wait before it opens its stream elsewhere. */
  goingAwayRetryMsMax: 3000,
  /** Calls on one connection at the same time. */
  streamsPerConnectionMax: 250,
  /** Megabytes of frames that one connection may make the server hold. */
  sessionMegabytesMax: 64,
  /** Milliseconds by which the event loop may be late all along. Beyond it the server sheds load. */
  loopDelayMsMax: 100,
  /** Refusals of an overloaded server in a second of CPU time: a tenth of it. Fewer on a slower core. */
  refusalsPerSecondMax: 4000,
  /** Calls that are being answered at the same time. Beyond it new ones are refused. */
  callsInFlightMax: 20_000,
  /** Milliseconds by which a test may move the clock on in one call. */
  advanceMsMax: 400 * 86_400_000,
  /** Milliseconds of a delay that a test injects. */
  injectedDelayMsMax: 600_000,
  /** Calls that are recorded for tests. */
  recordedCallsMax: 1000,
  /** Bytes of a request that is recorded for tests; a longer one is left out. */
  recordedRequestBytesMax: 65_536,
} as const;

/** What applies where nothing is said. */
export const defaults = {
  /** TTL of an entry, in milliseconds. */
  ttlMs: 3_600_000,
  /** TTL of a negative entry, in milliseconds. */
  negativeTtlMs: 30_000,
  /** Stale window of an entry, in milliseconds. */
  staleWindowMs: 0,
  /** Share by which jitter may shorten a TTL. */
  ttlJitterRatio: 0,
  /** Milliseconds for which a node of a fleet keeps what it could not write to the store, where that is asked for. */
  localTtlMs: 10_000,
  /** Bytes of a namespace's capacity. */
  namespaceCapacityBytes: 64 * 1024 * 1024,
  /** Bytes that all namespaces may have together. */
  serverCapacityBytes: 1024 * 1024 * 1024,
  /** Milliseconds for which a lease is held. */
  leaseHoldMs: 10_000,
  /** Milliseconds that a call may take when its caller sets no deadline. */
  deadlineMs: 5_000,
  /** Longest time between two tokens of a stream, in milliseconds. */
  progressIntervalMs: 1000,
  /** Namespaces in one page of a list. */
  pageSize: 100,
} as const;
