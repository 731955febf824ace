// Goal: a value whose computation began before something that covers its key changed is never stored (promise
// NoResurrection). Method: real gRPC; take the fence of a miss, let something happen, try to fill.
import assert from 'node:assert/strict';
import test from 'node:test';
import { NotStoredReason } from '../../src/gen/reprise/v1/entry.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { type CacheCalls, cacheCalls, onlyIf, seconds, textOf } from '../support/cache-calls.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';

type Happening = (cache: CacheCalls, t: TimedServer) => Promise<unknown>;

const KEY = 'a:b/c';
const TAGS = ['t', 'u'];

/** Takes the fence of a miss, lets something happen, and tries to fill. Returns why it was refused, if it was. */
async function fillAfter(happening: Happening): Promise<NotStoredReason | 'stored'> {
  await using t = await startTimedServer();
  const { fence } = await t.cache.miss(KEY);
  await happening(t.cache, t);
  const condition = onlyIf({ $case: 'fence', value: fence });
  const result = await t.cache.set(KEY, 'computed', { tags: TAGS, condition });
  return result.$case === 'stored' ? 'stored' : result.value.reason;
}

const overtaking: Record<string, Happening> = {
  'a Set': (cache) => cache.stored(KEY, 'v'),
  'a Set of the same content': (cache) => cache.stored(KEY, 'computed', { tags: TAGS }),
  'an Increment': (cache) => cache.counted(KEY, 1n),
  'a Delete of the absent key': (cache) => cache.delete(KEY),
  'a Touch of the absent key': (cache) => cache.touch(KEY),
  'a Set and a Delete': async (cache) => [await cache.stored(KEY, 'v'), await cache.delete(KEY)],
  'a Set that expired': async (cache, t) => {
    await cache.stored(KEY, 'v', { ttl: seconds(1) });
    t.clock.advance(2000);
  },
  'an invalidation of the key': (cache) => cache.remove({ keys: [KEY] }),
  'an invalidation of a tag of the value': (cache) => cache.remove({ tags: ['other', 'u'] }),
  'an invalidation of the shorter prefix': (cache) => cache.remove({ prefix: 'a:' }),
  'an invalidation of the longer prefix': (cache) => cache.remove({ prefix: 'a:b/' }),
  'an invalidation of the namespace': (cache) => cache.remove({ all: true }),
  'marking the key stale': (cache) => cache.markStale({ keys: [KEY] }),
  'marking a tag stale': (cache) => cache.markStale({ tags: ['t'] }),
  'marking the namespace stale': (cache) => cache.markStale({ all: true }),
};

for (const [what, happening] of Object.entries(overtaking)) {
  test(`a fence is overtaken by ${what}`, async () => {
    assert.equal(await fillAfter(happening), NotStoredReason.FENCE_OVERTAKEN);
  });
}

const harmless: Record<string, Happening> = {
  nothing: async () => undefined,
  'reads of the key': (cache) => Promise.all([cache.get(KEY), cache.exists(KEY)]),
  'changes of other keys': (cache) =>
    Promise.all([cache.stored('a:b/d', 'v'), cache.delete('a:b/'), cache.delete('a')]),
  'an invalidation of another tag': (cache) => cache.remove({ tags: ['tt'] }),
  'an invalidation of another prefix': (cache) => cache.remove({ prefix: 'a:b/c:' }),
  'an invalidation of another namespace': async (_, t) => {
    await createNamespace(t.server, 'n');
    await cacheCalls(t.server, 'n').remove({ all: true });
    await cacheCalls(t.server, 'n').stored(KEY, 'v');
  },
  'a refused Set': (cache) => cache.refusal(KEY, 'v', { condition: onlyIf({ $case: 'present', value: {} }) }),
  'a dry run': (cache) => cache.invalidate({ all: true }, { dryRun: true }),
  'ten minutes': async (_, t) => t.clock.advance(600_000),
};

for (const [what, happening] of Object.entries(harmless)) {
  test(`a fence outlives ${what}`, async () => {
    assert.equal(await fillAfter(happening), 'stored');
  });
}

test('a fence older than ten minutes is too old', async () => {
  assert.equal(await fillAfter(async (_, t) => t.clock.advance(600_001)), NotStoredReason.FENCE_OVERTAKEN);
});

test('a fence is overtaken by a newer entry even after that was evicted', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'small', { capacityBytes: 65_536n });
  const cache = cacheCalls(t.server, 'small');
  const { fence } = await cache.miss('k');
  await cache.stored('k', 'newer');
  await cache.stored('big', 'x'.repeat(64_000));
  await cache.stored('bigger', 'x'.repeat(64_500));
  assert.equal((await cache.get('k')).$case, 'miss', 'the newer entry was evicted');
  const condition = onlyIf({ $case: 'fence', value: fence });
  assert.equal(await cache.refusal('k', 'older', { condition }), NotStoredReason.FENCE_OVERTAKEN);
});

test('an entry that was filled under a fence is covered by what comes after the fill', async () => {
  await using t = await startTimedServer();
  const { fence } = await t.cache.miss('k');
  await t.cache.stored('k', 'v', { tags: ['t'], condition: onlyIf({ $case: 'fence', value: fence }) });
  await t.cache.remove({ tags: ['t'] });
  assert.equal((await t.cache.get('k')).$case, 'miss');
});

test('a plain Set after an invalidation is visible (promise WriteVisible)', async () => {
  await using t = await startTimedServer();
  for (const selector of [{ keys: ['a:k'] }, { tags: ['t'] }, { prefix: 'a:' }, { all: true } as const]) {
    await t.cache.remove(selector);
    await t.cache.stored('a:k', 'v', { tags: ['t'] });
    assert.equal(textOf(await t.cache.hit('a:k')), 'v');
  }
});
