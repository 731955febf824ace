import { covers } from '../../../../src/cache/rules/selector.ts';
import { Findings } from '../../validators/validator.ts';
import type { Grant } from '../history/operation.ts';
import { isAcknowledged, type Truth } from '../history/truth.ts';
import { effectWords, ms, operationWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';
import { changedBetween } from './no-resurrection.ts';

/** Milliseconds for which something may still be done on behalf of a call that was not answered, or repeated. */
const STILL_UNDER_WAY_MS = 3000;

/** Milliseconds by which Redis' clock and that of the harness may drift apart. */
const DRIFT_MS = 200;

/** One caller at a time is asked to fill a key, over all nodes. */
export const oneFiller: FleetValidator = {
  name: 'OneFiller',
  promise: "At most one valid fill lease per key; a void lease's write is refused.",
  validate(truth) {
    const findings = new Findings();
    const grants = Map.groupBy(truth.history.grants, ({ key }) => key);
    for (const ofKey of grants.values()) {
      for (const grant of ofKey) {
        const other = ofKey.find((earlier) => isValidDuring(truth, earlier, grant));
        findings.check(other === undefined, () => `${grantWords(grant)} while ${grantWords(other!)} is valid`);
      }
    }
    for (const fill of truth.history.operations) {
      if (fill.kind !== 'set' || fill.origin !== 'lease') continue;
      const between = changedBetween(truth, fill);
      findings.check(
        between === undefined,
        () => `${operationWords(fill)}, though its lease was void: ${effectWords(between!)}`,
      );
    }
    return findings.verdict();
  },
};

/** Tells whether a lease was in force during all of the call that was given another. */
function isValidDuring(truth: Truth, earlier: Grant, grant: Grant): boolean {
  if (earlier === grant || earlier.answeredMs > grant.sentMs) return false;
  if (grant.answeredMs > earlier.sentMs + earlier.holdMs - DRIFT_MS) return false;
  if (earlier.releasedMs !== undefined && earlier.releasedMs <= grant.answeredMs) return false;
  return !mayBeVoid(truth, earlier, grant.answeredMs);
}

/** Something may have ended a lease between two times: any change that may cover the key, or a loss. */
function mayBeVoid(truth: Truth, { key, leaseId, sentMs: fromMs }: Grant, toMs: number): boolean {
  const { history } = truth;
  const overlaps = (beginMs: number, endMs: number): boolean => beginMs <= toMs && endMs >= fromMs;
  const changed = history.operations.some((operation) => {
    if (operation.kind !== 'invalidate' && operation.key !== key) return false;
    const { kind } = operation.outcome;
    // A fill that is refused gives its own lease back; else what was refused has changed nothing.
    const isOwn = operation.kind === 'set' && operation.under === leaseId;
    if ((kind === 'refused' || kind === 'failed') && !isOwn) return false;
    if (
      operation.kind === 'invalidate' &&
      !operation.selectors.some((selector) => covers(selector, { key, tags: [] }))
    ) {
      return false;
    }
    const isOver = kind === 'applied' && operation.tries === 1;
    return overlaps(operation.invokedMs, operation.endedMs + (isOver ? 0 : STILL_UNDER_WAY_MS));
  });
  const forgotten = history.chains.some(({ notBeforeMs, seenMs }) => overlaps(notBeforeMs, seenMs));
  // What a node makes again was asked for before.
  const again = truth.covering({ key, tags: [] }).some((effect) => {
    return !isAcknowledged(effect) && overlaps(effect.seenMs - STILL_UNDER_WAY_MS, effect.seenMs);
  });
  const evicted = history.faults.some(
    ({ kind, fromMs: begunMs, toMs: overMs }) => kind === 'eviction' && overlaps(begunMs, overMs),
  );
  return changed || forgotten || again || evicted;
}

function grantWords({ key, leaseId, node, sentMs, answeredMs, holdMs }: Grant): string {
  return `the lease ${leaseId.slice(0, 12)} of ${key} (node ${node}, asked ${ms(sentMs)}, given ${ms(answeredMs)}, for ${holdMs})`;
}
