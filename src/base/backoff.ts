import type { Random } from './random.ts';

/** How long is waited after failures, in milliseconds: after none, and at most. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * Returns how many milliseconds to wait before the next try, after so many that failed: twice as long each time up to a
 * bound, less a random half, so that the nodes of a fleet don't come all at once.
 */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number, random: Pick<Random, 'float'>): number {
  return Math.min(mostMs, firstMs * 2 ** failures) * (0.5 + 0.5 * random.float());
}
