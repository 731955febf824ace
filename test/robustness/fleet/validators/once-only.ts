import { Findings } from '../../validators/validator.ts';
import type { IncrementOperation } from '../history/operation.ts';
import { type Effect, stands, type Truth } from '../history/truth.ts';
import { effectWords, operationWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';

/** What was repeated with a request id was done once; what was said not to be done was not; sums add up. */
export const onceOnly: FleetValidator = {
  name: 'OnceOnly',
  promise: 'A retried write with a request id is applied once, or the caller is told that the outcome is unknown.',
  validate(truth) {
    const findings = new Findings();
    for (const operation of truth.history.operations) {
      const effects = truth.effectsOf(operation);
      if (operation.kind !== 'invalidate') {
        const standing = effects.filter(stands);
        findings.check(standing.length <= 1 || new Set(standing.map(({ point }) => point.era)).size > 1, () => {
          return `${operationWords(operation)} was applied as ${standing.map(effectWords).join(' and as ')}`;
        });
      }
      if (operation.outcome.kind !== 'failed' && operation.outcome.kind !== 'refused') continue;
      findings.check(
        effects.length === 0,
        () => `${operationWords(operation)} was applied: ${effectWords(effects[0]!)}`,
      );
    }
    checkSums(truth, findings);
    return findings.verdict();
  },
};

interface Counted {
  readonly sum: number;
  readonly operation: IncrementOperation;
}

/** Between two sums that callers were told lie the increments of the log, and nothing else. */
function checkSums(truth: Truth, findings: Findings): void {
  const counters = new Set(
    truth.history.operations.flatMap((operation) => (operation.kind === 'increment' ? [operation.key] : [])),
  );
  for (const key of counters) {
    let known: Counted | undefined;
    let clearedMs = Number.NEGATIVE_INFINITY;
    for (const effect of inOrder(truth.covering({ key, tags: [] }))) {
      const { operation, seenMs } = effect;
      if (known !== undefined && mayBeEvicted(truth, known.operation, operation?.endedMs ?? seenMs)) known = undefined;
      if (operation?.kind === 'increment' || operation?.kind === 'touch') known = after(known, effect, findings);
      else clearedMs = Math.max(clearedMs, operation?.endedMs ?? seenMs, seenMs);
      // A sum is as old as what it was computed from: what was invalidated meanwhile covers it, too.
      if ((operation?.invokedMs ?? 0) < clearedMs) known = undefined;
    }
  }
}

/** A counter that Redis threw out to make room begins anew: that is no change. */
function mayBeEvicted({ history }: Truth, { invokedMs }: IncrementOperation, untilMs: number): boolean {
  return history.faults.some(({ kind, fromMs, toMs }) => kind === 'eviction' && fromMs <= untilMs && toMs >= invokedMs);
}

function inOrder(effects: readonly Effect[]): Effect[] {
  const standing = effects.filter(stands);
  // Wide changes of another partition have no place among those of the key: all is unknown after one.
  const [first] = standing;
  if (standing.some(({ point }) => point.partition !== first?.point.partition)) return [];
  return standing.sort((a, b) => a.point.era - b.point.era || a.point.number - b.point.number);
}

function after(known: Counted | undefined, effect: Effect, findings: Findings): Counted | undefined {
  const { operation } = effect;
  if (operation?.kind === 'touch') return known;
  if (operation?.kind !== 'increment') return undefined;
  if (operation.sum === undefined) return known && { ...known, sum: known.sum + operation.delta };
  const told = operation.sum;
  const due = known === undefined ? undefined : known.sum + operation.delta;
  findings.check(due === undefined || due === told, () => {
    return `${operationWords(operation)} had to lead to ${due}, after ${operationWords(known!.operation)}`;
  });
  return { sum: told, operation };
}
