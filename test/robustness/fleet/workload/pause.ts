import { systemClock } from '../../../../src/base/clock.ts';

/** Lets time pass between two calls, or for as long as a fault is to last. Nothing is judged by how long that really was. */
export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => {
    systemClock.startTimer(ms, resolve);
  });
}
