import type { Clock } from '../../src/base/clock.ts';

/** Waits so many milliseconds. */
export function delay(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.startTimer(ms, resolve));
}

/** Waits until a condition holds, looking every few milliseconds. Rejects after `msMax`. */
export async function until(
  holds: () => boolean,
  { what, msMax, clock }: { readonly what: string; readonly msMax: number; readonly clock: Clock },
): Promise<void> {
  const beganMs = clock.monotonicMs();
  while (!holds()) {
    if (clock.monotonicMs() - beganMs > msMax) throw new Error(`waited ${msMax} ms for ${what}`);
    await delay(clock, 5);
  }
}
