import { Findings } from '../../validators/validator.ts';
import type { SetOperation } from '../history/operation.ts';
import { type Effect, isAcknowledged, stands, type Truth } from '../history/truth.ts';
import { effectWords, operationWords, readingWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';
import { overdueOf } from './overdue.ts';

/** What was computed before an invalidation is not seen after it, and a fill that comes too late is refused. */
export const noResurrection: FleetValidator = {
  name: 'NoResurrection',
  promise:
    'A value whose computation began before an acknowledged invalidation is never visible after it (leases, fences, ' +
    'stamps, tombstones).',
  validate(truth) {
    const findings = new Findings();
    for (const reading of truth.history.readings) {
      if (reading.outcome.kind !== 'hit' || truth.setOf(reading.outcome.text)?.origin === 'plain') continue;
      const overdue = overdueOf(truth, reading);
      const kept = overdue === undefined || !overdue.resurrected;
      findings.check(kept, () => `${readingWords(reading)}, computed before ${effectWords(overdue!.effect)}`);
    }
    for (const fill of truth.history.operations) {
      if (fill.kind !== 'set' || fill.origin !== 'fence') continue;
      const between = changedBetween(truth, fill);
      findings.check(between === undefined, () => {
        return `${operationWords(fill)}, though its fence was overtaken by ${effectWords(between!)}`;
      });
    }
    return findings.verdict();
  },
};

/** Returns a change that covers a stored fill and was over before the fill was sent, and after its miss came. */
export function changedBetween(truth: Truth, fill: SetOperation): Effect | undefined {
  if (fill.outcome.kind !== 'applied') return undefined;
  const own = truth.effectsOf(fill).findLast(stands)?.point;
  if (own === undefined) return undefined;
  return truth.covering(fill).find((effect) => {
    const { operation, point } = effect;
    if (operation === undefined || operation === fill || !stands(effect) || !isAcknowledged(effect)) return false;
    // Of another history the store remembers nothing: what it has lost can refuse nothing.
    if (point.era !== own.era || point.lostMs !== undefined) return false;
    return operation.invokedMs > fill.begunMs && operation.endedMs < fill.invokedMs;
  });
}
