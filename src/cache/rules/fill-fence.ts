import type { Epoch, Position } from './position.ts';

/** What a node's tail knows of one key when something is about to enter L1. */
export interface FillView {
  readonly epoch: Epoch;
  /** Newest change of the key that was applied, or may have been: never below the floor of what is remembered. */
  readonly newestChange: number;
  /** Number of what L1 holds of the key: an entry's own, an absence' head; `undefined` if nothing. */
  readonly present: number | undefined;
}

/** What is about to enter L1. */
export interface Fill {
  /** Number of the entry; of an absence the head. */
  readonly number: number;
  /** Head of the partition when it was read; of an own write its own position. */
  readonly head: Position;
}

/**
 * The fill fence of L1: tells whether a read, or an own write, may enter. Not if the tail has applied a change of the
 * key that the read had not seen: nothing would drop it again. A change that is still to be applied will. Wide changes
 * are no matter of this fence, since every read judges the entry's stamp.
 */
export function mayFill(view: FillView, fill: Fill): boolean {
  if (fill.head.epoch !== view.epoch || view.newestChange > fill.head.number) return false;
  return view.present === undefined || view.present <= fill.number;
}

/** Tells whether applying change `number` of a key drops what L1 holds of it under the number `present`. */
export function overtakes(number: number, present: number): boolean {
  return present < number;
}
