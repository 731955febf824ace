import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GetBatcher } from '../../src/batching/get-batcher.ts';
import type { Answer } from '../../src/calls/answer.ts';
import { RepriseError } from '../../src/errors.ts';
import type { Demand } from '../../src/freshness/demand.ts';

// Gets of one tick become one call: which of them, how many, and what each caller is told.

const ANY: Demand = { latest: false, asked: [], own: [] };
const LATEST: Demand = { latest: true, asked: [], own: [] };
const miss: Answer = {
  kind: 'miss',
  miss: { reason: 1, fence: '', lease: undefined, retryAfter: undefined },
  fence: '',
};
const owning = (...own: string[]): Demand => ({ ...ANY, own });

function world(failing: readonly string[] = []) {
  const calls: (readonly string[])[] = [];
  const demands: Demand[] = [];
  let flush: (() => void) | undefined;
  const batcher = new GetBatcher({
    one: async (key, demand) => {
      calls.push([key]);
      demands.push(demand);
      return miss;
    },
    many: async (keys, demand) => {
      calls.push(keys);
      demands.push(demand);
      return keys.map((key) => (failing.includes(key) ? { kind: 'error', error: new RepriseError('bad item') } : miss));
    },
    afterTick: (callback) => {
      flush = callback;
    },
  });
  return { batcher, calls, demands, flush: () => flush!() };
}

test('those of one tick are one call, a single one a Get', async () => {
  const { batcher, calls, flush } = world();
  const both = [batcher.ask('a', ANY, {}), batcher.ask('b', ANY, {})];
  assert.deepEqual(calls, []);
  flush();
  assert.deepEqual(await Promise.all(both), [miss, miss]);
  const single = batcher.ask('c', ANY, {});
  flush();
  await single;
  assert.deepEqual(calls, [['a', 'b'], ['c']]);
});

test('one key is asked for once, as fresh as the strictest asks', async () => {
  const { batcher, calls, demands, flush } = world();
  const both = [batcher.ask('a', owning('A'), {}), batcher.ask('a', owning('B'), {})];
  flush();
  await Promise.all(both);
  assert.deepEqual(calls, [['a']]);
  assert.deepEqual(demands[0]?.own, ['A', 'B']);
});

test('other options are other calls', async () => {
  const { batcher, calls, flush } = world();
  const all = [
    batcher.ask('a', ANY, {}),
    batcher.ask('b', ANY, { allowStale: true }),
    batcher.ask('c', ANY, { timeoutMs: 1 }),
  ];
  all.push(batcher.ask('d', LATEST, {}), batcher.ask('e', ANY, { withTags: true }));
  flush();
  await Promise.all(all);
  assert.deepEqual(calls, [['a'], ['d'], ['b'], ['c'], ['e']]);
});

test('a call has 100 keys and 16 tokens at most', async () => {
  const { batcher, calls, flush } = world();
  const keys = Array.from({ length: 101 }, (_, i) => `k${i}`);
  const all = keys.map((key) => batcher.ask(key, ANY, {}));
  flush();
  await Promise.all(all);
  assert.deepEqual(
    calls.map(({ length }) => length),
    [100, 1],
  );
  const owned = keys.slice(0, 17).map((key) => batcher.ask(key, owning(key), {}));
  flush();
  await Promise.all(owned);
  assert.deepEqual(
    calls.slice(2).map(({ length }) => length),
    [16, 1],
  );
});

test('an item that fails fails alone', async () => {
  const { batcher, flush } = world(['bad']);
  const all = Promise.allSettled([batcher.ask('a', ANY, {}), batcher.ask('bad', ANY, {})]);
  flush();
  assert.deepEqual(
    (await all).map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
});
