import type { Partition } from '../../cache/rules/position.ts';
import type { EntryRef, NamespaceId } from '../store.ts';

/** Returns the 64-bit hash (xxh64, seed 0) of a text in UTF-8. */
export type Hash64 = (text: string) => bigint;

/**
 * Which partitions a namespace lives on, and on which of them each key. The same on every node and for ever: only
 * depends on the namespace's id, the key, and two numbers that never change.
 *
 * A namespace begins at xxh64(id) mod P, its control partition, and has the others at equal steps from there, so that
 * they lie on all primaries of a cluster. A key is on the partition of index xxh64(id ‖ NUL ‖ key) mod spread.
 */
export class Placement {
  readonly #partitions: number;
  readonly #spread: number;
  readonly #hash: Hash64;
  readonly #known = new Map<NamespaceId, readonly Partition[]>();

  /** @param spread partitions of a namespace; divides `partitions` */
  constructor(partitions: number, spread: number, hash: Hash64) {
    if (partitions % spread !== 0) throw new Error(`${spread} does not divide ${partitions}`);
    this.#partitions = partitions;
    this.#spread = spread;
    this.#hash = hash;
  }

  /** The partitions of a namespace, its control partition first. */
  partitionsOf(namespaceId: NamespaceId): readonly Partition[] {
    const known = this.#known.get(namespaceId);
    if (known !== undefined) return known;
    const first = Number(this.#hash(namespaceId) % BigInt(this.#partitions));
    const step = this.#partitions / this.#spread;
    const partitions = Array.from({ length: this.#spread }, (_, index) => (first + index * step) % this.#partitions);
    this.#known.set(namespaceId, partitions);
    return partitions;
  }

  /** The partition of a key. */
  partitionOf({ namespaceId, key }: EntryRef): Partition {
    const partitions = this.partitionsOf(namespaceId);
    if (this.#spread === 1) return partitions[0]!;
    return partitions[Number(this.#hash(`${namespaceId}\0${key}`) % BigInt(this.#spread))]!;
  }

  /** Forgets a namespace that was deleted. */
  forget(namespaceId: NamespaceId): void {
    this.#known.delete(namespaceId);
  }
}
