import type { Random } from '../base/random.ts';

/** The last part of a TTL in which a hit may be refreshed early. */
const EARLY_PART = 0.1;
/** The mean of the random head start, as a part of that time. */
const MEAN_PART = 0.25;

/**
 * Tells whether the caller of a hit should compute the next value now, although this one is fresh: never before the last
 * tenth of the TTL, then with a probability that grows to 1.
 *
 * After A. Vattani, F. Chierichetti, K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB 2015, § 3: a
 * head start with an exponential distribution. Theirs has the mean of the time that the computation takes; ours a fortieth
 * of the TTL, since nobody here knows that time before the first computation.
 */
export function isEarlyRefresh({ freshForMs, ttlMs }: { freshForMs: number; ttlMs: number }, random: Random): boolean {
  const earlyMs = ttlMs * EARLY_PART;
  if (freshForMs >= earlyMs) return false;
  const headStartMs = -Math.log(1 - random.float()) * earlyMs * MEAN_PART;
  return headStartMs >= freshForMs;
}
