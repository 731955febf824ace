import { latencyBoundsMs } from './latency-histogram.ts';
import type { DeferredMetrics, MetricSources, NamespaceMetrics } from './metric-sources.ts';
import type { MetricKey } from './metric-table.ts';
import type { LatencySeries } from './request-latencies.ts';

/** One number of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Added to the metric's name, for the parts of a histogram. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

/** What the sources said when a scrape began. */
export interface Snapshot {
  readonly sources: MetricSources;
  readonly namespaces: readonly NamespaceMetrics[];
}

/** How each metric of the table is read. A row without a reader does not compile. */
export const metricReaders: Readonly<Record<MetricKey, (snapshot: Snapshot) => Sample[]>> = {
  buildInfo: ({ sources }) => one(1, { version: sources.version, node: process.versions.node }),
  ready: ({ sources }) => one(sources.ready() ? 1 : 0),
  requestDuration: ({ sources }) => sources.latencies.series().flatMap(histogramSamples),
  callsInFlight: ({ sources }) => one(sources.callsInFlight()),
  shedPressure: ({ sources }) => one(sources.load().pressure),
  callsShed: ({ sources }) => [...sources.load().shed].map(([group, value]) => ({ labels: { group }, value })),
  hits: byLabel('kind', ({ counters }) => counters.hits),
  misses: byLabel('reason', ({ counters }) => counters.misses),
  fallbackReads: byLabel('kind', ({ counters }) => counters.fallbackReads),
  notModified: single(({ counters }) => counters.notModified),
  sets: byLabel('outcome', ({ counters }) => counters.sets),
  deletes: single(({ counters }) => counters.deletes),
  touches: single(({ counters }) => counters.touches),
  increments: single(({ counters }) => counters.increments),
  invalidations: ({ namespaces }) =>
    namespaces.flatMap(({ name, counters }) =>
      Object.entries(counters.invalidations).flatMap(([mode, bySelector]) =>
        labelled({ namespace: name, mode: snakeCase(mode) }, 'selector', bySelector),
      ),
    ),
  leases: byLabel('outcome', ({ counters }) => counters.leases),
  leaseWaiters: single(({ counters }) => counters.waiters),
  subscriptions: single(({ counters }) => counters.streams.open),
  events: single(({ counters }) => counters.streams.events),
  resets: byLabel('reason', ({ counters }) => counters.streams.resets),
  entries: single(({ usage }) => usage.entries),
  weight: single(({ usage }) => usage.weightBytes),
  capacity: single(({ usage }) => usage.capacityBytes),
  evictions: single(({ usage }) => usage.evictions),
  expirations: single(({ usage }) => usage.expirations),
  watermarks: single(({ watermarks }) => watermarks),
  watermarkFolds: single(({ watermarkFolds }) => watermarkFolds),
  auditChecks: ({ sources }) =>
    Object.entries(sources.audit()?.checks ?? {}).flatMap(([after, results]) => labelled({ after }, 'result', results)),
  auditRepairs: ({ sources }) => labelled({}, 'cause', sources.audit()?.repairs ?? {}),
  storeUp: ({ sources }) => {
    const { reads, writes } = sources.store().up;
    return labelled({}, 'use', { reads: reads ? 1 : 0, writes: writes ? 1 : 0 });
  },
  storeBreakers: ({ sources }) => labelled({}, 'state', sources.store().breakers),
  storeBreakersOpened: ({ sources }) => one(sources.store().opened),
  storeRefused: ({ sources }) => one(sources.store().refused),
  spooled: ofDeferred(({ waiting }) => one(waiting)),
  spoolOldestAge: ofDeferred(({ oldestMs }) => one(oldestMs / 1000)),
  deferred: ofDeferred(({ counts }) => one(counts.deferred)),
  replayed: ofDeferred(({ counts: { made, dropped } }) => labelled({}, 'outcome', { made, dropped })),
  spoolDamaged: ofDeferred(({ counts }) => one(counts.damaged)),
};

function ofDeferred(read: (deferred: DeferredMetrics) => Sample[]) {
  return ({ sources }: Snapshot): Sample[] => {
    const deferred = sources.deferred();
    return deferred === undefined ? [] : read(deferred);
  };
}

function one(value: number, labels: Sample['labels'] = {}): Sample[] {
  return [{ labels, value }];
}

function single(read: (namespace: NamespaceMetrics) => number) {
  return ({ namespaces }: Snapshot): Sample[] =>
    namespaces.map((namespace) => ({ labels: { namespace: namespace.name }, value: read(namespace) }));
}

function byLabel(label: string, read: (namespace: NamespaceMetrics) => object) {
  return ({ namespaces }: Snapshot): Sample[] =>
    namespaces.flatMap((namespace) => labelled({ namespace: namespace.name }, label, read(namespace)));
}

function labelled(labels: Sample['labels'], label: string, counts: object): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { ...labels, [label]: snakeCase(name) }, value }));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function histogramSamples({ rpc, code, histogram }: LatencySeries): Sample[] {
  const labels = { rpc, code };
  const counts = histogram.cumulativeCounts();
  const buckets = counts.map((value, index) => {
    const boundMs = latencyBoundsMs[index];
    const le = boundMs === undefined ? '+Inf' : String(boundMs / 1000);
    return { labels: { le, ...labels }, value, suffix: '_bucket' } as const;
  });
  return [
    ...buckets,
    { labels, value: histogram.sumMs / 1000, suffix: '_sum' },
    { labels, value: counts.at(-1)!, suffix: '_count' },
  ];
}
