import type { Position } from './rules/position.ts';

/** Returns the text that names a change to callers: compared for equality only. Unique, because the epoch is. */
export function revisionOf(position: Position): string {
  return `${position.epoch}-${position.number}`;
}
