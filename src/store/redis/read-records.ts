import type { Partition } from '../../cache/rules/position.ts';
import type { Coverable } from '../../cache/rules/selector.ts';
import type { Watermark } from '../../cache/rules/watermark-table.ts';
import type { Found, Told, ToldKeys } from '../partition-store.ts';
import type { NamespaceId } from '../store.ts';
import type { PartitionCalls } from './partition-calls.ts';
import { partitionScripts } from './partition-scripts.ts';
import { NUMBER_BYTES, readNumber } from './position-codec.ts';
import { readRecord } from './record-codec.ts';
import { selectorsCovering } from './selector-codec.ts';

/** Keys that are read at one moment: it holds up everybody else. */
const KEYS_MAX = 500;

/** Selectors that one script looks up. */
const SELECTORS_MAX = 4000;

/** No watermark covers it. */
const UNCOVERED: Watermark = { removed: 0, stale: 0 };

/** Reads keys of a partition. */
export async function readRecords(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  keys: readonly string[],
): Promise<ToldKeys> {
  if (keys.length <= KEYS_MAX) return readSome(calls, partition, namespaceId, keys);
  const found: Found[] = [];
  const first = await readSome(calls, partition, namespaceId, keys.slice(0, KEYS_MAX));
  let { newestWatermark } = first;
  found.push(...first.found);
  for (let from = KEYS_MAX; from < keys.length; from += KEYS_MAX) {
    const more = await readSome(calls, partition, namespaceId, keys.slice(from, from + KEYS_MAX));
    // Positions of two histories don't go together in one answer.
    if (more.chain.epoch !== first.chain.epoch) return readRecords(calls, partition, namespaceId, keys);
    found.push(...more.found);
    newestWatermark = more.newestWatermark;
  }
  return { ...first, found, newestWatermark };
}

async function readSome(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  keys: readonly string[],
): Promise<ToldKeys> {
  const names = calls.keys(partition);
  const records = keys.map((key) => names.record({ namespaceId, key }));
  const read = await calls.read(partition, [names.newestWatermark(namespaceId), ...records]);
  const { told, life, strings } = read;
  const [newest, ...bytes] = strings;
  const found = keys.map((key, i) => readRecord(key, bytes[i] ?? undefined, told.nowMs));
  return { ...told, found, newestWatermark: newest instanceof Buffer ? numberIn(newest, life) : 0 };
}

/** Returns the number of a packed position of this life of the partition; 0 for one of an earlier life. */
function numberIn(position: Buffer, life: Buffer): number {
  return position.subarray(NUMBER_BYTES).equals(life) ? readNumber(position, 0) : 0;
}

/** Reads the watermarks of a partition that cover entries. */
export async function readCovering(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  entries: readonly Coverable[],
): Promise<Told & { readonly covering: readonly Watermark[] }> {
  const selectors = entries.map(selectorsCovering);
  const wanted = [...new Set(selectors.flat())];
  const first = await readRows(calls, partition, namespaceId, wanted.slice(0, SELECTORS_MAX));
  const rows = new Map(first.rows);
  for (let from = SELECTORS_MAX; from < wanted.length; from += SELECTORS_MAX) {
    const more = await readRows(calls, partition, namespaceId, wanted.slice(from, from + SELECTORS_MAX));
    if (more.told.chain.epoch !== first.told.chain.epoch) return readCovering(calls, partition, namespaceId, entries);
    for (const [selector, row] of more.rows) rows.set(selector, row);
  }
  return { ...first.told, covering: selectors.map((fields) => highest(fields, rows)) };
}

interface Rows {
  readonly told: Told;
  readonly rows: ReadonlyMap<string, Watermark>;
}

async function readRows(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  selectors: readonly string[],
): Promise<Rows> {
  const { meta, newestWatermark, watermarks } = calls.keys(partition);
  const { told, parts } = await calls.ask(partition, {
    script: partitionScripts.covering,
    keys: [meta, newestWatermark(namespaceId), watermarks(namespaceId)],
    args: selectors,
  });
  const rows = new Map<string, Watermark>();
  for (const [i, row] of (parts[0] as readonly (Buffer | undefined)[]).entries()) {
    if (row instanceof Buffer) rows.set(selectors[i]!, readWatermark(row));
  }
  return { told, rows };
}

/** Reads the two numbers of a packed row. */
export function readWatermark(row: Buffer): Watermark {
  return { removed: readNumber(row, 0), stale: readNumber(row, 6) };
}

function highest(selectors: readonly string[], rows: ReadonlyMap<string, Watermark>): Watermark {
  let { removed, stale } = UNCOVERED;
  for (const selector of selectors) {
    const row = rows.get(selector);
    if (row === undefined) continue;
    removed = Math.max(removed, row.removed);
    stale = Math.max(stale, row.stale);
  }
  return removed === 0 && stale === 0 ? UNCOVERED : { removed, stale };
}
