import type { Clock } from './clock.ts';

/** What ends a pause. */
export interface PauseParts {
  readonly clock: Pick<Clock, 'startTimer'>;
  readonly signal: AbortSignal;
}

/** Waits for a time, or until the signal aborts. */
export function pause(ms: number, { clock, signal }: PauseParts): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.stop();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.startTimer(ms, end);
    signal.addEventListener('abort', end);
  });
}
