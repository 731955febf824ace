import assert from 'node:assert/strict';
import { checkAbsence, checkEntry } from './checks.ts';
import { pickKey } from './random-choices.ts';
import type { RunState } from './run-state.ts';

const SEEN_HEADS_MAX = 20;

/** Reads one entry, and sometimes keeps the head that was seen, for a fence. */
export function readStep(state: RunState): void {
  const { key, model } = state;
  const expected = model.live(key, state.nowMs);
  const { entry, visibility, absence, moment, nowMs } = state.store.read(state.ref, { kind: 'any' });
  assert.equal(nowMs, state.nowMs);
  assert.deepEqual(moment, state.moment(state.number));
  checkEntry(state, entry, visibility, expected);
  if (expected === undefined) checkAbsence(state, absence);
  else assert.equal(absence, 'unknown');
  model.use(key);
  if (state.random.chance(0.3)) state.seenHeads.push({ key, number: state.number, givenAtMs: nowMs });
  if (state.seenHeads.length > SEEN_HEADS_MAX) state.seenHeads.shift();
}

/** Reads three entries at once. */
export function readManyStep(state: RunState): void {
  const { random, model } = state;
  const keys = [state.key, pickKey(random), pickKey(random)];
  const results = state.store.readMany(state.namespaceId, keys, { kind: 'latest' });
  for (const [i, key] of keys.entries()) {
    const { entry, visibility } = results[i]!;
    checkEntry(state, entry, visibility, model.live(key, state.nowMs));
    model.use(key);
  }
}

/** Lists all entries, page by page. */
export function listStep(state: RunState): void {
  const { model } = state;
  const pageSize = 1 + state.random.below(10);
  const listed: string[] = [];
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page = state.store.list(state.namespaceId, from, pageSize);
    for (const { entry, visibility } of page.entries) {
      checkEntry(state, entry, visibility, model.entries.get(entry.key));
      listed.push(entry.key);
    }
    from = page.next;
  }
  const live = [...model.entries.values()].filter((entry) => state.nowMs < entry.goneAtMs);
  assert.deepEqual(listed.sort(), live.map((entry) => entry.key).sort());
}
