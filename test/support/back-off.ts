import { systemClock } from '../../src/base/clock.ts';

/** Resolves after so many milliseconds: what a caller leaves between two calls, or before it tries one again. */
export function backOff(ms: number): Promise<void> {
  return new Promise((resolve) => void systemClock.startTimer(ms, resolve));
}
