import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import type { LatencySummary } from './latency.ts';
import type { DemoResult } from './run-demo.ts';

/** Returns the table of what the server did with each trace, beside a plain LRU of the same capacity. */
export function hitTable(results: readonly DemoResult[]): string {
  const columns = columnsOf('trace', '>requests', '>keys', '>capacity', '>hits', '>hit ratio', '>direct LRU', 'equal');
  return formatTable(columns, results.map(hitRow));
}

/** Returns the table of how fast it was: gets are all requests, sets the misses. Latencies in milliseconds. */
export function speedTable(results: readonly DemoResult[]): string {
  const columns = columnsOf('trace', '>requests/s', 'call', '>calls', '>p50 ms', '>p90 ms', '>p99 ms', '>max ms');
  const rows = results.flatMap(({ plan, replay }) => [
    [plan.trace.name, formatCount((replay.requests / replay.elapsedMs) * 1000), 'get', ...latencyCells(replay.get)],
    ['', '', 'set', ...latencyCells(replay.set)],
  ]);
  return formatTable(columns, rows);
}

/** Returns what must be said beside the tables, a line each. */
export function remarks(results: readonly DemoResult[], concurrency: number): string {
  const refused = results.reduce((sum, { replay }) => sum + replay.refused, 0);
  const lines = [
    'Capacity in entries. The direct LRU is a Map in this process with the same budget of bytes.',
    ...(concurrency === 1 ? [] : [`${concurrency} requests at a time: order, and so the hit ratio, may differ.`]),
    ...(refused === 0 ? [] : [`${formatCount(refused)} values were larger than the whole capacity and not stored.`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function hitRow({ plan, replay, directHits }: DemoResult): readonly string[] {
  const ratio = (hits: number): string => (hits / Math.max(1, replay.requests)).toFixed(6);
  const counts = [replay.requests, plan.trace.uniqueKeys, plan.capacityEntries, replay.hits].map(formatCount);
  const equal = replay.hits === directHits ? 'yes' : `no, ${formatCount(replay.hits - directHits)} hits`;
  return [plan.trace.name, ...counts, ratio(replay.hits), ratio(directHits), equal];
}

function latencyCells({ count, p50Ms, p90Ms, p99Ms, maxMs }: LatencySummary): readonly string[] {
  return [formatCount(count), ...[p50Ms, p90Ms, p99Ms, maxMs].map(formatAmount)];
}
