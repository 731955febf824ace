import { limits } from '../../base/limits.ts';
import { type EpochChain, effectiveNumber } from './epoch-chain.ts';
import type { Position } from './position.ts';

/** The moment at which a miss was judged, in the key's partition. */
export interface Fence {
  readonly head: Position;
  /** Store time at which the fence was given, in milliseconds. */
  readonly givenAtMs: number;
}

/** What the key's partition knows when a fenced Set arrives. */
export interface FenceFacts {
  readonly chain: EpochChain;
  /** Number of the newest change of the key that is remembered, 0 if none. */
  readonly newestChange: number;
  /** Changes up to this number may have been forgotten. */
  readonly floor: number;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
}

/**
 * Tells whether a fence still stands: nothing that is known, or may have been forgotten, changed the key since.
 * Invalidations of tags, prefixes and namespaces are the stamp's matter, not the fence's.
 *
 * Laws: once overtaken it stays so; a forgotten change overtakes every older fence.
 */
export function fenceStands(fence: Fence, facts: FenceFacts, ageMsMax: number = limits.fenceAgeMsMax): boolean {
  if (facts.nowMs - fence.givenAtMs > ageMsMax) return false;
  const head = effectiveNumber(facts.chain, fence.head);
  if (head === undefined || head !== fence.head.number) return false;
  return facts.newestChange <= head && facts.floor <= head;
}
