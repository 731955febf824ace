import { OperatingError } from '../../base/operating-error.ts';
import { mayReadThrough, permitHolds } from '../../cache/rules/permit.ts';
import type { Told } from '../partition-store.ts';
import type { PartitionView } from './partition-view.ts';

/** Milliseconds after which whoever was refused may try again: about a heartbeat. */
const RETRY_AFTER_MS = 250;

/** Milliseconds for which the proof of a primary counts where L1 is off and nothing else says it, at least. */
const PROOF_AGE_MS = 1000;

/**
 * Returns for how many milliseconds the proof that a primary is in force counts. Without L1 nothing lags, but a deposed
 * primary may answer: by a bound of 0 nothing could be read at all.
 */
export function proofAgeMsMax(maxLagMs: number, heartbeatMs: number): number {
  return maxLagMs > 0 ? maxLagMs : Math.max(PROOF_AGE_MS, 4 * heartbeatMs);
}

/** A question to a primary, and by when it must have been proven. */
export interface Question {
  /** Monotonic time now, in milliseconds. */
  readonly sentAtMs: number;
  readonly proofAgeMsMax: number;
}

/**
 * Asks a partition something whose answer is as good as the proof that whoever answers is in force: a deposed primary that
 * woke up answers for seconds with what it has. Nothing is asked where no server was found in force lately; and the one
 * that answers must be the one that was, counted back from when it was asked.
 *
 * @throws OperatingError STORE_UNAVAILABLE
 */
export async function askProven<T extends Told>(
  view: PartitionView,
  { sentAtMs, proofAgeMsMax }: Question,
  ask: () => Promise<T>,
): Promise<T> {
  if (!permitHolds(view.proof?.provenAtMs, sentAtMs, proofAgeMsMax)) throw unproven();
  const told = await ask();
  if (!mayReadThrough(view.proof, told.server, sentAtMs, proofAgeMsMax)) throw unproven();
  return told;
}

function unproven(): OperatingError {
  const message = 'The store can not be reached, or has not proven lately that it is the one in force: try again.';
  return new OperatingError('STORE_UNAVAILABLE', message, { retryAfterMs: RETRY_AFTER_MS });
}
