import type { Epoch, Position } from './rules/position.ts';

/** The position of an entry that no change of the store made. It is this very object, and has no revision. */
export const NO_POSITION: Position = { epoch: '' as Epoch, number: 0 };

/** Returns the text that names a change to callers: compared for equality only. Unique, because the epoch is. */
export function revisionOf(position: Position): string {
  return position === NO_POSITION ? '' : `${position.epoch}-${position.number}`;
}
