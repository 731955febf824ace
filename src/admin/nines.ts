import { countText } from './figures.ts';

/** How many of how many were stale. */
export interface Tally {
  readonly stale: number;
  readonly compared: number;
}

/**
 * Writes what a tally says of all answers: with none stale of N, at least 1 − 3/N are right, with 95 % confidence (the
 * rule of three; Hanley and Lippman-Hand 1983); else the share that was.
 */
export function ninesText({ stale, compared }: Tally): string {
  const tally = `${countText(stale)} stale of ${countText(compared)}`;
  if (compared === 0) return 'none compared';
  if (stale > 0) return `${tally} (${percentText(1 - stale / compared)})`;
  return compared < 3 ? tally : `${tally} (at least ${percentText(1 - 3 / compared)})`;
}

// Rounded down: 99.99996 % is not 100 %.
function percentText(share: number): string {
  return `${Math.floor(share * 1e8 + 1e-4) / 1e6} %`;
}
