import type { Partition } from '../../cache/rules/position.ts';
import type { PartitionPage } from '../partition-store.ts';
import type { NamespaceId } from '../store.ts';
import type { PartitionCalls } from './partition-calls.ts';
import { partitionScripts } from './partition-scripts.ts';
import { readRecords } from './read-records.ts';

/** Keys that one script takes out of the index, or deletes. */
const KEYS_MAX = 500;

/** Returns keys of a namespace after one of them, in the order of their bytes; their entries may be gone. */
export async function listKeys(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  { after, keysMax }: { readonly after: string; readonly keysMax: number },
): Promise<readonly string[]> {
  const { meta, index } = calls.keys(partition);
  const { parts } = await calls.ask(partition, {
    script: partitionScripts.keys,
    keys: [meta, index(namespaceId)],
    args: [after, keysMax],
  });
  return (parts[0] as readonly Buffer[]).map((key) => key.toString('utf8'));
}

/** Lists entries after a key. Keys whose entry is gone leave the index. */
export async function listEntries(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  { after, keysMax }: { readonly after: string; readonly keysMax: number },
): Promise<PartitionPage> {
  const keys = await listKeys(calls, partition, namespaceId, { after, keysMax });
  const { found, ...told } = await readRecords(calls, partition, namespaceId, keys);
  const absent = keys.filter((_, i) => found[i]!.entry === undefined);
  await tidyKeys(calls, partition, namespaceId, absent);
  const next = keys.length < keysMax ? undefined : keys.at(-1);
  return { ...told, found: found.filter(({ entry }) => entry !== undefined), next };
}

/** Takes those of the keys out of the index that hold no entry any more. */
export async function tidyKeys(
  calls: PartitionCalls,
  partition: Partition,
  namespaceId: NamespaceId,
  keys: readonly string[],
): Promise<void> {
  const { meta, index, record } = calls.keys(partition);
  for (let from = 0; from < keys.length; from += KEYS_MAX) {
    const some = keys.slice(from, from + KEYS_MAX);
    const records = some.map((key) => record({ namespaceId, key }));
    await calls.ask(partition, {
      script: partitionScripts.tidy,
      keys: [meta, index(namespaceId), ...records],
      args: [],
    });
  }
}

/** Forgets a namespace: its watermarks at once, then its entries, a page at a time. What was left can be repeated. */
export async function dropKeys(calls: PartitionCalls, partition: Partition, namespaceId: NamespaceId): Promise<void> {
  const { meta, newestWatermark, watermarks, watermarkOrder, index, record } = calls.keys(partition);
  const own = [meta, ...[newestWatermark, watermarks, watermarkOrder, index].map((name) => name(namespaceId))];
  for (let some: readonly string[] = []; ; ) {
    const records = some.map((key) => record({ namespaceId, key }));
    await calls.ask(partition, {
      script: partitionScripts.drop,
      keys: [...own, ...records],
      args: [],
    });
    some = await listKeys(calls, partition, namespaceId, { after: '', keysMax: KEYS_MAX });
    if (some.length === 0) return;
  }
}
