// Goal: a view knows how far its tail has come in the history in force, and forgets what a fork took. Method: changes,
// forks and proofs by hand; random logs and forks against an array.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Change } from '../../../../src/store/store.ts';
import { PartitionView } from '../../../../src/store/tiered/partition-view.ts';
import { EPOCH, keyChange } from '../../../support/changes.ts';
import { checkProperty } from '../../../support/check-property.ts';
import { CHAIN, forkedAt, NEXT_EPOCH, toldOf, viewFrom } from './builders.ts';

const NEVER = new AbortController().signal;

function noteUpTo(view: PartitionView, last: number): void {
  for (let number = view.applied + 1; number <= last; number++) view.note(keyChange(number, `k${number}`));
}

function numbers(changes: readonly Change[] | undefined): number[] | undefined {
  return changes?.map(({ position }) => position.number);
}

/** Tells whether a wait is over, once all that is due has run. */
async function isOver(progress: Promise<void>): Promise<boolean> {
  let over = false;
  void progress.then(() => {
    over = true;
  });
  await turn();
  return over;
}

test('before the first heartbeat nothing is known', () => {
  const view = new PartitionView(3, { recentKeysMax: 10 });
  assert.deepEqual([view.chain, view.applied, view.moment], [undefined, 0, []]);
  assert.equal(view.permitted(0, 1000), false);
  assert.throws(() => view.note(keyChange(1, 'k')), /no history/);
});

test('a restart knows nothing before the head, and counts on from there', () => {
  const view = viewFrom(41, 3);
  assert.deepEqual(view.moment, [{ partition: 3, position: { epoch: EPOCH, number: 41 } }]);
  assert.equal(view.since(40, 10), undefined);
  assert.deepEqual(view.since(41, 10), []);
  assert.equal(view.recent.newestOf('k'), 41);
  noteUpTo(view, 43);
  assert.deepEqual(view.moment, [{ partition: 3, position: { epoch: EPOCH, number: 43 } }]);
  assert.deepEqual(numbers(view.since(41, 10)), [42, 43]);
});

test('a moment that was given is never changed', () => {
  const view = viewFrom(1);
  const given = view.moment;
  noteUpTo(view, 2);
  assert.equal(given[0]!.position.number, 1);
});

test('a fork takes what lies beyond it: position, ring and recent changes go back', () => {
  const view = viewFrom(0);
  noteUpTo(view, 5);
  for (const number of [2, 5]) view.recent.note(`k${number}`, number);
  assert.equal(view.fork(forkedAt(3), 3), 3);
  assert.deepEqual(view.moment[0]!.position, { epoch: NEXT_EPOCH, number: 3 });
  assert.deepEqual(numbers(view.since(0, 10)), [1, 2, 3]);
  assert.deepEqual([view.recent.newestOf('k2'), view.recent.newestOf('k5')], [2, 3]);
  noteUpTo(view, 4);
  assert.deepEqual(numbers(view.since(2, 10)), [3, 4]);
});

test('a fork ahead of the tail moves nothing', () => {
  const view = viewFrom(0);
  noteUpTo(view, 5);
  assert.equal(view.fork(forkedAt(9), 9), 5);
  assert.deepEqual(numbers(view.since(3, 10)), [4, 5]);
});

test('a fork before all that is at hand leaves nothing at hand', () => {
  const view = viewFrom(10);
  noteUpTo(view, 12);
  assert.equal(view.fork(forkedAt(7), 7), 7);
  assert.deepEqual(view.since(7, 10), []);
  assert.equal(view.since(6, 10), undefined);
  assert.equal(view.recent.newestOf('k'), 7);
});

test('the permit holds for so long after the send of the heartbeat that proved the tail, to the millisecond', () => {
  const view = viewFrom(0);
  view.noteProof(view.countBeat(), 100);
  assert.equal(view.permitted(1100, 1000), true);
  assert.equal(view.permitted(1101, 1000), false);
  view.noteProof(view.countBeat(), 50);
  assert.equal(view.provenAtMs, 100, 'an answer that was named earlier takes nothing back');
});

test('a fork and a restart end the permit: nothing is proven of the new history', () => {
  for (const begin of [
    (view: PartitionView) => view.fork(forkedAt(0), 0),
    (view: PartitionView) => view.restart(CHAIN, 0),
  ]) {
    const view = viewFrom(0);
    view.noteProof(view.countBeat(), 100);
    begin(view);
    assert.deepEqual([view.permitted(100, 1000), view.provenAtMs, view.provenBeat], [false, undefined, 0]);
    assert.equal(view.beats, 1);
  }
});

test('the newest heartbeat that proved the tail is known by its count, whatever order answers come in', () => {
  const view = viewFrom(0);
  const [first, second] = [view.countBeat(), view.countBeat()];
  assert.deepEqual([first, second, view.beats, view.provenBeat], [1, 2, 2, 0]);
  view.noteProof(second, 1);
  view.noteProof(first, 0);
  assert.equal(view.provenBeat, 2);
});

test('store time is counted on from what the last answer told', () => {
  const view = viewFrom(0);
  view.noteTime(toldOf(0, { nowMs: 5000 }), 100);
  assert.equal(view.nowMs(150), 5050);
});

test('progress is a change, a proof or another history; it is awaited once', async () => {
  const view = viewFrom(0);
  const steps: readonly (() => unknown)[] = [
    () => noteUpTo(view, 1),
    () => view.noteProof(view.countBeat(), 1),
    () => view.fork(forkedAt(1), 1),
    () => view.restart(CHAIN, 7),
  ];
  for (const step of steps) {
    const waits = [view.progress(NEVER), view.progress(NEVER)];
    assert.deepEqual(await Promise.all(waits.map(isOver)), [false, false]);
    step();
    await Promise.all(waits);
  }
});

test('whoever waits for progress may leave, before or meanwhile', async () => {
  const view = viewFrom(0);
  await view.progress(AbortSignal.abort());
  const controller = new AbortController();
  const progress = view.progress(controller.signal);
  assert.equal(await isOver(progress), false);
  controller.abort();
  await progress;
});

test('beyond its bound a view forgets the key that changed longest ago: its fills count as overtaken', () => {
  const { recent } = viewFrom(0, 0, 2);
  for (const [index, key] of ['a', 'b', 'a', 'c'].entries()) recent.note(key, index + 1);
  assert.deepEqual([recent.floor, recent.newestOf('b'), recent.newestOf('a'), recent.newestOf('c')], [2, 2, 3, 4]);
});

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('changes'), count: fc.integer({ min: 0, max: 8 }) }),
    fc.record({ kind: fc.constant('fork'), count: fc.integer({ min: 0, max: 12 }) }),
  ),
  { maxLength: 20 },
);

test('whatever is noted and forked, what is at hand is the newest of the shared history without a hole', () => {
  checkProperty(
    fc.property(fc.integer({ min: 0, max: 20 }), steps, (head, sequence) => {
      const view = viewFrom(head);
      for (const { kind, count } of sequence) {
        if (kind === 'changes') noteUpTo(view, view.applied + count);
        else view.fork(forkedAt(Math.max(0, view.applied - count)), Math.max(0, view.applied - count));
        const floor = Math.min(head, view.applied);
        const wanted = Array.from({ length: view.applied - floor }, (_, index) => floor + 1 + index);
        const atHand = numbers(view.since(floor, 1000));
        if (atHand !== undefined) assert.deepEqual(atHand, wanted);
        assert.deepEqual(view.since(view.applied, 10), []);
      }
    }),
  );
});
