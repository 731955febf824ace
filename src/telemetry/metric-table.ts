/** One metric, as operators know it. */
export interface MetricRow {
  /** Full name, with the unit. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  /** What it is, and what a high value means. */
  readonly help: string;
}

/**
 * All metrics of our own. The registry and the documentation are made from this table. Cardinality is bounded:
 * `namespace` has at most 1000 values, `rpc` and all other labels have fixed ones.
 */
export const metricTable = {
  buildInfo: {
    name: 'reprise_build_info',
    type: 'gauge',
    labels: ['version', 'node'],
    help: 'Always 1; the labels say what runs. Several versions at once: a rollout is under way.',
  },
  ready: {
    name: 'reprise_ready',
    type: 'gauge',
    labels: [],
    help: '1 while the server takes calls, 0 while it starts or drains. 0 for long: see /readyz.',
  },
  requestDuration: {
    name: 'reprise_request_duration_seconds',
    type: 'histogram',
    labels: ['rpc', 'code'],
    help: 'Time from a call to its answer in the server. High: the process lacks CPU, or callers wait for fills.',
  },
  callsInFlight: {
    name: 'reprise_calls_in_flight',
    type: 'gauge',
    labels: [],
    help: 'Calls that are being answered now. High: many callers wait for fills, or the process lacks CPU.',
  },
  shedPressure: {
    name: 'reprise_shed_pressure',
    type: 'gauge',
    labels: [],
    help: 'How hard load is shed: 0 not at all, from 0 on new streams are refused, from 1 writes, from 2 reads, from 3 all. High: the process lacks CPU.',
  },
  callsShed: {
    name: 'reprise_calls_shed_total',
    type: 'counter',
    labels: ['group'],
    help: 'Calls refused with OVERLOADED, by group: streams, writes, reads, invalidations. Rises: add nodes, or slow callers down.',
  },
  hits: {
    name: 'reprise_hits_total',
    type: 'counter',
    labels: ['namespace', 'kind'],
    help: 'Reads that were given an entry: fresh, stale or negative. Many stale: values are recomputed too slowly.',
  },
  misses: {
    name: 'reprise_misses_total',
    type: 'counter',
    labels: ['namespace', 'reason'],
    help: 'Reads that were given nothing. Many evicted: raise the capacity. Many expired: TTLs are short.',
  },
  fallbackReads: {
    name: 'reprise_fallback_reads_total',
    type: 'counter',
    labels: ['namespace', 'kind'],
    help: 'Reads answered while the store could not be asked: miss, stale or local. Above 0: the store was away.',
  },
  notModified: {
    name: 'reprise_not_modified_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Reads whose caller had the current revision. High is good: values were not sent again.',
  },
  sets: {
    name: 'reprise_sets_total',
    type: 'counter',
    labels: ['namespace', 'outcome'],
    help: 'Sets by outcome. local: the store was away. Many lease_void or fence_overtaken: sources change faster than values are computed.',
  },
  deletes: {
    name: 'reprise_deletes_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Deletes, also of absent keys. High: consider tags or prefixes and one Invalidate.',
  },
  touches: {
    name: 'reprise_touches_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Touches, also of absent keys. High beside sets: TTLs are short for what they hold.',
  },
  increments: {
    name: 'reprise_increments_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Increments, refused ones included. High: counters of few keys may contend.',
  },
  invalidations: {
    name: 'reprise_invalidations_total',
    type: 'counter',
    labels: ['namespace', 'selector', 'mode'],
    help: 'Invalidate calls that took effect. Many of namespace or prefix: hit ratios fall with them.',
  },
  leases: {
    name: 'reprise_leases_total',
    type: 'counter',
    labels: ['namespace', 'outcome'],
    help: 'Wishes for a fill lease. Many refused: fills take longer than callers wait. Many released: sources fail.',
  },
  leaseWaiters: {
    name: 'reprise_lease_waiters',
    type: 'gauge',
    labels: ['namespace'],
    help: 'Callers that wait for a fill now. High: the source is slow or gone. At 10000 in all nobody waits any more.',
  },
  subscriptions: {
    name: 'reprise_subscriptions',
    type: 'gauge',
    labels: ['namespace'],
    help: 'Streams of changes that are open. At 10000 in all new ones are refused.',
  },
  events: {
    name: 'reprise_events_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Changes given to subscribers, counted once each subscriber. High: give filters, or fewer near caches.',
  },
  resets: {
    name: 'reprise_resets_total',
    type: 'counter',
    labels: ['namespace', 'reason'],
    help: 'Streams that were told to begin anew. Many slow: subscribers read slower than the namespace changes.',
  },
  entries: {
    name: 'reprise_entries',
    type: 'gauge',
    labels: ['namespace'],
    help: 'Entries held, dead ones that were not yet swept included. High: compare weight with capacity.',
  },
  weight: {
    name: 'reprise_weight_bytes',
    type: 'gauge',
    labels: ['namespace'],
    help: 'Bytes charged for the entries. At the capacity: every new entry evicts another.',
  },
  capacity: {
    name: 'reprise_capacity_bytes',
    type: 'gauge',
    labels: ['namespace'],
    help: 'Bytes that the entries may take. The sum over namespaces stays below --capacity.',
  },
  evictions: {
    name: 'reprise_evictions_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Entries removed to make room. High beside sets: the capacity is too small for what is used.',
  },
  expirations: {
    name: 'reprise_expirations_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Entries removed because their time was over. High beside sets: values are seldom read before they end.',
  },
  watermarks: {
    name: 'reprise_watermarks',
    type: 'gauge',
    labels: ['namespace'],
    help: 'Remembered invalidations of tags, prefixes and keys. At 100000 the oldest half folds.',
  },
  watermarkFolds: {
    name: 'reprise_watermark_folds_total',
    type: 'counter',
    labels: ['namespace'],
    help: 'Times the watermark table was full and folded. Above 0: more was invalidated than asked for.',
  },
  storeUp: {
    name: 'reprise_store_up',
    type: 'gauge',
    labels: ['use'],
    help: '1 while Redis can be used, 0 while it can not; of a server alone always 1. 0: see the log event storeUnavailable.',
  },
  storeBreakers: {
    name: 'reprise_store_breakers',
    type: 'gauge',
    labels: ['state'],
    help: 'Circuit breakers in front of Redis by state, one each partition in use. Open: that partition does not answer.',
  },
  storeBreakersOpened: {
    name: 'reprise_store_breakers_opened_total',
    type: 'counter',
    labels: [],
    help: 'Times that a circuit breaker opened. High: Redis or the network to it is slow, or the process lacks CPU.',
  },
  storeRefused: {
    name: 'reprise_store_refused_total',
    type: 'counter',
    labels: [],
    help: 'Calls to Redis that an open breaker refused unsent. High beside an outage: callers retry faster than told.',
  },
  spooled: {
    name: 'reprise_spooled_invalidations',
    type: 'gauge',
    labels: [],
    help: 'Deferred invalidations that wait in the spool. At 10000 more are refused with SPOOL_FULL. Only with --spool.',
  },
  spoolOldestAge: {
    name: 'reprise_spool_oldest_age_seconds',
    type: 'gauge',
    labels: [],
    help: 'How long the oldest of them has waited. High: Redis is away, or refuses changes; other nodes serve what is old.',
  },
  deferred: {
    name: 'reprise_invalidations_deferred_total',
    type: 'counter',
    labels: [],
    help: 'Invalidations that were put into the spool. Above 0: Redis was away.',
  },
  replayed: {
    name: 'reprise_invalidations_replayed_total',
    type: 'counter',
    labels: ['outcome'],
    help: 'Deferred invalidations that left the spool. Many dropped: their namespaces were deleted meanwhile.',
  },
  spoolDamaged: {
    name: 'reprise_spool_damaged_lines',
    type: 'gauge',
    labels: [],
    help: 'Lines of the spool that could not be read at the start. Above 0: invalidations are lost, see spoolDamaged in the log.',
  },
  auditChecks: {
    name: 'reprise_audit_checks_total',
    type: 'counter',
    labels: ['after', 'result'],
    help: 'Answers from memory compared with Redis, by how long after a change (walk: all in turn). Any stale from max_lag on: a promise was not kept.',
  },
  auditRepairs: {
    name: 'reprise_audit_repairs_total',
    type: 'counter',
    labels: ['cause'],
    help: 'Entries that the auditor dropped from memory. Any stale: report it. Many foreign: Redis evicts, or somebody else writes there.',
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** The name of a metric in the table. */
export type MetricKey = keyof typeof metricTable;
