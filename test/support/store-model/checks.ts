import assert from 'node:assert/strict';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Visibility } from '../../../src/cache/rules/visibility.ts';
import type { Applied, Guarded, StoredEntry } from '../../../src/store/store.ts';
import type { ModelEntry } from './namespace-model.ts';
import type { RememberedChange, RunState } from './run-state.ts';

/** What a change must answer, as the model says. */
export interface Outcome {
  readonly key: string;
  readonly number: number;
  readonly existed: boolean;
  readonly stamp: number;
  readonly entry: ModelEntry | undefined;
}

/** Checks an entry that the store gave out, and how it judges its visibility. */
export function checkEntry(
  state: RunState,
  entry: StoredEntry | undefined,
  visibility: Visibility,
  expected: ModelEntry | undefined,
): void {
  if (entry === undefined || expected === undefined) {
    assert.equal(entry?.key, expected?.key);
    assert.equal(visibility, 'visible');
    return;
  }
  const { position, stamp, value, ...rest } = entry;
  const text = value === undefined ? undefined : Buffer.from(value).toString();
  assert.deepEqual({ ...rest, value: text, number: position.number, stamp: stamp.number }, { ...expected });
  assert.equal(visibility, state.model.visibility(expected), 'visibility');
  assert.equal(state.store.judge({ ...entry, namespaceId: state.namespaceId }, stamp), visibility);
}

/** Checks why a key is absent. Deliberate: with few tombstones the store may have forgotten it. */
export function checkAbsence(state: RunState, absence: string): void {
  const cause = state.model.causeOf(state.key, state.nowMs);
  if (state.fewTombstones && absence === 'unknown') return;
  assert.equal(absence, cause, 'cause of absence');
}

/** Checks what a change answered that was applied. */
export function checkApplied(state: RunState, result: Applied, outcome: Outcome, nowMs: number): void {
  const { number, existed, stamp, entry } = outcome;
  const { position, moment, lifetime, ...rest } = result;
  const plain = { kind: 'applied', nowMs, note: undefined, repeated: false };
  assert.deepEqual({ ...rest, stamp: result.stamp.number }, { ...plain, existed, stamp });
  assert.deepEqual(position, state.position(number));
  assert.deepEqual(moment, state.moment(number));
  const { createdAtMs, freshUntilMs, goneAtMs } = entry ?? {};
  assert.deepEqual(lifetime, entry && { createdAtMs, freshUntilMs, goneAtMs });
}

/** Checks that a repeated change answers as at first, and changes nothing. */
export function checkRepeat(
  state: RunState,
  result: Applied | Guarded,
  earlier: RememberedChange,
  requestId: string,
): void {
  const expected = { ...earlier.applied, repeated: true, note: earlier.note };
  assert.deepEqual(result, expected);
  assert.deepEqual(state.store.recall(state.ref, requestId), expected);
  checkUntold(state);
}

/** Checks that a change throws an operating error, and changes nothing. */
export function checkRefusal(state: RunState, make: () => unknown, reason: string): void {
  assert.throws(make, (error) => error instanceof OperatingError && error.reason === reason);
  checkUntold(state);
}

/** Checks that this step told the watcher of no change. */
export function checkUntold(state: RunState): void {
  assert.deepEqual(state.changes, []);
}

/** Checks that the watcher was told of one change of this step's key, and of the tags before and after it. */
export function checkKeyChange(
  state: RunState,
  kind: 'set' | 'touch' | 'delete' | 'removed',
  number: number,
  tags: readonly string[],
): void {
  const [change, ...others] = state.changes;
  assert.ok(change !== undefined && others.length === 0);
  const { key } = state;
  const removed = { kind: 'invalidate', selector: { kind: 'key', key }, mode: 'remove' };
  assert.partialDeepStrictEqual(change, kind === 'removed' ? removed : { kind, key });
  assert.equal(change.namespaceId, state.namespaceId);
  assert.deepEqual(change.position, state.position(number));
  assert.deepEqual([...change.tags].sort(), [...new Set(tags)].sort());
}

/** Checks what the store says that this step's namespace holds. */
export function checkUsage(state: RunState): void {
  const { capacityBytes, evictions, expirations, entries, invalidations } = state.model;
  const expected = { entries: entries.size, weightBytes: state.model.weightBytes() };
  const named = invalidations.filter(({ selector }) => selector.kind !== 'namespace');
  const watermarks = new Set(named.map(({ selector }) => JSON.stringify(selector))).size;
  const facts = { capacityBytes, evictions, expirations, watermarks, watermarkFolds: 0 };
  assert.deepEqual(state.store.usage(state.namespaceId), { ...expected, ...facts });
}
