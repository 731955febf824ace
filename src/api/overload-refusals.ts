import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import { keepServiceError } from './rpc-status.ts';

/** Milliseconds after which refused callers are asked to try again: spread, so that they don't come back together. */
const RETRY_MS_MIN = 250;
const RETRY_MS_SPREAD = 1000;
const REFUSALS = 32;

/**
 * Made once, with their answers encoded: whoever has too much to do has no time to make errors. They carry no stack, and
 * nothing of the call.
 */
const refusals: readonly OperatingError[] = Array.from({ length: REFUSALS }, (_, index) => {
  const retryAfterMs = Math.round(RETRY_MS_MIN + (RETRY_MS_SPREAD * index) / (REFUSALS - 1));
  const message = 'The server has more to do than it can, and did nothing for this call: retry later, with jitter.';
  return keepServiceError(new OperatingError('OVERLOADED', message, { retryAfterMs }));
});

/** Returns why a call is refused, OVERLOADED, with a time to wait that was picked at random. */
export function overloadRefusal(random: Random): OperatingError {
  return refusals[Math.floor(random.float() * REFUSALS)]!;
}
