import assert from 'node:assert/strict';
import { tagSlot } from './key-slot.ts';

const SLOTS = 16_384;

/**
 * Returns the hash tags of all partitions, the same on every node and for ever. The slots of a cluster are cut into as
 * many equal parts as there are partitions, and partition i has a slot in part i: primaries with equal shares of the
 * slots have equal shares of the partitions, to within one.
 *
 * A part's tag is the first of the numbers 0, 1, 2 … in base 36 whose slot lies in it.
 *
 * @param partitions a power of two, at most 1024
 */
export function partitionTags(partitions: number): readonly string[] {
  assert(Number.isInteger(Math.log2(partitions)) && partitions <= 1024, 'partitions are a power of two, at most 1024');
  const partSlots = SLOTS / partitions;
  const tags = new Map<number, string>();
  for (let candidate = 0; tags.size < partitions; candidate++) {
    const tag = candidate.toString(36);
    const part = Math.floor(tagSlot(tag) / partSlots);
    if (!tags.has(part)) tags.set(part, tag);
  }
  return Array.from({ length: partitions }, (_, part) => tags.get(part)!);
}
