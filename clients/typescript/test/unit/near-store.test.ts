import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/base/limits.ts';
import { type KeptEntry, NearStore } from '../../src/near/near-store.ts';

// The store of the near cache: who leaves when there is no more room.

const entry = (key: string, weightBytes = 1): KeptEntry => ({
  key,
  bytes: new Uint8Array(),
  contentType: '',
  revision: 'r',
  tags: ['t'],
  freshUntilMs: 0,
  weightBytes,
  decoded: undefined,
  used: false,
});

function filled(keys: readonly string[], entriesMax = keys.length, bytesMax = 1000): NearStore {
  const store = new NearStore({ entriesMax, bytesMax });
  for (const key of keys) store.put(entry(key));
  return store;
}

/** The keys that are there, found without using them. */
const keysOf = (store: NearStore, keys: readonly string[]): string[] => keys.filter((key) => store.remove(key));

test('of those that were not used the oldest leaves; a use spares once', () => {
  const store = filled(['a', 'b', 'c']);
  store.use('a');
  store.put(entry('d'));
  store.put(entry('e'));
  // `a` was spared before `b` left, and became the youngest then.
  store.put(entry('f'));
  store.put(entry('g'));
  assert.equal(store.evictions, 4);
  assert.deepEqual(keysOf(store, [...'abcdefg']), ['e', 'f', 'g']);
});

test('where all were used the oldest leaves, and never the one that comes', () => {
  const store = filled(['a', 'b', 'c']);
  for (const key of ['c', 'a', 'b']) store.use(key);
  store.put(entry('d'));
  assert.deepEqual(keysOf(store, [...'abcd']), ['b', 'c', 'd']);
});

test('at most so many are spared at once', () => {
  const keys = Array.from({ length: limits.nearSparedMax + 2 }, (_, i) => `k${i}`);
  const store = filled(keys);
  for (const key of keys) store.use(key);
  store.put(entry('new'));
  assert.ok(!store.remove(`k${limits.nearSparedMax}`), 'the first beyond those that were spared leaves');
  assert.ok(store.remove('k0') && store.remove(`k${limits.nearSparedMax + 1}`));
});

test('one large entry takes the room of several small ones, but no more than it needs', () => {
  const store = filled([...'abcde'], 10, 5);
  store.use('b');
  store.put(entry('large', 3));
  assert.deepEqual([store.bytes, store.evictions], [5, 3]);
  assert.deepEqual(keysOf(store, [...'abcde', 'large']), ['b', 'e', 'large']);
});

test('what is larger than the store, or finds a store of none, does not enter', () => {
  const store = filled(['a'], 1, 5);
  assert.ok(!store.put(entry('b', 6)) && store.put(entry('c', 5)));
  assert.ok(!new NearStore({ entriesMax: 0, bytesMax: 5 }).put(entry('a')));
});
