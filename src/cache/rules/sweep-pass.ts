import type { EpochChain } from './epoch-chain.ts';
import type { Epoch, Position } from './position.ts';
import { canJudge, judgeAgainst, type Visibility } from './visibility.ts';
import type { Watermark } from './watermark-table.ts';

/** A pass of the sweep through all partitions of a namespace that has ended. */
export interface SweepPass {
  readonly endedAtMs: number;
  /** The epoch in which each partition was swept, the control partition included. */
  readonly epochs: readonly Epoch[];
}

/** What the primaries in force answered later. */
export interface SweepCheck {
  /** When the first of them was asked, in milliseconds of the same clock. */
  readonly askedAtMs: number;
  readonly epochs: readonly Epoch[];
}

/**
 * Tells whether the watermarks that a pass settled may be forgotten. What it settled is no change and has no number: a
 * failover may bring the entries back, and a deposed primary may have been swept in place of the one in force. So the
 * pass counts only once no replica can lack it any more and every partition is still in the epoch in which it was swept.
 *
 * @param memoryMs longer than a replica lags and a deposed primary answers, together
 */
export function sweepCounts(pass: SweepPass, check: SweepCheck, memoryMs: number): boolean {
  if (check.askedAtMs <= pass.endedAtMs + memoryMs) return false;
  return pass.epochs.every((epoch, index) => epoch === check.epochs[index]);
}

/**
 * Returns the store time before which a watermark must have been raised for a pass that began at `begunAtMs` to settle
 * it. A miss that was judged before the watermark may still be filled, under a stamp below it, and behind the pass: then
 * nothing but the watermark hides the fill. So a watermark must be as old as that when the pass begins; one that only
 * grows so old while the pass waits to be counted is for the next pass to settle.
 *
 * @param stampAgeMs longer than a miss lags, and then a fence is honoured or a lease is asked for and held, together
 */
export function settledBeforeMs(begunAtMs: number, stampAgeMs: number): number {
  return begunAtMs - stampAgeMs;
}

/**
 * Returns what the sweep makes permanent of an entry. Nothing if the control partition that answered does not know the
 * epoch of the stamp: a reader hides such an entry, which costs a miss; but whoever answered may have been deposed, and
 * what the sweep removes is gone for everybody.
 */
export function sweepVerdict(chain: EpochChain, covering: Watermark, stamp: Position): Visibility {
  return canJudge(chain, stamp) ? judgeAgainst(chain, covering, stamp) : 'visible';
}
