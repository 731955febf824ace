import type { EntryRef } from '../store.ts';

/** Bytes of a slot: the number of a change. */
const SLOT_BYTES = 6;

/** Bytes of all slots of all partitions together, unless a partition had fewer than `SLOTS_MIN`. */
const SLOTS_TOTAL = 262_144;
const SLOTS_MIN = 4096;

/** Slots of each partition. With one partition they take 1.5 MiB, with 256 together 6 MiB. */
export function changedSlots(partitions: number): number {
  return Math.max(SLOTS_MIN, SLOTS_TOTAL / partitions);
}

/**
 * Returns where the slot of a key begins in its partition's table of changed slots. Every node must find the same one,
 * or fences would stand that have fallen: FNV-1a of 32 bits (Fowler, Noll, Vo 1991) over UTF-16 code units.
 *
 * Two keys may share a slot: then a fence may fall without need, once the key's record is no longer there.
 */
export function changedSlotOffset({ namespaceId, key }: EntryRef, slots: number): number {
  const hash = hashOnto(hashOnto(0x811c9dc5, namespaceId) ^ 0x3a, key);
  return (mix(hash) % slots) * SLOT_BYTES;
}

function hashOnto(seed: number, text: string): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

// The low bits of FNV alone spread short keys badly; the finalizer of MurmurHash3 (Appleby 2011) mends that.
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
