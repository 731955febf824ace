// Goal: several lists over the same slots stay apart and in order. Method: each operation against its plain meaning.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NO_SLOT } from '../../../src/policy/eviction-policy.ts';
import { SlotLists } from '../../../src/policy/slot-lists.ts';

function listsWith(...contents: number[][]): SlotLists {
  const lists = new SlotLists(contents.length, 10);
  for (const [list, slots] of contents.entries()) for (const slot of slots) lists.append(list, slot);
  lists.validate();
  return lists;
}

describe('slot lists', () => {
  it('keep slots in the order of appending', () => {
    const lists = listsWith([3, 1, 2], []);
    assert.deepEqual(lists.slotsOf(0), [3, 1, 2]);
    assert.equal(lists.first(0), 3);
    assert.equal(lists.last(0), 2);
    assert.equal(lists.first(1), NO_SLOT);
    assert.equal(lists.last(1), NO_SLOT);
    assert.ok(lists.isEmpty(1));
  });

  it('let a slot go from the begin, the middle and the end', () => {
    const lists = listsWith([3, 1, 2, 4]);
    for (const slot of [1, 3, 4]) lists.remove(slot);
    lists.validate();
    assert.deepEqual(lists.slotsOf(0), [2]);
    assert.equal(lists.has(1), false);
    assert.equal(lists.has(2), true);
  });

  it('move all slots of a list to an empty one, in order', () => {
    const lists = listsWith([3, 1, 2], [], [5]);
    lists.moveAll(0, 1);
    lists.validate();
    assert.deepEqual([lists.slotsOf(0), lists.slotsOf(1), lists.slotsOf(2)], [[], [3, 1, 2], [5]]);
    assert.throws(() => lists.moveAll(1, 2));
  });

  it('move nothing out of an empty list', () => {
    const lists = listsWith([], []);
    lists.moveAll(0, 1);
    lists.validate();
    assert.ok(lists.isEmpty(0) && lists.isEmpty(1));
  });

  it('keep their slots when they grow, and never shrink', () => {
    const lists = listsWith([3], [9]);
    lists.resize(100);
    lists.append(1, 99);
    lists.validate();
    assert.deepEqual([lists.slotsOf(0), lists.slotsOf(1)], [[3], [9, 99]]);
    assert.throws(() => lists.resize(99));
  });

  it('refuse a slot that is in a list already, and to remove one that is in none', () => {
    const lists = listsWith([3], []);
    assert.throws(() => lists.append(1, 3));
    assert.throws(() => lists.remove(4));
  });
});
