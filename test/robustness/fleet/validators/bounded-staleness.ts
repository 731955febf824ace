import { Findings } from '../../validators/validator.ts';
import type { Reading, SetOperation } from '../history/operation.ts';
import type { Truth } from '../history/truth.ts';
import { effectWords, ms, operationWords, readingWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';
import { overdueOf } from './overdue.ts';

/** Milliseconds by which Redis' clock and that of the harness may drift apart. */
const DRIFT_MS = 500;

/** Nothing is served that was replaced, removed, lost or over for longer than a node may lag. */
export const boundedStaleness: FleetValidator = {
  name: 'BoundedStaleness',
  promise:
    'Without a token, no node serves an entry more than maxLagMs after an acknowledged change covered it; a node that ' +
    "can't prove its tail is that fresh reads through.",
  validate(truth) {
    const findings = new Findings();
    for (const reading of truth.history.readings) {
      if (reading.outcome.kind !== 'hit') continue;
      const overdue = overdueOf(truth, reading);
      const kept = overdue === undefined || overdue.because !== 'time' || overdue.resurrected;
      findings.check(kept, () => `${readingWords(reading)}, but ${effectWords(overdue!.effect)}`);
      const why = endedWhy(truth, reading);
      findings.check(why === undefined, () => `${readingWords(reading)}, ${why}`);
    }
    return findings.verdict();
  },
};

function endedWhy(truth: Truth, reading: Reading): string | undefined {
  if (reading.outcome.kind !== 'hit') return undefined;
  const served = truth.setOf(reading.outcome.text);
  if (served === undefined) return undefined;
  const lostMs = lostMsOf(truth, reading, served, reading.outcome.revision);
  if (lostMs !== undefined && lostMs < reading.sentMs - truth.history.maxLagMs) {
    return `which was lost ${ms(lostMs)}: ${operationWords(served)}`;
  }
  const { goneMs, staleMs } = endOf(truth, served);
  if (goneMs < reading.sentMs) return `which was gone ${ms(goneMs)}: ${operationWords(served)}`;
  if (!reading.outcome.stale && staleMs < reading.sentMs)
    return `which was stale ${ms(staleMs)}: ${operationWords(served)}`;
  return undefined;
}

/** When all that had stored the value was lost; `undefined` if something is left. */
function lostMsOf(truth: Truth, { key }: Reading, served: SetOperation, revision: string): number | undefined {
  const points = truth.effectsOf(served).map(({ point }) => point);
  const named = truth.pointOfRevision(key, revision);
  const all = named === undefined ? points : [...points, named];
  if (all.length === 0 || all.some(({ lostMs }) => lostMs === undefined)) return undefined;
  return Math.max(...all.map(({ lostMs }) => lostMs!));
}

/** When the value's life was over at the latest. A Touch, or a try that may have been applied late, gives it another. */
function endOf(truth: Truth, served: SetOperation): { staleMs: number; goneMs: number } {
  if (truth.isTouched(served.key) || served.outcome.kind !== 'applied') {
    return { staleMs: Number.POSITIVE_INFINITY, goneMs: Number.POSITIVE_INFINITY };
  }
  const staleMs = served.endedMs + served.ttlMs + DRIFT_MS;
  return { staleMs, goneMs: staleMs + served.staleWindowMs };
}
