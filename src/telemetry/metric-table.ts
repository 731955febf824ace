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
    help: 'Sets by outcome. Many lease_void or fence_overtaken: sources change faster than values are computed.',
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
} as const satisfies Readonly<Record<string, MetricRow>>;

/** The name of a metric in the table. */
export type MetricKey = keyof typeof metricTable;
