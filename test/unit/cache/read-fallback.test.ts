// Goal: reads get what their namespace chose while the store can't be asked, and what the store says otherwise. Method:
// the cache over a store in memory that the test takes away; each choice, each read, what is held and what is not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { GetOutcome, GetQuery } from '../../../src/cache/get-entry.ts';
import type { NamespaceSettings } from '../../../src/cache/namespace.ts';
import { type OutageWorld, openOutageWorld } from '../../support/store-outage.ts';

const ANY = { kind: 'any' } as const;
const context = { remainingMs: () => 5000, signal: new AbortController().signal };

function get({ manager, namespace }: OutageWorld, key: string, more: Partial<GetQuery> = {}) {
  const query = { key, consistency: ANY, ifRevisionNot: '', allowStale: false, lease: undefined, ...more };
  return manager.get(namespace, query, context);
}

function batchGet({ manager, namespace }: OutageWorld, keys: readonly string[], allowStale = false) {
  return manager.batchGet(namespace, { keys, consistency: ANY, allowStale });
}

async function set({ manager, namespace }: OutageWorld, key: string, text: string, staleWindowMs = 0) {
  const content = { value: Buffer.from(text), contentType: '', tags: [], ttlMs: 10_000, staleWindowMs };
  const command = { key, ...content, condition: { kind: 'none' }, once: undefined, author: undefined } as const;
  return manager.set(namespace, command);
}

/** A world whose store went away after it was given `held`. */
async function outageWith(settings: Partial<NamespaceSettings>): Promise<OutageWorld> {
  const world = await openOutageWorld(settings);
  await set(world, 'held', 'v', 5000);
  world.outage.away = true;
  return world;
}

function facts(outcome: GetOutcome | OperatingError): unknown[] {
  if (outcome instanceof OperatingError) return [outcome.reason];
  if (outcome.kind === 'miss') return [outcome.kind, outcome.cause, outcome.fence];
  const text = outcome.entry.value && Buffer.from(outcome.entry.value).toString();
  return [outcome.kind, text, outcome.fallback, outcome.freshForMs, outcome.keepForMs];
}

const unavailable = { reason: 'STORE_UNAVAILABLE' };
const MISS = ['miss', 'store-unavailable', ''];
const HELD = ['hit', 'v', 'stale', 0, 15_000];

test('ERROR: every read fails', async () => {
  const world = await outageWith({});
  for (const late of [true, false]) {
    world.outage.late = late;
    await assert.rejects(async () => get(world, 'held'), unavailable);
    await assert.rejects(async () => batchGet(world, ['held', 'none']), unavailable);
    await assert.rejects(
      async () => world.manager.exists(world.namespace, { key: 'held', consistency: ANY }),
      unavailable,
    );
  }
});

test('MISS: a miss that says why, without fence and lease, also of what memory holds', async () => {
  const world = await outageWith({ readFallback: 'miss' });
  const lease = { holdMs: 1000, waitMs: 0 };
  for (const late of [true, false]) {
    world.outage.late = late;
    for (const key of ['held', 'none'])
      assert.deepEqual(facts(await get(world, key, { lease, allowStale: true })), MISS);
  }
  const { outcomes, token } = await batchGet(world, ['held', 'none']);
  assert.deepEqual([outcomes.map(facts), token], [[MISS, MISS], '']);
  const exists = await world.manager.exists(world.namespace, { key: 'held', consistency: ANY });
  assert.deepEqual(exists, { exists: false, negative: false });
});

test('STALE: what memory holds, stale and unverified whether the caller allows it or not; else the same miss', async () => {
  const world = await outageWith({ readFallback: 'stale' });
  for (const allowStale of [true, false]) {
    assert.deepEqual(facts(await get(world, 'held', { allowStale })), HELD);
    const { outcomes, token } = await batchGet(world, ['held', 'none'], allowStale);
    assert.deepEqual([outcomes.map(facts), token], [[HELD, MISS], '']);
  }
  assert.deepEqual(facts(await get(world, 'none')), MISS);
  for (const [key, exists] of [
    ['held', true],
    ['none', false],
  ] as const) {
    assert.equal((await world.manager.exists(world.namespace, { key, consistency: ANY })).exists, exists);
  }
});

test('STALE: no lease, and content even for who has the revision: nobody knows whether it is the current one', async () => {
  const world = await outageWith({ readFallback: 'stale' });
  const held = await get(world, 'held', { lease: { holdMs: 1000, waitMs: 1000 } });
  assert.ok(held.kind === 'hit' && held.lease === undefined);
  const { epoch, number } = held.entry.position;
  assert.equal((await get(world, 'held', { ifRevisionNot: `${epoch}-${number}` })).kind, 'hit');
});

test('STALE: until it is gone, and not what an invalidation that is known hides', async () => {
  const world = await outageWith({ readFallback: 'stale' });
  world.clock.advance(14_999);
  assert.deepEqual(facts(await get(world, 'held')), ['hit', 'v', 'stale', 0, 1]);
  world.clock.advance(1);
  assert.deepEqual(facts(await get(world, 'held')), MISS);
  const other = await outageWith({ readFallback: 'stale' });
  const selector = { kind: 'namespace' } as const;
  other.truth.invalidate({ namespaceId: other.namespace.id, selector, mode: 'remove', author: undefined });
  assert.deepEqual(facts(await get(other, 'held')), MISS);
});

test('a negative entry stays one', async () => {
  const world = await openOutageWorld({ readFallback: 'stale' });
  const content = { value: undefined, contentType: '', tags: [], ttlMs: 10_000, staleWindowMs: undefined };
  const command = { key: 'k', ...content, condition: { kind: 'none' }, once: undefined, author: undefined } as const;
  await world.manager.set(world.namespace, command);
  world.outage.away = true;
  const outcome = await get(world, 'k');
  assert.ok(outcome.kind === 'hit' && outcome.entry.value === undefined);
  assert.deepEqual(await world.manager.exists(world.namespace, { key: 'k', consistency: ANY }), {
    exists: true,
    negative: true,
  });
});

test('what may be served as ever is: in a batch where another key, or for a lease, the store was asked', async () => {
  for (const readFallback of ['miss', 'stale'] as const) {
    const world = await outageWith({ readFallback });
    world.outage.permitted = true;
    const { outcomes } = await batchGet(world, ['held', 'none']);
    assert.deepEqual(outcomes.map(facts), [['hit', 'v', undefined, 10_000, 15_000], MISS]);
    world.clock.advance(12_000);
    const lease = { holdMs: 1000, waitMs: 0 };
    const allowed = facts(await get(world, 'held', { allowStale: true, lease }));
    assert.deepEqual(allowed, ['hit', 'v', undefined, 0, 3000]);
    assert.equal((await get(world, 'held', { lease })).kind, readFallback === 'miss' ? 'miss' : 'hit');
  }
});

test('reads with a token and reads of the latest fail in every namespace', async () => {
  for (const readFallback of ['error', 'miss', 'stale'] as const) {
    const world = await openOutageWorld({ readFallback });
    const stored = await set(world, 'held', 'v');
    assert.ok(stored.kind === 'stored');
    const tokens = [world.manager.tokenOf(world.namespace, [stored.change])];
    world.outage.away = true;
    for (const consistency of [{ kind: 'latest' }, { kind: 'at-least', tokens }] as const) {
      const { manager, namespace } = world;
      await assert.rejects(async () => get(world, 'held', { consistency }), unavailable);
      await assert.rejects(
        async () => manager.batchGet(namespace, { keys: ['held'], consistency, allowStale: true }),
        unavailable,
      );
      await assert.rejects(async () => manager.exists(namespace, { key: 'held', consistency }), unavailable);
    }
  }
});

test('other failures are nobody’s choice', async () => {
  const world = await outageWith({ readFallback: 'stale' });
  world.outage.reason = 'TOKEN_UNUSABLE';
  await assert.rejects(async () => get(world, 'held'), { reason: 'TOKEN_UNUSABLE' });
});

test('the store’s answer is what counts as soon as it gives one', async () => {
  const world = await outageWith({ readFallback: 'stale' });
  await get(world, 'held');
  world.outage.away = false;
  assert.deepEqual(facts(await get(world, 'held')), ['hit', 'v', undefined, 10_000, 15_000]);
  assert.equal((await get(world, 'none')).kind, 'miss');
});

test('what was given instead is counted by kind, and among hits and misses', async () => {
  const world = await outageWith({ readFallback: 'stale' });
  await batchGet(world, ['held', 'none', 'none2']);
  const { fallbackReads, misses, hits } = world.namespace.counters;
  assert.deepEqual(fallbackReads, { miss: 2, stale: 1, local: 0 });
  assert.deepEqual([misses.storeUnavailable, hits.stale], [2, 1]);
});
