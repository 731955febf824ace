import { OperatingError } from '../../base/operating-error.ts';
import type { PartitionStore } from '../partition-store.ts';
import type { Usage } from '../store.ts';
import type { Home } from './home.ts';

/**
 * Returns what a namespace holds: the entries of the store, and the bytes of them that this node has in memory. While
 * the store can't be asked, the number of entries is that of the last time, 0 before the first: whoever looks for what
 * is wrong still gets all other figures.
 */
export async function namespaceUsage(partitions: PartitionStore, home: Home): Promise<Usage> {
  home.entriesCounted = await countEntries(partitions, home);
  const table = home.watermarks.last?.watermarks;
  return {
    ...home.tier.usage(),
    entries: home.entriesCounted,
    watermarks: table?.size ?? 0,
    watermarkFolds: table?.folds ?? 0,
  };
}

async function countEntries(partitions: PartitionStore, { id, views, entriesCounted }: Home): Promise<number> {
  try {
    const counts = await Promise.all(views.map(({ partition }) => partitions.count(partition, id)));
    return counts.reduce((sum, count) => sum + count, 0);
  } catch (error) {
    if (error instanceof OperatingError && error.reason === 'STORE_UNAVAILABLE') return entriesCounted;
    throw error;
  }
}
