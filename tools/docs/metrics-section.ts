import { callGroups } from '../../src/api/call-groups.ts';
import { createAuditCounts } from '../../src/store/tiered/audit-counts.ts';
import { createCacheCounters } from '../../src/telemetry/cache-counters.ts';
import { metricReaders, type Snapshot } from '../../src/telemetry/metric-readers.ts';
import { type MetricKey, type MetricRow, metricTable } from '../../src/telemetry/metric-table.ts';
import { RequestLatencies } from '../../src/telemetry/request-latencies.ts';
import { code, markdownTable } from './markdown-table.ts';

/** Labels whose values the table does not list: there are many, or they differ from server to server. */
const OPEN_LABELS: ReadonlySet<string> = new Set(['namespace', 'version', 'node', 'rpc', 'code']);

/** Returns the table of all metrics of our own. */
export function metricsSection(): string {
  const rows = (Object.keys(metricTable) as MetricKey[]).map((key) => {
    const { name, type, labels, help }: MetricRow = metricTable[key];
    return [code(name), type, labels.map((label) => labelText(key, label)).join(', '), help];
  });
  return markdownTable(['metric', 'type', 'labels', 'what it says'], rows);
}

function labelText(key: MetricKey, label: string): string {
  if (OPEN_LABELS.has(label)) return code(label);
  const values = new Set(metricReaders[key](sampleSnapshot()).map(({ labels }) => labels[label]!));
  return `${code(label)}: ${[...values].join(' / ')}`;
}

// One idle namespace: its readers show every value that a label can have.
function sampleSnapshot(): Snapshot {
  const usage = { entries: 0, weightBytes: 0, capacityBytes: 0, evictions: 0, expirations: 0 };
  const namespaces = [{ name: 'sample', counters: createCacheCounters(), usage, watermarks: 0, watermarkFolds: 0 }];
  const sources = {
    version: '',
    latencies: new RequestLatencies([]),
    ready: () => true,
    callsInFlight: () => 0,
    load: () => ({ pressure: 0, shed: new Map(callGroups.map((group) => [group, 0])) }),
    store: () => ({
      up: { reads: true, writes: true },
      breakers: { closed: 0, open: 0, halfOpen: 0 },
      opened: 0,
      refused: 0,
    }),
    deferred: () => ({ waiting: 0, oldestMs: 0, counts: { deferred: 0, made: 0, dropped: 0, damaged: 0 } }),
    audit: createAuditCounts,
    namespaces: () => namespaces,
  };
  return { sources, namespaces };
}
