import assert from 'node:assert/strict';
import { checkAbsence, checkEntry } from './checks.ts';
import { pickKey } from './random-choices.ts';
import type { RunState } from './run-state.ts';

const SEEN_HEADS_MAX = 20;

/** Reads one entry, and sometimes keeps the head that was seen, for a fence. */
export function readStep(state: RunState): void {
  const { key, model } = state;
  const expected = model.live(key, state.nowMs);
  const { entry, absence, head, nowMs } = state.store.read(state.ref);
  assert.equal(nowMs, state.nowMs);
  assert.equal(head.number, state.number);
  checkEntry(state, entry, expected);
  if (expected === undefined) checkAbsence(state, absence);
  else assert.equal(absence, 'unknown');
  model.use(key);
  if (state.random.chance(0.3)) state.seenHeads.push({ key, number: head.number, givenAtMs: nowMs });
  if (state.seenHeads.length > SEEN_HEADS_MAX) state.seenHeads.shift();
}

/** Reads three entries at once. */
export function readManyStep(state: RunState): void {
  const { random, model } = state;
  const keys = [state.key, pickKey(random), pickKey(random)];
  const results = state.store.readMany(state.namespaceId, keys);
  for (const [i, key] of keys.entries()) {
    checkEntry(state, results[i]!.entry, model.live(key, state.nowMs));
    model.use(key);
  }
}

/** Lists all entries, page by page. */
export function listStep(state: RunState): void {
  const { model } = state;
  const pageSize = 1 + state.random.below(10);
  const listed: string[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = state.store.list(state.namespaceId, from, pageSize);
    for (const entry of page.entries) checkEntry(state, entry, model.entries.get(entry.key));
    listed.push(...page.entries.map((entry) => entry.key));
    from = page.next;
  }
  const live = [...model.entries.values()].filter((entry) => state.nowMs < entry.goneAtMs);
  assert.deepEqual(listed.sort(), live.map((entry) => entry.key).sort());
}
