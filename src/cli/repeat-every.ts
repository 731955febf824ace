import { type PauseParts, pause } from '../base/pause.ts';

/** Does something at once, and again after each interval, until the signal aborts. */
export async function repeatEvery(intervalMs: number, parts: PauseParts, act: () => Promise<void>): Promise<void> {
  while (!parts.signal.aborted) {
    await act();
    await pause(intervalMs, parts);
  }
}
