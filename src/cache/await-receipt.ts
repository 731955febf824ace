import type { CacheParts } from './cache-parts.ts';
import type { CallContext } from './call-context.ts';
import type { InvalidateOutcome } from './invalidate.ts';
import type { Moment } from './rules/moment.ts';
import type { ReceiptGoal } from './rules/receipt.ts';

/** Milliseconds before the deadline at which waiting ends, so that the answer still arrives. */
const ANSWER_TIME_MS = { min: 50, max: 500 } as const;

/**
 * Waits until every node has come as far with an invalidation as is wished, at most for as long as the call may take.
 * Returns the outcome with the receipt; as it is, if nothing is wished for or nothing was invalidated yet.
 */
export async function awaitReceipt(
  { store, tokens }: CacheParts,
  outcome: InvalidateOutcome,
  goal: ReceiptGoal | undefined,
  context: CallContext,
): Promise<InvalidateOutcome> {
  if (goal === undefined || outcome.kind !== 'invalidated') return outcome;
  const moment: Moment = tokens.open(outcome.token)?.positions ?? [];
  const leftMs = context.remainingMs();
  const withinMs = leftMs - answerTimeMs(leftMs);
  return { ...outcome, receipt: await store.receipt({ moment, goal, withinMs, signal: context.signal }) };
}

/** A tenth of the time, within bounds; of a very short one the half. */
function answerTimeMs(leftMs: number): number {
  const tenth = Math.min(ANSWER_TIME_MS.max, Math.max(ANSWER_TIME_MS.min, leftMs / 10));
  return Math.min(tenth, leftMs / 2);
}
