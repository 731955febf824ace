/** Namespaces of the nodes: one that fits into L1, and one whose L1 holds a hundredth of what is read in turn. */
export const namespaces = {
  warm: { name: 'warm', capacityBytes: 64 * 2 ** 20, keys: 1000 },
  cold: { name: 'cold', capacityBytes: 65_536, keys: 10_000 },
} as const;

/** A namespace of the workload. */
export type Temperature = keyof typeof namespaces;

/** Keys that one batch reads. */
export const BATCH_KEYS = 100;
/** Milliseconds for which everything lives. */
export const TTL_MS = 3_600_000;
/** What is stored under every key. */
export const value = Buffer.alloc(100, 'v');

/** Returns a key of 16 bytes. */
export function keyAt(index: number): string {
  return `bench:key:${index.toString().padStart(6, '0')}`;
}

/** Returns all keys that are read in turn, in batches. */
export function batchesOf(temperature: Temperature): readonly (readonly string[])[] {
  return Array.from({ length: namespaces[temperature].keys / BATCH_KEYS }, (_, batch) =>
    Array.from({ length: BATCH_KEYS }, (_, index) => keyAt(batch * BATCH_KEYS + index)),
  );
}
