import type { Random } from './random.ts';

/** How long is waited between tries, in milliseconds. */
export interface Backoff {
  /** At most so long after the first failure. */
  readonly firstMs: number;
  /** At most so long after any. */
  readonly mostMs: number;
}

/**
 * Returns how many milliseconds to wait after so many failures (1 is the first): anything between nothing and a bound
 * that doubles ("full jitter"), so that many clients that failed at once don't come back at once.
 */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number, random: Random): number {
  return random.float() * Math.min(mostMs, firstMs * 2 ** (failures - 1));
}
