import type { GetStatsResponse } from '../gen/reprise/v1/admin_service.ts';
import { formatBytes, formatRate, formatShare, formatSpan } from './format-figures.ts';
import { spanMs } from './lifetime.ts';
import { fieldsText, tableText } from './print-table.ts';

/** Counters of GetStats, which only grow. */
export const counterNames = [
  'hits',
  'staleHits',
  'misses',
  'sets',
  'deletes',
  'invalidations',
  'evictions',
  'expirations',
] as const;

/** The figures of one namespace. */
export type Figures = GetStatsResponse;

/** Growth of each counter per second. */
export type Rates = Readonly<Record<(typeof counterNames)[number], number>>;

/** Figures, and how fast they grow where that is known. */
export interface Measured {
  readonly figures: Figures;
  readonly rates?: Rates;
}

/** Returns how fast the counters grew between two readings. A server that began anew counts from 0. */
export function ratesBetween(before: Figures, after: Figures, elapsedMs: number): Rates {
  const restarted = counterNames.some((name) => after[name] < before[name]);
  const grown = (name: (typeof counterNames)[number]): number =>
    (Number(after[name] - (restarted ? 0n : before[name])) * 1000) / elapsedMs;
  return Object.fromEntries(counterNames.map((name) => [name, grown(name)])) as Rates;
}

/** Returns figures as an object for JSON. */
export function figuresJson({ figures, rates }: Measured): Record<string, unknown> {
  const { namespace, entries, weightBytes, capacityBytes, subscribers, countedFor } = figures;
  return {
    namespace,
    entries: Number(entries),
    weightBytes: Number(weightBytes),
    capacityBytes: Number(capacityBytes),
    subscribers: Number(subscribers),
    countedForMs: spanMs(countedFor),
    ...Object.fromEntries(counterNames.map((name) => [name, Number(figures[name])])),
    ratesPerSecond: rates,
  };
}

/** Returns the figures of one namespace line by line. */
export function figuresText({ figures, rates }: Measured): string {
  const counted = (name: (typeof counterNames)[number]): string =>
    `${figures[name]}${rates === undefined ? '' : `  ${formatRate(rates[name])}/s`}`;
  return fieldsText({
    namespace: figures.namespace,
    entries: String(figures.entries),
    memory: memoryText(figures),
    subscribers: String(figures.subscribers),
    'counted for': formatSpan(spanMs(figures.countedFor)),
    'hit ratio': hitShare(figures),
    hits: counted('hits'),
    'stale hits': counted('staleHits'),
    misses: counted('misses'),
    sets: counted('sets'),
    deletes: counted('deletes'),
    invalidations: counted('invalidations'),
    evictions: counted('evictions'),
    expirations: counted('expirations'),
  });
}

/** Returns the figures of several namespaces as a table: rates where they are known, counts otherwise. */
export function figuresTable(all: readonly Measured[]): string {
  const unit = all.some(({ rates }) => rates !== undefined) ? '/S' : '';
  const header = ['NAMESPACE', 'ENTRIES', 'MEMORY', 'HIT RATIO', `HITS${unit}`, `MISSES${unit}`, `SETS${unit}`];
  header.push(`DELETES${unit}`, `INVALIDATIONS${unit}`, `EVICTIONS${unit}`, `EXPIRATIONS${unit}`);
  return tableText([header, ...all.map(rowOf)], { right: [...header.keys()].slice(1) });
}

function rowOf({ figures, rates }: Measured): string[] {
  const cells = (['hits', 'misses', 'sets', 'deletes', 'invalidations', 'evictions', 'expirations'] as const).map(
    (name) => (rates === undefined ? String(figures[name]) : formatRate(rates[name])),
  );
  return [figures.namespace, String(figures.entries), memoryText(figures), hitShare(figures), ...cells];
}

function memoryText({ weightBytes, capacityBytes }: Figures): string {
  return `${formatBytes(Number(weightBytes))} of ${formatBytes(Number(capacityBytes))}`;
}

function hitShare({ hits, staleHits, misses }: Figures): string {
  const served = Number(hits + staleHits);
  return formatShare(served, served + Number(misses));
}
