import assert from 'node:assert/strict';
import { checkKeyChange } from './checks.ts';
import { makeChange } from './make-change.ts';
import { type ModelEntry, modelWeightBytes } from './namespace-model.ts';
import {
  pickContent,
  pickMode,
  pickNumber,
  pickRetimeLifetime,
  pickSelector,
  pickWriteLifetime,
} from './random-choices.ts';
import { pickGuard } from './random-guard.ts';
import type { RunState } from './run-state.ts';

/** Writes an entry. */
export function writeStep(state: RunState): void {
  const { random, key, model } = state;
  const { guard, guarded, broughtStamp } = pickGuard(state);
  const content = pickContent(random);
  const { ttlMs, staleWindowMs } = pickWriteLifetime(random);
  const keepLifetime = guard.kind === 'unchanged' && random.chance(0.3);
  const givenStamp = random.chance(0.2) ? pickNumber(state) : undefined;
  const buffer = content.value === undefined ? undefined : Buffer.from(content.value);
  const write = {
    ...{ ...state.ref, ...content, ttlMs, staleWindowMs, guard, keepLifetime },
    value: buffer,
    ...(givenStamp === undefined ? {} : { seen: state.moment(givenStamp) }),
  };
  const tooLarge = modelWeightBytes({ key, ...content }) > model.capacityBytes;
  makeChange(state, {
    guarded,
    refusal: tooLarge ? 'VALUE_TOO_LARGE' : undefined,
    make: (once) => state.store.write({ ...write, ...once }),
    apply: (number, nowMs) => {
      const before = model.live(key, nowMs);
      const freshUntilMs = keepLifetime && before ? before.freshUntilMs : nowMs + ttlMs;
      const goneAtMs = keepLifetime && before ? before.goneAtMs : nowMs + ttlMs + staleWindowMs;
      const stamp = givenStamp ?? broughtStamp ?? number;
      const lifetime = { createdAtMs: nowMs, freshUntilMs, goneAtMs, markedStale: false };
      const entry: ModelEntry = { key, ...content, number, stamp, ...lifetime };
      // The writer's bytes are the writer's: the store must have copied them.
      buffer?.fill(0);
      model.put(entry, nowMs);
      checkKeyChange(state, 'set', number, [...content.tags, ...(before?.tags ?? [])]);
      return { key, number, existed: before !== undefined, stamp, entry };
    },
  });
}

/** Gives an entry a new lifetime. */
export function retimeStep(state: RunState): void {
  const { key, model } = state;
  const { guard, guarded } = pickGuard(state);
  const { ttlMs, staleWindowMs } = pickRetimeLifetime(state.random);
  const keepLifetime = state.random.chance(0.2);
  makeChange(state, {
    guarded,
    refusal: undefined,
    make: (once) => state.store.retime({ ...state.ref, ttlMs, staleWindowMs, keepLifetime, guard, ...once }),
    apply: (number, nowMs) => {
      const before = model.live(key, nowMs);
      const freshUntilMs = nowMs + ttlMs;
      const goneAtMs = freshUntilMs + staleWindowMs;
      const lifetime = keepLifetime ? {} : { createdAtMs: nowMs, freshUntilMs, goneAtMs, markedStale: false };
      const entry = before && { ...before, ...lifetime, number };
      if (entry !== undefined) model.entries.set(key, entry);
      else model.leave(key, model.causeOf(key, nowMs), nowMs);
      model.use(key);
      model.changed(key, number);
      checkKeyChange(state, 'touch', number, before?.tags ?? []);
      return { key, number, existed: before !== undefined, stamp: before?.stamp ?? number, entry };
    },
  });
}

/** Removes an entry. */
export function removeStep(state: RunState): void {
  const { key, model } = state;
  const cause = state.random.pick(['deleted', 'invalidated'] as const);
  makeChange(state, {
    guarded: false,
    refusal: undefined,
    make: (once) => state.store.remove({ ...state.ref, cause, ...once }),
    apply: (number, nowMs) => {
      const before = model.live(key, nowMs);
      model.leave(key, cause, nowMs);
      model.changed(key, number);
      checkKeyChange(state, cause === 'deleted' ? 'delete' : 'removed', number, before?.tags ?? []);
      return { key, number, existed: before !== undefined, stamp: number, entry: undefined };
    },
  });
}

/** Invalidates a key, a tag, a prefix or a whole namespace. */
export function invalidateStep(state: RunState): void {
  const { namespaceId, model } = state;
  const selector = pickSelector(state);
  const mode = pickMode(state.random);
  // The result of an invalidation is remembered under the key ''.
  state.key = '';
  makeChange(state, {
    guarded: false,
    refusal: undefined,
    make: (once) => state.store.invalidate({ namespaceId, selector, mode, ...once }),
    apply: (number, nowMs) => {
      model.invalidations.push({ selector, mode, number });
      const position = state.position(number);
      const tags = selector.kind === 'key' ? (model.live(selector.key, nowMs)?.tags ?? []) : [];
      const place = { namespaceId, partition: 0, position, author: undefined, tags };
      assert.deepEqual(state.changes, [{ ...place, kind: 'invalidate', selector, mode }]);
      return { key: '', number, existed: false, stamp: number, entry: undefined };
    },
  });
}

/** Settles what an invalidation left of an entry; mostly of the one that is stored. */
export function settleStep(state: RunState): void {
  const { random, key, model, nowMs } = state;
  const before = model.live(key, nowMs);
  const number = before !== undefined && random.chance(0.8) ? before.number : pickNumber(state);
  const verdict = random.pick(['removed', 'marked-stale'] as const);
  const settled = state.store.settle(state.ref, state.position(number), verdict);
  assert.equal(settled, before?.number === number && before !== undefined, 'settled');
  if (!settled || before === undefined) return;
  if (verdict === 'removed') model.leave(key, 'invalidated', nowMs);
  else model.entries.set(key, { ...before, freshUntilMs: Math.min(before.freshUntilMs, nowMs), markedStale: true });
}
