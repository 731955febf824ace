// Goal: the LRU that the server is compared with is right itself. Method: small examples with weights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DirectLru } from '../../../bench/traces/direct-lru.ts';

test('the key used longest ago leaves first', () => {
  const lru = new DirectLru(2);
  lru.set(1, 1);
  lru.set(2, 1);
  assert.equal(lru.get(1), true);
  lru.set(3, 1);
  assert.deepEqual([lru.get(1), lru.get(2), lru.get(3)], [true, false, true]);
});

test('a heavy entry makes as many leave as it needs', () => {
  const lru = new DirectLru(10);
  for (const key of [1, 2, 3]) lru.set(key, 3);
  lru.set(4, 7);
  assert.equal(lru.size, 2);
  assert.equal(lru.get(3), true);
});

test('a replacement is charged its new weight', () => {
  const lru = new DirectLru(10);
  lru.set(1, 9);
  lru.set(1, 1);
  lru.set(2, 9);
  assert.deepEqual([lru.get(1), lru.get(2)], [true, true]);
});

test('an entry that exceeds the budget alone is refused and nothing leaves', () => {
  const lru = new DirectLru(10);
  lru.set(1, 10);
  assert.equal(lru.set(2, 11), false);
  assert.equal(lru.get(1), true);
});
