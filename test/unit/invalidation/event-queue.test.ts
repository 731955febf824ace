// Goal: a queue is bounded, keeps the order, and gives up older changes of a key only for newer ones. Method: the bounds
// of base/limits.ts at the limit and one past it, examples of coalescing, and random changes against what was pushed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../../../src/base/limits.ts';
import { EventQueue } from '../../../src/invalidation/event-queue.ts';
import { changedKey } from '../../../src/store/changed-key.ts';
import type { Change } from '../../../src/store/store.ts';
import { anyLog, invalidation, keyChange } from '../../support/changes.ts';
import { checkProperty } from '../../support/check-property.ts';

const ALL = Number.POSITIVE_INFINITY;
const ROOMY = { eventsMax: 1000, bytesMax: 1_000_000 };

function numbers(changes: readonly Change[]): number[] {
  return changes.map(({ position }) => position.number);
}

/** Pushes changes of one byte each; returns those that are left, or `undefined` if one did not fit. */
function leftOf(changes: readonly Change[], eventsMax: number): number[] | undefined {
  const queue = new EventQueue({ ...ROOMY, eventsMax });
  const fits = changes.every((change) => queue.push(change, 1));
  return fits ? numbers(queue.take(ALL)) : undefined;
}

describe('a fork', () => {
  const other = (number: number): Change => ({ ...keyChange(number, `other ${number}`), partition: 1 });

  test('what lies beyond it in its partition goes, the rest stays in order, and its bytes are free', () => {
    const queue = new EventQueue({ ...ROOMY, bytesMax: 5 });
    for (const change of [keyChange(1, 'a'), other(8), keyChange(2, 'b'), keyChange(3, 'a'), other(9)]) {
      assert.ok(queue.push(change, 1));
    }
    assert.equal(queue.push(keyChange(4, 'z'), 1), false);
    assert.ok(queue.cut(0, 1));
    assert.ok(queue.push(keyChange(2, 'c'), 1) && queue.push(keyChange(3, 'd'), 1));
    assert.deepEqual(numbers(queue.take(ALL)), [1, 8, 9, 2, 3]);
  });

  test('what was taken does not come back', () => {
    const queue = new EventQueue();
    for (let i = 1; i <= 5; i++) queue.push(keyChange(i, `k${i}`), 10);
    assert.deepEqual(numbers(queue.take(20)), [1, 2]);
    assert.ok(queue.cut(0, 3));
    assert.deepEqual(numbers(queue.take(ALL)), [3]);
    assert.ok(queue.cut(0, 0));
    assert.ok(queue.empty);
  });

  test('it is told when what goes may have stood for an older change', () => {
    const queue = new EventQueue({ ...ROOMY, eventsMax: 4 });
    for (const [index, key] of ['a', 'a', 'a', 'b'].entries()) queue.push(keyChange(index + 1, key), 1);
    assert.ok(queue.push(keyChange(5, 'b'), 1));
    assert.ok(queue.cut(0, 5), 'nothing goes');
    assert.equal(queue.cut(0, 2), false);
  });
});

describe('bounds', () => {
  test(`${limits.subscriberQueueEventsMax} changes wait; one more does not`, () => {
    const queue = new EventQueue();
    for (let i = 1; i <= limits.subscriberQueueEventsMax; i++) assert.ok(queue.push(keyChange(i, `k${i}`), 1));
    assert.equal(queue.push(keyChange(limits.subscriberQueueEventsMax + 1, 'k'), 1), false);
    assert.equal(queue.take(ALL).length, limits.subscriberQueueEventsMax);
  });

  test(`${limits.subscriberQueueBytesMax} bytes wait; one more does not`, () => {
    const queue = new EventQueue();
    const half = limits.subscriberQueueBytesMax / 2;
    assert.ok(queue.push(keyChange(1, 'a'), half));
    assert.ok(queue.push(keyChange(2, 'b'), half));
    assert.equal(queue.push(keyChange(3, 'c'), 1), false);
    assert.deepEqual(numbers(queue.take(ALL)), [1, 2]);
  });

  test('what was taken makes room', () => {
    const queue = new EventQueue({ eventsMax: 2, bytesMax: 20 });
    for (let i = 1; i < 50; i += 2) {
      assert.ok(queue.push(keyChange(i, `k${i}`), 10));
      assert.ok(queue.push(keyChange(i + 1, `k${i + 1}`), 10));
      assert.equal(queue.push(keyChange(i + 2, 'x'), 1), false);
      assert.deepEqual(numbers(queue.take(10)), [i]);
      assert.deepEqual(numbers(queue.take(10)), [i + 1]);
      assert.ok(queue.empty);
    }
  });

  test('the bytes of what was taken are free, also while others wait', () => {
    const queue = new EventQueue({ ...ROOMY, bytesMax: 100 });
    queue.push(keyChange(1, 'a'), 50);
    queue.push(keyChange(2, 'b'), 50);
    assert.deepEqual(numbers(queue.take(50)), [1]);
    assert.ok(queue.push(keyChange(3, 'c'), 50));
    assert.equal(queue.push(keyChange(4, 'd'), 1), false);
  });

  test('so many are taken as fit, at least one', () => {
    const queue = new EventQueue();
    for (const [index, bytes] of [5, 5, 1, 100, 1].entries()) queue.push(keyChange(index + 1, `k${index}`), bytes);
    assert.deepEqual(numbers(queue.take(10)), [1, 2]);
    assert.deepEqual(numbers(queue.take(10)), [3]);
    assert.deepEqual(numbers(queue.take(10)), [4]);
    assert.deepEqual(numbers(queue.take(10)), [5]);
    assert.ok(queue.empty);
  });

  test('a queue that was cleared has all its room again', () => {
    const queue = new EventQueue({ eventsMax: 1, bytesMax: 1 });
    queue.push(keyChange(1, 'a'), 1);
    queue.clear();
    assert.ok(queue.empty);
    assert.ok(queue.push(keyChange(2, 'a'), 1));
  });
});

describe('coalescing', () => {
  const remove = (number: number): Change => invalidation(number, { kind: 'key', key: 'k' });
  const markStale = (number: number): Change => invalidation(number, { kind: 'key', key: 'k' }, { mode: 'mark-stale' });

  test('the newest change of each key is left, where it was', () => {
    const changes = [keyChange(1, 'a'), keyChange(2, 'b'), keyChange(3, 'a'), keyChange(4, 'a'), keyChange(5, 'c')];
    assert.deepEqual(leftOf(changes, 4), [2, 4, 5]);
  });

  test('below the bound nothing is given up', () => {
    assert.deepEqual(leftOf([keyChange(1, 'a'), keyChange(2, 'a'), keyChange(3, 'a')], 3), [1, 2, 3]);
  });

  test('a key that is deleted, touched or invalidated stands for its earlier changes', () => {
    const touched = keyChange(2, 'k', { kind: 'touch' });
    const deleted = keyChange(3, 'k', { kind: 'delete' });
    assert.deepEqual(leftOf([keyChange(1, 'k'), touched, deleted, remove(4), keyChange(5, 'x')], 4), [4, 5]);
  });

  test('marking stale stands only for marking stale', () => {
    // Whoever missed the removal would go on to serve the entry as stale.
    assert.deepEqual(leftOf([remove(1), markStale(2), markStale(3), markStale(4), keyChange(5, 'x')], 4), [1, 4, 5]);
    assert.deepEqual(leftOf([keyChange(1, 'k'), markStale(2), markStale(3), markStale(4), remove(5)], 4), [1, 4, 5]);
  });

  test('a wide change stands for the same before it, and for no other', () => {
    const tag = (number: number, name: string): Change => invalidation(number, { kind: 'tag', tag: name });
    const prefix = invalidation(3, { kind: 'prefix', prefix: 't' });
    assert.deepEqual(leftOf([tag(1, 't'), tag(2, 'u'), prefix, tag(4, 't'), keyChange(5, 't')], 4), [2, 3, 4, 5]);
  });

  test('a queue that stays nearly full by it is full', () => {
    // It would coalesce again with nearly every change.
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'];
    assert.equal(
      leftOf(
        [...keys, 'x'].map((key, index) => keyChange(index + 1, key)),
        8,
      ),
      undefined,
    );
  });

  test('bytes are the bound too', () => {
    const queue = new EventQueue({ ...ROOMY, bytesMax: 100 });
    assert.ok(queue.push(keyChange(1, 'a'), 60));
    assert.ok(queue.push(keyChange(2, 'a'), 40));
    assert.ok(queue.push(keyChange(3, 'b'), 30), '40 are left, and 70 together are three quarters at most');
    assert.equal(queue.push(keyChange(4, 'b'), 60), false, 'the newest of each would have 130');
    assert.deepEqual(numbers(queue.take(ALL)), [2, 3]);
  });

  test('a queue is whole again when all that stood in it then was taken', () => {
    // Until then the token of what was taken would say that the change which gave way was told, or a newer one of its key.
    const queue = new EventQueue({ ...ROOMY, eventsMax: 4 });
    for (const [index, key] of ['a', 'b', 'a', 'a', 'c'].entries()) queue.push(keyChange(index + 1, key), 1);
    const wholeAfter = [1, 2, 3].map(() => [...numbers(queue.take(1)), queue.whole]);
    assert.deepEqual(wholeAfter, [
      [2, false],
      [4, true],
      [5, true],
    ]);
  });
});

/** Tells whether a newer change of the same key, or the same wide one, stands for a change. */
function standsFor(newer: Change, older: Change): boolean {
  if (newer.position.number <= older.position.number || nameOf(newer) !== nameOf(older)) return false;
  return !isMarkStale(newer) || isMarkStale(older);
}

function nameOf(change: Change): string {
  const key = changedKey(change);
  return JSON.stringify(key === undefined && change.kind === 'invalidate' ? change.selector : { key });
}

function isMarkStale(change: Change): boolean {
  return change.kind === 'invalidate' && change.mode === 'mark-stale';
}

test('what is taken is in order, and stands for all that was pushed', () => {
  const bounds = fc.record({ eventsMax: fc.integer({ min: 1, max: 30 }), bytesMax: fc.integer({ min: 10, max: 200 }) });
  const step = fc.record({ bytes: fc.integer({ min: 1, max: 10 }), take: fc.option(fc.nat(40), { nil: undefined }) });
  checkProperty(
    fc.property(bounds, anyLog(150), fc.array(step, { minLength: 150, maxLength: 150 }), (within, log, steps) => {
      const queue = new EventQueue(within);
      const pushed: Change[] = [];
      const taken: Change[] = [];
      const bytesOf = new Map<Change, number>();
      for (const [index, change] of log.entries()) {
        const { bytes, take } = steps[index]!;
        bytesOf.set(change, bytes);
        if (!queue.push(change, bytes)) break;
        pushed.push(change);
        if (take === undefined) continue;
        const page = queue.take(take);
        const pageBytes = page.reduce((sum, each) => sum + bytesOf.get(each)!, 0);
        assert.ok(page.length === 1 || pageBytes <= take);
        taken.push(...page);
        if (queue.whole) assertStand(pushed, taken, taken.at(-1)!);
      }
      const rest = queue.empty ? [] : queue.take(ALL);
      assert.ok(rest.length <= within.eventsMax);
      assert.ok(rest.reduce((sum, each) => sum + bytesOf.get(each)!, 0) <= within.bytesMax);
      taken.push(...rest);
      assert.deepEqual(
        numbers(taken),
        [...new Set(numbers(taken))].sort((a, b) => a - b),
        'ascending, none twice',
      );
      if (pushed.length > 0) assertStand(pushed, taken, pushed.at(-1)!);
    }),
  );
});

/** Asserts that for every change up to one that was taken, it or a newer one of its key was taken. */
function assertStand(pushed: readonly Change[], taken: readonly Change[], upTo: Change): void {
  for (const change of pushed) {
    if (change.position.number > upTo.position.number) break;
    const told = taken.some((each) => each === change || standsFor(each, change));
    assert.ok(told, `${change.position.number} is told, up to ${upTo.position.number}`);
  }
}
