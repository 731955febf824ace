import type { Clock } from './clock.ts';

/** What a pause works with. */
export interface PauseParts {
  readonly clock: Clock;
  /** Ends the pause early; it does not fail. */
  readonly signal?: AbortSignal | undefined;
  /** True: waiting does not keep the process alive. */
  readonly background?: boolean;
}

/** Waits for `ms` milliseconds, or until the signal aborts. */
export function pause(ms: number, { clock, signal, background = false }: PauseParts): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.stop();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.startTimer(ms, end, { background });
    signal?.addEventListener('abort', end);
  });
}
