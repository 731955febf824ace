import type { Random } from '../base/random.ts';

const FIRST_MS = 100;
const MOST_MS = 10_000;

/**
 * Returns how long to wait after so many failures in a row, from 1: anything up to 100 ms, 200 ms, 400 ms … 10 s. Full
 * jitter (Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015): callers whose server restarts come
 * back spread out, not all at once.
 */
export function retryDelayMs(failures: number, random: Pick<Random, 'float'>): number {
  return random.float() * Math.min(MOST_MS, FIRST_MS * 2 ** (failures - 1));
}
