import { covers } from '../../../../src/cache/rules/selector.ts';
import { Findings } from '../../validators/validator.ts';
import { isBefore } from '../history/lineage.ts';
import type { Reading, SetOperation } from '../history/operation.ts';
import { type Effect, stands, type Truth } from '../history/truth.ts';
import { effectWords, readingWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';
import { mustShow } from './obligation.ts';

/** Milliseconds for which a value must at least still live when it is read. */
const LEFT_MS = 2000;

/** What was set is there, unless something may have taken it away. */
export const writeVisible: FleetValidator = {
  name: 'WriteVisible',
  promise:
    'Within an epoch, a Set acknowledged after an invalidation was acknowledged is visible, also when another node took ' +
    'the invalidation.',
  validate(truth) {
    const findings = new Findings();
    for (const reading of truth.history.readings) {
      if (reading.outcome.kind !== 'miss') continue;
      const due = dueOf(truth, reading);
      if (due === 'nothing') continue;
      findings.check(due === undefined, () => `${readingWords(reading)}, but ${effectWords(due!)}`);
      // A miss that may be right is a case too.
    }
    for (const { outcome } of truth.history.readings) if (outcome.kind === 'hit') findings.check(true, () => '');
    return findings.verdict();
  },
};

/** Returns the Set that had to be seen; `nothing` if there is none. */
function dueOf(truth: Truth, reading: Reading): Effect | undefined | 'nothing' {
  const changes = truth.changesOf(reading.key);
  const newest = changes.filter(stands).reduce<Effect | undefined>((best, effect) => {
    return best === undefined || isBefore(best.point, effect.point) ? effect : best;
  }, undefined);
  const operation = newest?.operation;
  if (newest === undefined || operation?.kind !== 'set' || operation.origin !== 'plain') return 'nothing';
  if (mustShow(truth, newest, reading) === undefined) return 'nothing';
  return isExcused(truth, reading, operation) ? 'nothing' : newest;
}

function isExcused(truth: Truth, reading: Reading, set: SetOperation): boolean {
  const { history } = truth;
  const lifeMs = set.ttlMs + (reading.allowStale ? set.staleWindowMs : 0);
  if (set.tries > 1 || set.invokedMs + lifeMs < reading.answeredMs + LEFT_MS) return true;
  const overlaps = (fromMs: number, toMs: number): boolean => fromMs <= reading.answeredMs && toMs >= set.invokedMs;
  if (history.faults.some(({ kind, fromMs, toMs }) => kind === 'eviction' && overlaps(fromMs, toMs))) return true;
  // The promise holds within an epoch, and for a while a node need not know of a new one.
  const changed = history.chains.some(({ notBeforeMs, seenMs }) =>
    overlaps(notBeforeMs - history.maxLagMs, seenMs + history.maxLagMs),
  );
  return (
    changed ||
    history.operations.some((operation) => {
      if (operation.kind !== 'invalidate') return false;
      if (!operation.selectors.some((selector) => covers(selector, set))) return false;
      // What was over before, and never lost, does not hide it.
      const isOver = operation.outcome.kind === 'applied' && operation.endedMs < set.invokedMs;
      return !isOver || truth.effectsOf(operation).some((effect) => !stands(effect));
    })
  );
}
