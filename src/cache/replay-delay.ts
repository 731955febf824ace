import type { Random } from '../base/random.ts';

const FIRST_MS = 50;
const MOST_MS = 1000;

/**
 * Returns how many milliseconds to wait before deferred invalidations are tried, after so many failures: twice as long
 * each time up to a second, less a random half, so that the nodes of a fleet don't come all at once.
 */
export function replayDelayMs(failures: number, random: Pick<Random, 'float'>): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** failures) * (0.5 + 0.5 * random.float());
}
