import { systemClock } from '../../../src/base/clock.ts';
import type { MaybePromise } from '../../../src/base/maybe-promise.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { backOff } from '../../support/back-off.ts';

const ANSWERED_WITHIN_MS = 30_000;
const PAUSE_MS = 50;

/** Asks until the store answers: a busy one may be out of reach for a moment. Fails as it does after half a minute. */
export async function untilAnswered<T>(ask: () => MaybePromise<T>): Promise<T> {
  const endMs = systemClock.monotonicMs() + ANSWERED_WITHIN_MS;
  for (;;) {
    try {
      return await ask();
    } catch (failure) {
      if (!(failure instanceof OperatingError) || systemClock.monotonicMs() > endMs) throw failure;
    }
    await backOff(PAUSE_MS);
  }
}
