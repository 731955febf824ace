import type { Random } from '../../../base/random.ts';

/** Milliseconds before the second attempt to connect, at most. */
export const BACKOFF_FIRST_MS = 25;

/** Milliseconds between two attempts, at most. */
export const BACKOFF_MS_MAX = 250;

/**
 * Returns how many milliseconds to wait before an attempt, after this many that failed: twice as long each time up to a
 * bound, less a random half, so that the nodes of a fleet don't come all at once.
 */
export function backoffMs(failures: number, random: Random): number {
  const fullMs = Math.min(BACKOFF_MS_MAX, BACKOFF_FIRST_MS * 2 ** failures);
  return fullMs * (0.5 + 0.5 * random.float());
}
