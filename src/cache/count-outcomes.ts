import type { DeleteOutcome } from './delete-entry.ts';
import type { GetOutcome, MissCause } from './get-entry.ts';
import type { IncrementOutcome } from './increment-entry.ts';
import type { InvalidateCommand, InvalidateOutcome } from './invalidate.ts';
import type { Namespace } from './namespace.ts';
import type { Selector } from './rules/selector.ts';
import type { NotStoredCause, SetOutcome } from './set-entry.ts';
import type { TouchOutcome } from './touch-entry.ts';

const missCounters = {
  unknown: 'unknown',
  expired: 'expired',
  evicted: 'evicted',
  invalidated: 'invalidated',
  deleted: 'deleted',
  'store-unavailable': 'storeUnavailable',
} as const satisfies Record<MissCause, string>;

const notStoredCounters = {
  present: 'present',
  absent: 'absent',
  'revision-mismatch': 'revisionMismatch',
  'lease-void': 'leaseVoid',
  'fence-overtaken': 'fenceOvertaken',
  contended: 'contended',
} as const satisfies Record<NotStoredCause, string>;

const selectorCounters = { key: 'keys', tag: 'tags', prefix: 'prefix', namespace: 'namespace' } as const;

/** Counts a Get by its outcome, and returns it. */
export function countGet(namespace: Namespace, outcome: GetOutcome): GetOutcome {
  const { counters } = namespace;
  if (outcome.kind === 'not-modified') counters.notModified++;
  else if (outcome.kind === 'miss') counters.misses[missCounters[outcome.cause]]++;
  else if (outcome.entry.value === undefined) counters.hits.negative++;
  else if (outcome.freshForMs > 0) counters.hits.fresh++;
  else counters.hits.stale++;
  countFallback(namespace, outcome);
  if (outcome.lease !== undefined) counters.leases.granted++;
  else if (outcome.kind === 'miss' && outcome.retryAfterMs !== undefined) counters.leases.refused++;
  return outcome;
}

function countFallback({ counters }: Namespace, outcome: GetOutcome): void {
  if (outcome.kind !== 'miss') {
    if (outcome.fallback !== undefined) counters.fallbackReads[outcome.fallback]++;
  } else if (outcome.cause === 'store-unavailable') counters.fallbackReads.miss++;
}

/** Counts a Set by its outcome, and returns it. */
export function countSet(namespace: Namespace, outcome: SetOutcome): SetOutcome {
  if (outcome.kind === 'stored') namespace.counters.sets.stored++;
  else if (outcome.kind === 'kept-locally') namespace.counters.sets.local++;
  else namespace.counters.sets[notStoredCounters[outcome.cause]]++;
  return outcome;
}

/** Counts a Delete, and returns its outcome. */
export function countDelete(namespace: Namespace, outcome: DeleteOutcome): DeleteOutcome {
  namespace.counters.deletes++;
  return outcome;
}

/** Counts a Touch that was applied, and returns its outcome. */
export function countTouch(namespace: Namespace, outcome: TouchOutcome): TouchOutcome {
  if (outcome.kind === 'touched') namespace.counters.touches++;
  return outcome;
}

/** Counts an Increment that was applied, and returns its outcome. */
export function countIncrement(namespace: Namespace, outcome: IncrementOutcome): IncrementOutcome {
  if (outcome.kind === 'incremented') namespace.counters.increments++;
  return outcome;
}

/** Counts an Invalidate that is in force by what it named, and returns its outcome. */
export function countInvalidate(
  namespace: Namespace,
  command: InvalidateCommand,
  outcome: InvalidateOutcome,
): InvalidateOutcome {
  if (outcome.kind !== 'invalidated') return outcome;
  const { remove, markStale } = namespace.counters.invalidations;
  const counters = command.mode === 'remove' ? remove : markStale;
  counters[selectorCounters[kindOf(command.selectors)]]++;
  return outcome;
}

function kindOf(selectors: readonly Selector[]): Selector['kind'] {
  return selectors[0]!.kind;
}
