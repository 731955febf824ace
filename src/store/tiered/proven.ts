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

/**
 * Throws unless a heartbeat found some server in force lately: what is asked now could not be believed.
 *
 * @throws OperatingError STORE_UNAVAILABLE
 */
export function checkReachable({ proof }: PartitionView, monotonicMs: number, ageMsMax: number): void {
  if (!permitHolds(proof?.provenAtMs, monotonicMs, ageMsMax)) throw unproven();
}

/**
 * Throws unless the server that answered a read was found in force lately, counted back from when the read was sent: a
 * deposed primary that woke up answers for seconds with what it has.
 *
 * @throws OperatingError STORE_UNAVAILABLE
 */
export function checkProven(view: PartitionView, { server }: Told, sentAtMs: number, ageMsMax: number): void {
  if (!mayReadThrough(view.proof, server, sentAtMs, ageMsMax)) throw unproven();
}

function unproven(): OperatingError {
  const message = 'The store can not be reached, or has not proven lately that it is the one in force: try again.';
  return new OperatingError('STORE_UNAVAILABLE', message, { retryAfterMs: RETRY_AFTER_MS });
}
