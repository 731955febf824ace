// Goal: a SlotMap answers as a Map does. Method: random operations on both, few keys so that they meet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlotMap } from '../../../src/base/slot-map.ts';
import { checkProperty } from '../../support/check-property.ts';

type Operation = { readonly kind: 'set' | 'delete' | 'get'; readonly key: number };

const operations: fc.Arbitrary<readonly Operation[]> = fc.array(
  fc.record({ kind: fc.constantFrom('set', 'set', 'delete', 'get'), key: fc.integer({ min: 0, max: 20 }) }),
  { maxLength: 200 },
);

interface Value {
  readonly made: number;
}

test('it holds what a Map holds, in the same order', () => {
  checkProperty(
    fc.property(operations, (steps) => {
      const [map, slots] = [new Map<number, Value>(), new SlotMap<number, Value>()];
      for (const [made, { kind, key }] of steps.entries()) {
        if (kind === 'delete') assert.equal(slots.delete(key), map.delete(key));
        if (kind === 'get') assert.equal(slots.get(key), map.get(key));
        if (kind !== 'set') continue;
        const value = { made };
        map.set(key, value);
        assert.equal(slots.set(key, value), slots);
      }
      const visited: [number, Value][] = [];
      slots.forEach((value, key) => {
        visited.push([key, value]);
      });
      assert.deepEqual([visited, slots.size], [[...map], map.size]);
    }),
  );
});

test('what is deleted during a visit is not visited, and what is added is not either', () => {
  const slots = new SlotMap<string, Value>().set('a', { made: 0 }).set('b', { made: 1 });
  const visited: string[] = [];
  slots.forEach((_value, key) => {
    visited.push(key);
    slots.delete('b');
    slots.set('c', { made: 2 });
  });
  assert.deepEqual(visited, ['a']);
});
