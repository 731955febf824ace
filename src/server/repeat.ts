import type { Clock, Timer } from '../base/clock.ts';

/** Calls `work` every `intervalMs` until it is stopped. What `work` throws goes to `onFailure`, and it goes on. */
export function repeat(clock: Clock, intervalMs: number, work: () => void, onFailure: (cause: unknown) => void): Timer {
  let timer: Timer;
  const next = (): void => {
    timer = clock.startTimer(intervalMs, () => {
      try {
        work();
      } catch (cause) {
        onFailure(cause);
      }
      next();
    });
  };
  next();
  return { stop: () => timer.stop() };
}
