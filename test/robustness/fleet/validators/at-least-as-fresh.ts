import { Findings } from '../../validators/validator.ts';
import type { Reading } from '../history/operation.ts';
import type { Truth } from '../history/truth.ts';
import { effectWords, ms, readingWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';
import { overdueOf } from './overdue.ts';

/** Whoever carries a token sees what it stands for, on any node, or is told that this was lost. */
export const atLeastAsFresh: FleetValidator = {
  name: 'AtLeastAsFresh',
  promise: 'A read that carries tokens never returns anything older, on any node.',
  validate(truth) {
    const findings = new Findings();
    for (const reading of truth.history.readings) {
      if (reading.tokens.length === 0 || reading.outcome.kind === 'failed') continue;
      const overdue = overdueOf(truth, reading);
      const kept = overdue?.because !== 'token' || overdue.resurrected;
      findings.check(kept, () => `${readingWords(reading)}, with a token that reaches ${effectWords(overdue!.effect)}`);
      const lostMs = lostTokenMs(truth, reading);
      findings.check(lostMs === undefined, () => `${readingWords(reading)}, with a token that was lost ${ms(lostMs!)}`);
    }
    return findings.verdict();
  },
};

/** When one of a read's tokens was lost, if every node had to know that. */
function lostTokenMs(truth: Truth, { key, tokens, sentMs }: Reading): number | undefined {
  const [control] = truth.history.partitions;
  const judged = [control, truth.history.partitionOf.get(key)];
  for (const placed of tokens.flat()) {
    // What only other keys need, a read of this one need not look at.
    if (!judged.includes(placed.partition)) continue;
    const lostMs = truth.pointOf(placed)?.lostMs;
    if (lostMs !== undefined && lostMs < sentMs - truth.history.maxLagMs) return lostMs;
  }
  return undefined;
}
