// Goal: a removal is never forgotten while a fence from before it could pass. Method: at each limit and one past it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { Tombstones } from '../../../src/store/memory/tombstones.ts';

const T0 = 1_800_000_000_000;

describe('tombstones', () => {
  it('remember number and cause of a removal', () => {
    const tombstones = new Tombstones();
    tombstones.remember('k', 7, 'evicted', T0);
    assert.equal(tombstones.numberOf('k'), 7);
    assert.equal(tombstones.causeOf('k', T0), 'evicted');
    assert.equal(tombstones.numberOf('other'), 0);
    assert.equal(tombstones.causeOf('other', T0), 'unknown');
  });

  it('never go back to a lower number', () => {
    const tombstones = new Tombstones();
    tombstones.remember('k', 7, 'deleted', T0);
    tombstones.remember('k', 3, 'evicted', T0);
    assert.equal(tombstones.numberOf('k'), 7);
  });

  it('tell a cause up to the greatest age, and no longer', () => {
    const tombstones = new Tombstones();
    tombstones.remember('k', 7, 'deleted', T0);
    assert.equal(tombstones.causeOf('k', T0 + limits.fenceAgeMsMax), 'deleted');
    assert.equal(tombstones.causeOf('k', T0 + limits.fenceAgeMsMax + 1), 'unknown');
  });

  it('raise the floor to the oldest one past the limit, and not at the limit', () => {
    const tombstones = new Tombstones(3);
    for (const number of [1, 2, 3]) tombstones.remember(`k${number}`, number, 'deleted', T0);
    assert.equal(tombstones.size, 3);
    assert.equal(tombstones.floor, 0);
    tombstones.remember('k4', 4, 'deleted', T0);
    assert.equal(tombstones.size, 3);
    assert.equal(tombstones.floor, 1);
    assert.equal(tombstones.numberOf('k1'), 0);
    tombstones.validate([]);
  });

  it('keep as many as the documented limit by default', () => {
    const tombstones = new Tombstones();
    for (let i = 1; i <= limits.tombstonesPerNamespaceMax; i++) tombstones.remember(`k${i}`, i, 'deleted', T0);
    assert.equal(tombstones.floor, 0);
    tombstones.remember('one more', limits.tombstonesPerNamespaceMax + 1, 'deleted', T0);
    assert.equal(tombstones.size, limits.tombstonesPerNamespaceMax);
    assert.equal(tombstones.floor, 1);
  });

  it('never lower the floor, though an old entry evicted late has a low number', () => {
    const tombstones = new Tombstones(1);
    tombstones.remember('a', 9, 'deleted', T0);
    tombstones.remember('b', 2, 'evicted', T0);
    tombstones.remember('c', 3, 'evicted', T0);
    assert.equal(tombstones.floor, 9);
  });

  it('leave the floor where it is for what is older than any fence', () => {
    for (const [ageMs, floor] of [
      [limits.fenceAgeMsMax, 1],
      [limits.fenceAgeMsMax + 1, 0],
    ] as const) {
      const tombstones = new Tombstones(1);
      tombstones.remember('a', 1, 'deleted', T0);
      tombstones.remember('b', 2, 'deleted', T0 + ageMs);
      assert.equal(tombstones.floor, floor);
    }
  });

  it('forget what is too old, oldest first, as much as they may', () => {
    const tombstones = new Tombstones();
    for (const number of [1, 2, 3]) tombstones.remember(`k${number}`, number, 'deleted', T0);
    tombstones.remember('young', 4, 'deleted', T0 + 1);
    const nowMs = T0 + limits.fenceAgeMsMax + 1;
    assert.equal(tombstones.forgetOld(nowMs, 2), 2);
    assert.equal(tombstones.forgetOld(nowMs, 2), 1);
    assert.equal(tombstones.forgetOld(nowMs, 2), 0);
    assert.equal(tombstones.size, 1);
    assert.equal(tombstones.floor, 0);
  });

  it('are superseded by a new entry without raising the floor', () => {
    const tombstones = new Tombstones(1);
    tombstones.remember('k', 5, 'deleted', T0);
    tombstones.supersede('k');
    tombstones.supersede('k');
    assert.equal(tombstones.size, 0);
    assert.equal(tombstones.floor, 0);
  });
});
