// Goal: the ring holds the newest changes within its bounds and says when it no longer reaches. Method: the bounds of
// base/limits.ts at the limit and one past it, and random changes against an array.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { limits } from '../../../src/base/limits.ts';
import { ChangeRing, type RingBounds } from '../../../src/store/change-ring.ts';
import { changedKey } from '../../../src/store/changed-key.ts';
import type { Change } from '../../../src/store/store.ts';
import { anyChange, authorOf, invalidation, keyChange } from '../../support/changes.ts';
import { checkProperty } from '../../support/check-property.ts';

/** Bytes of a change beside its texts, as the ring counts them. */
const CHANGE_BYTES = 300;
const AMPLE = 2 ** 40;

function ringOf(bounds: Partial<RingBounds>, floor = 0): ChangeRing {
  return new ChangeRing(floor, { changesMax: AMPLE, bytesMax: AMPLE, ...bounds });
}

function numbers(changes: readonly Change[] | undefined): number[] | undefined {
  return changes?.map(({ position }) => position.number);
}

test('changes are given after a number, oldest first, a page at a time', () => {
  const ring = ringOf({});
  for (let number = 1; number <= 5; number++) ring.push(keyChange(number, 'k'));
  assert.deepEqual(numbers(ring.since(0, 10)), [1, 2, 3, 4, 5]);
  assert.deepEqual(numbers(ring.since(2, 2)), [3, 4]);
  assert.deepEqual(numbers(ring.since(2, 0)), []);
  assert.deepEqual(numbers(ring.since(5, 10)), []);
  assert.deepEqual(numbers(ring.since(6, 10)), []);
});

test('a ring begins after its floor', () => {
  const ring = ringOf({}, 41);
  assert.deepEqual(ring.since(41, 10), []);
  assert.equal(ring.since(40, 10), undefined);
  ring.push(keyChange(42, 'k'));
  assert.deepEqual(numbers(ring.since(41, 10)), [42]);
  assert.throws(() => ring.push(keyChange(44, 'k')), /no holes/);
});

test('up to a number a ring holds what it held, and goes on from there; below what it held, nothing', () => {
  const ring = ringOf({ changesMax: 3 });
  for (let number = 1; number <= 5; number++) ring.push(keyChange(number, 'k'));
  const kept = ring.upTo(4);
  assert.deepEqual(numbers(kept.since(2, 10)), [3, 4]);
  assert.equal(kept.since(1, 10), undefined);
  kept.push(keyChange(5, 'another'));
  kept.validate();
  assert.deepEqual(numbers(ring.upTo(5).since(2, 10)), [3, 4, 5]);
  const none = ring.upTo(1);
  assert.deepEqual(none.since(1, 10), []);
  none.push(keyChange(2, 'k'));
  none.validate();
});

test(`${limits.ringChangesMax} changes are held; one more drops the oldest`, () => {
  const ring = ringOf({ changesMax: limits.ringChangesMax });
  for (let number = 1; number <= limits.ringChangesMax; number++) ring.push(keyChange(number, 'k'));
  assert.equal(ring.since(0, AMPLE)?.length, limits.ringChangesMax);
  ring.push(keyChange(limits.ringChangesMax + 1, 'k'));
  assert.equal(ring.since(0, 1), undefined);
  assert.deepEqual(numbers(ring.since(1, 1)), [2]);
  assert.equal(ring.since(1, AMPLE)?.length, limits.ringChangesMax);
  ring.validate();
});

test(`changes of ${limits.ringBytesMax} bytes are held; one more drops the oldest`, () => {
  const ring = new ChangeRing(0);
  const bytesOfEach = 1024;
  const count = limits.ringBytesMax / bytesOfEach;
  const key = 'k'.repeat(bytesOfEach - CHANGE_BYTES);
  for (let number = 1; number <= count; number++) ring.push(keyChange(number, key));
  assert.equal(ring.since(0, AMPLE)?.length, count);
  ring.push(keyChange(count + 1, ''));
  assert.equal(ring.since(0, 1), undefined);
  assert.equal(ring.since(1, AMPLE)?.length, count);
  ring.validate();
});

test('keys, tags, selectors and trace contexts count', () => {
  const text = 'x'.repeat(1000);
  const author = { ...authorOf('x'.repeat(300)), traceparent: 'y'.repeat(700) };
  const long: Change[] = [
    keyChange(1, text),
    keyChange(1, '', { tags: ['x'.repeat(500), 'y'.repeat(500)] }),
    keyChange(1, '', { author }),
    invalidation(1, { kind: 'key', key: text }),
    invalidation(1, { kind: 'tag', tag: text }),
    invalidation(1, { kind: 'prefix', prefix: text }),
  ];
  for (const change of long) {
    const fits = ringOf({ bytesMax: CHANGE_BYTES + 1000 });
    fits.push(change);
    assert.deepEqual(numbers(fits.since(0, 1)), [1]);
    const tooSmall = ringOf({ bytesMax: CHANGE_BYTES + 999 });
    tooSmall.push(change);
    assert.equal(tooSmall.since(0, 1), undefined, 'a change that is too large alone is not held');
    assert.deepEqual(tooSmall.since(1, 1), [], 'who has heard of it is up to date');
    tooSmall.validate();
  }
  const wide = ringOf({ bytesMax: CHANGE_BYTES });
  wide.push(invalidation(1, { kind: 'namespace' }));
  assert.equal(wide.since(0, 1)?.length, 1);
});

test('a ring is an array of the newest changes', () => {
  const bounds = fc.record({
    changesMax: fc.integer({ min: 1, max: 200 }),
    bytesMax: fc.integer({ min: 1, max: 90_000 }),
  });
  const makers = fc.array(anyChange, { maxLength: 400 });
  const asked = fc.record({ back: fc.integer({ min: -2, max: 250 }), changesMax: fc.integer({ min: 0, max: 250 }) });
  checkProperty(
    fc.property(bounds, fc.nat(1000), makers, fc.array(asked), (within, floor, changes, questions) => {
      const ring = new ChangeRing(floor, within);
      const all = changes.map((make, index) => make(floor + 1 + index));
      for (const change of all) ring.push(change);
      ring.validate();
      const held = heldOf(all, within);
      const head = floor + all.length;
      for (const { back, changesMax } of questions) {
        const number = head - back;
        const reaches = number >= head - held.length;
        const newer = held.filter(({ position }) => position.number > number).slice(0, changesMax);
        assert.deepEqual(ring.since(number, changesMax), reaches ? newer : undefined);
      }
    }),
    300,
  );
});

/** The newest changes that fit the bounds. */
function heldOf(changes: readonly Change[], { changesMax, bytesMax }: RingBounds): Change[] {
  const held: Change[] = [];
  let bytes = 0;
  for (const change of changes.toReversed()) {
    bytes += CHANGE_BYTES + charactersOf(change);
    if (held.length === changesMax || bytes > bytesMax) break;
    held.unshift(change);
  }
  return held;
}

function charactersOf(change: Change): number {
  const key = changedKey(change) ?? '';
  const { kind: _, ...texts } = change.kind === 'invalidate' ? change.selector : { kind: '', key };
  return [...Object.values(texts), ...change.tags].join('').length;
}
