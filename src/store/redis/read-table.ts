import type { Partition } from '../../cache/rules/position.ts';
import type { WatermarkRow } from '../../cache/rules/watermark-table.ts';
import type { Told } from '../partition-store.ts';
import type { NamespaceId } from '../store.ts';
import type { PartitionCalls } from './partition-calls.ts';
import { partitionScripts } from './partition-scripts.ts';
import { readNumber } from './position-codec.ts';
import { readWatermark } from './read-records.ts';
import { readSelector } from './selector-codec.ts';

/** Rows that one script reads, about: a script holds up everybody else. */
const ROWS_AT_ONCE = 2000;

const OWN_ROW = 'n';

/**
 * Reads the watermark table of a namespace in parts. It tells of the head before the first part: rows may be newer. The
 * namespace's own row is that of the last part, so that a row which folded into it meanwhile is not lost.
 */
export async function readTable(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
): Promise<Told & { readonly rows: readonly WatermarkRow[] }> {
  const { meta, newestWatermark, watermarks } = calls.keys(partition);
  const rows = new Map<string, WatermarkRow>();
  let first: Told | undefined;
  let next = '0';
  do {
    const { told, parts } = await calls.ask(partition, {
      script: partitionScripts.table,
      keys: [meta, newestWatermark(namespaceId), watermarks(namespaceId)],
      args: [next, ROWS_AT_ONCE],
    });
    first ??= told;
    if (told.chain.epoch !== first.chain.epoch) return readTable(calls, partition, namespaceId);
    const [following, fields, own] = parts as [Buffer, readonly Buffer[], Buffer | undefined];
    for (let i = 0; i < fields.length; i += 2) take(rows, fields[i]!.toString('utf8'), fields[i + 1]!);
    if (own instanceof Buffer) take(rows, OWN_ROW, own);
    next = following.toString('latin1');
  } while (next !== '0');
  return { ...first, rows: [...rows.values()] };
}

function take(rows: Map<string, WatermarkRow>, packed: string, row: Buffer): void {
  rows.set(packed, { selector: readSelector(packed), ...readWatermark(row), changedAtMs: readNumber(row, 12) });
}
