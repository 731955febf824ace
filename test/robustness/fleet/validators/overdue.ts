import { isBefore, type Point } from '../history/lineage.ts';
import type { Reading, SetOperation } from '../history/operation.ts';
import { type Effect, isAcknowledged, stands, type Truth } from '../history/truth.ts';
import { mustShow, type Obligation } from './obligation.ts';

/** A change that an answer had to show and did not. */
export interface Overdue {
  readonly effect: Effect;
  readonly because: Exclude<Obligation, undefined>;
  /** The value's computation began before the change was asked for. */
  readonly resurrected: boolean;
}

// Several validators ask, each for its own kind.
const found = new WeakMap<Truth, Map<Reading, Overdue | undefined>>();

/** Returns a change that must have hidden, replaced or marked stale what a read was served, if there is one. */
export function overdueOf(truth: Truth, reading: Reading): Overdue | undefined {
  const known = found.get(truth) ?? new Map<Reading, Overdue | undefined>();
  found.set(truth, known);
  if (!known.has(reading)) known.set(reading, find(truth, reading));
  return known.get(reading);
}

function find(truth: Truth, reading: Reading): Overdue | undefined {
  if (reading.outcome.kind !== 'hit') return undefined;
  const { stale, text } = reading.outcome;
  const served = truth.setOf(text);
  if (served === undefined) return undefined;
  const own = truth.effectsOf(served).filter(stands).at(-1)?.point;
  for (const effect of truth.covering(served)) {
    if (effect.operation === served || effect.change.kind === 'touch') continue;
    if (stale && effect.change.kind === 'invalidate' && effect.change.mode === 'mark-stale') continue;
    const because = mustShow(truth, effect, reading);
    if (because === undefined) continue;
    const resurrected = isResurrected(served, effect);
    if (resurrected || isOlder(served, own, effect)) return { effect, because, resurrected };
  }
  return undefined;
}

/** Of one partition the log tells the order; of several, only what was over before the other began. */
function isOlder(served: SetOperation, own: Point | undefined, { point, operation }: Effect): boolean {
  if (own === undefined) return false;
  if (own.partition === point.partition) return isBefore(own, point) && own.era === point.era;
  const isOver = served.outcome.kind === 'applied' && served.tries === 1;
  return isOver && served.endedMs < (operation?.invokedMs ?? Number.NEGATIVE_INFINITY);
}

/** A fill is as old as its miss, however late it is stored. */
function isResurrected(served: SetOperation, effect: Effect): boolean {
  const { operation } = effect;
  if (served.origin === 'plain' || operation === undefined || !isAcknowledged(effect)) return false;
  if (operation.kind !== 'invalidate' && operation.kind !== 'delete') return false;
  return served.begunMs < operation.invokedMs;
}
