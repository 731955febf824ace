import type { PartitionStore } from '../../src/store/partition-store.ts';

/** Returns partitions of which some methods are replaced; the others are those of `partitions`. */
export function replaceParts(partitions: PartitionStore, parts: Partial<PartitionStore>): PartitionStore {
  return new Proxy(partitions, {
    get(target, name) {
      const replaced: unknown = Reflect.get(parts, name);
      if (replaced !== undefined) return replaced;
      const own: unknown = Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
}

/** Returns partitions whose doorbells never ring, and say nothing of it. */
export function withoutBells(partitions: PartitionStore): PartitionStore {
  return replaceParts(partitions, {
    listen: (partition) =>
      partitions.listen(partition, { onChange: () => {}, onReleased: () => {}, onAsked: () => {}, onGap: () => {} }),
  });
}
