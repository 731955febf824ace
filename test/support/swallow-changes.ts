import type { PartitionStore } from '../../src/store/partition-store.ts';
import type { Change } from '../../src/store/store.ts';
import { replaceParts } from './wrap-partitions.ts';

/** The defect of a tail: changes that it never hears of, though their numbers come to it as if they were others. */
export interface Swallower {
  /** Tells which changes are swallowed from now on. Default: none. */
  swallows: (change: Change) => boolean;
  readonly wrap: (partitions: PartitionStore) => PartitionStore;
}

/**
 * Returns a way to swallow changes by bell, page and log: in their place comes one of a key that nobody uses, so that no
 * hole shows and heartbeats prove a tail that lacks something.
 */
export function swallower(): Swallower {
  const own: Swallower = { swallows: () => false, wrap: (partitions) => wrapped(partitions, own) };
  return own;
}

function wrapped(partitions: PartitionStore, own: Swallower): PartitionStore {
  const changed = (change: Change): Change => (own.swallows(change) ? elsewhere(change) : change);
  return replaceParts(partitions, {
    listen: (partition, bell) =>
      partitions.listen(partition, { ...bell, onChange: (change) => bell.onChange(changed(change)) }),
    beat: async (...asked) => {
      const answer = await partitions.beat(...asked);
      return { ...answer, changes: answer.changes.map(changed) };
    },
    changesSince: async (...asked) => {
      const answer = await partitions.changesSince(...asked);
      return { ...answer, changes: answer.changes.map(changed) };
    },
  });
}

function elsewhere({ namespaceId, partition, position, author }: Change): Change {
  return { namespaceId, partition, position, author, tags: [], kind: 'delete', key: 'a key that nobody uses' };
}
