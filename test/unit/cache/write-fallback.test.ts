// Goal: a plain Set that can't reach the store is kept by the node alone where its namespace chose so, seen while the
// store is away, and never hides what the store says. Method: the cache over a store that the test takes away.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { GetOutcome } from '../../../src/cache/get-entry.ts';
import type { NamespaceSettings } from '../../../src/cache/namespace.ts';
import type { SetCommand } from '../../../src/cache/set-entry.ts';
import { type OutageWorld, openOutageWorld } from '../../support/store-outage.ts';

const ANY = { kind: 'any' } as const;
const context = { remainingMs: () => 5000, signal: new AbortController().signal };
const unavailable = { reason: 'STORE_UNAVAILABLE' };
const query = { consistency: ANY, ifRevisionNot: '', allowStale: false, lease: undefined };

async function set({ manager, namespace }: OutageWorld, key: string, text: string, more: Partial<SetCommand> = {}) {
  const content = { value: Buffer.from(text), contentType: '', tags: [], ttlMs: 60_000, staleWindowMs: 0 };
  const plain = { condition: { kind: 'none' }, once: undefined, author: undefined } as const;
  return manager.set(namespace, { key, ...content, ...plain, ...more });
}

async function get({ manager, namespace }: OutageWorld, key: string): Promise<GetOutcome> {
  return manager.get(namespace, { key, ...query }, context);
}

async function textAt(world: OutageWorld, key: string): Promise<unknown> {
  const outcome = await get(world, key);
  if (outcome.kind === 'miss') return outcome.kind;
  return [Buffer.from(outcome.entry.value!).toString(), outcome.fallback];
}

/** A world whose namespace keeps writes locally, and whose store is away. */
async function away(settings: Partial<NamespaceSettings> = {}): Promise<OutageWorld> {
  const world = await openOutageWorld({ writeFallback: 'local', ...settings });
  world.outage.away = true;
  return world;
}

test('REFUSE: a Set fails', async () => {
  const world = await away({ writeFallback: 'refuse' });
  await assert.rejects(set(world, 'k', 'v'), unavailable);
  assert.equal(world.locals.size, 0);
});

test('LOCAL: a plain Set is kept for the shorter of its TTL and the namespace’s, and read back unverified', async () => {
  const world = await away({ localTtlMs: 8000 });
  for (const [ttlMs, kept] of [
    [60_000, 8000],
    [3000, 3000],
    [undefined, 8000],
  ] as const) {
    const outcome = await set(world, 'k', 'v', { ttlMs });
    assert.deepEqual(outcome, { kind: 'kept-locally', ttlMs: kept, freshUntilMs: world.clock.nowMs() + kept });
  }
  const outcome = await get(world, 'k');
  assert.ok(outcome.kind === 'hit');
  const { freshForMs, keepForMs, fallback, lease } = outcome;
  assert.deepEqual(
    { freshForMs, keepForMs, fallback, lease },
    { freshForMs: 8000, keepForMs: 8000, fallback: 'local', lease: undefined },
  );
  world.clock.advance(8000);
  await assert.rejects(get(world, 'k'), unavailable);
});

test('LOCAL is for plain Sets alone: conditions, request ids and every other change fail', async () => {
  const world = await openOutageWorld({ writeFallback: 'local' });
  const { manager, namespace, outage } = world;
  const missed = await get(world, 'k');
  assert.ok(missed.kind === 'miss');
  outage.away = true;
  const author = undefined;
  const once = { requestId: 'r' };
  const lifetime = { ttlMs: 1000, staleWindowMs: 0 };
  const refused: (() => unknown)[] = [
    () => set(world, 'k', 'v', { condition: { kind: 'absent' } }),
    () => set(world, 'k', 'v', { condition: { kind: 'present' } }),
    () => set(world, 'k', 'v', { condition: { kind: 'revision', revision: 'r' } }),
    () => set(world, 'k', 'v', { condition: { kind: 'fence', fence: missed.fence } }),
    () => set(world, 'k', 'v', { once }),
    () => manager.delete(namespace, { key: 'k', once: undefined, author }),
    () => manager.touch(namespace, { key: 'k', ...lifetime, once: undefined, author }),
    () => manager.increment(namespace, { key: 'k', delta: 1n, initial: 0n, ttlMs: 1000, once: undefined, author }),
  ];
  for (const call of refused) await assert.rejects(async () => call(), unavailable);
  assert.equal(world.locals.size, 0);
});

test('a Set of unknown outcome is never kept locally', async () => {
  const world = await away();
  world.outage.reason = 'OUTCOME_UNKNOWN';
  await assert.rejects(set(world, 'k', 'v'), { reason: 'OUTCOME_UNKNOWN' });
  assert.equal(world.locals.size, 0);
});

test('a Set that is wrong is refused as ever', async () => {
  const world = await away({ valueBytesMax: 3 });
  await assert.rejects(set(world, 'k', 'long'), { reason: 'VALUE_TOO_LARGE' });
  await assert.rejects(set(world, 'k', 'v', { ttlMs: 0 }), { reason: 'TTL_OUT_OF_RANGE' });
});

test('a value that alone exceeds what is kept locally is refused', async () => {
  const world = await away();
  await assert.rejects(set(world, 'k', 'x'.repeat(limits.localBytesPerNamespaceMax)), unavailable);
});

test('what was kept is seen in the place of what memory may still serve, and Exists agrees', async () => {
  const world = await openOutageWorld({ writeFallback: 'local' });
  await set(world, 'k', 'old');
  Object.assign(world.outage, { away: true, permitted: true });
  await set(world, 'k', 'new');
  assert.deepEqual(await textAt(world, 'k'), ['new', 'local']);
  const { manager, namespace } = world;
  assert.deepEqual(await manager.exists(namespace, { key: 'k', consistency: ANY }), { exists: true, negative: false });
  const asked = world.outage.asked.length;
  await assert.rejects(
    async () => manager.get(namespace, { key: 'k', ...query, consistency: { kind: 'latest' } }, context),
    unavailable,
  );
  assert.ok(world.outage.asked.length > asked, 'the store is asked first, each time');
});

test('in a batch each key has its own: kept, else by the namespace’s choice', async () => {
  for (const [readFallback, other] of [
    ['error', 'STORE_UNAVAILABLE'],
    ['miss', 'miss'],
    ['stale', 'old'],
  ] as const) {
    const world = await openOutageWorld({ writeFallback: 'local', readFallback });
    await set(world, 'held', 'old');
    world.outage.away = true;
    await set(world, 'k', 'new');
    const { outcomes } = await world.manager.batchGet(world.namespace, {
      keys: ['held', 'k'],
      consistency: ANY,
      allowStale: false,
    });
    const shown = outcomes.map((outcome) => {
      if (outcome instanceof OperatingError) return outcome.reason;
      return outcome.kind === 'miss' ? 'miss' : Buffer.from(outcome.entry.value!).toString();
    });
    assert.deepEqual(shown, [other, 'new']);
  }
});

test('when the store answers for the key again, its truth is served and the kept value is gone for good', async () => {
  const world = await away();
  await set(world, 'k', 'local');
  world.outage.away = false;
  assert.equal(await textAt(world, 'k'), 'miss');
  world.outage.away = true;
  await assert.rejects(get(world, 'k'), unavailable);
});

test('it is gone too if the store was there meanwhile and nobody asked for the key', async () => {
  const world = await away();
  world.clock.advance(100);
  await set(world, 'k', 'local');
  assert.deepEqual(await textAt(world, 'k'), ['local', 'local']);
  world.outage.reachedAtMs = 101;
  await assert.rejects(get(world, 'k'), unavailable);
});

test('a change that reaches the store ends what was kept of its key', async () => {
  const author = undefined;
  const changes: ((world: OutageWorld) => unknown)[] = [
    (world) => set(world, 'k', 'v'),
    ({ manager, namespace }) =>
      manager.touch(namespace, { key: 'k', ttlMs: 1, staleWindowMs: 0, once: undefined, author }),
    ({ manager, namespace }) =>
      manager.increment(namespace, { key: 'k', delta: 1n, initial: 0n, ttlMs: 1, once: undefined, author }),
  ];
  for (const change of changes) {
    const world = await away();
    await set(world, 'k', 'local');
    await set(world, 'other', 'local');
    world.outage.away = false;
    await change(world);
    const held = ['k', 'other'].map((key) => world.locals.holds({ namespaceId: world.namespace.id, key }));
    assert.deepEqual(held, [false, true]);
  }
});

test('a Delete or an Invalidate ends it although the store can’t be told: nobody wants it any more', async () => {
  const author = undefined;
  const world = await away();
  const { manager, namespace } = world;
  for (const key of ['a', 'b']) await set(world, key, 'local');
  await assert.rejects(async () => manager.delete(namespace, { key: 'a', once: undefined, author }), unavailable);
  await assert.rejects(get(world, 'a'), unavailable);
  assert.deepEqual(await textAt(world, 'b'), ['local', 'local']);
  const invalidation = {
    selectors: [{ kind: 'tag', tag: 't' }],
    mode: 'remove',
    deferred: false,
    wait: undefined,
  } as const;
  const command = { ...invalidation, affectedMax: undefined, once: undefined, author };
  await assert.rejects(manager.invalidate(namespace, { ...command, dryRun: true }, context));
  assert.ok(world.locals.size > 0, 'a dry run ends nothing');
  await assert.rejects(manager.invalidate(namespace, { ...command, dryRun: false }, context), unavailable);
  assert.equal(world.locals.size, 0);
});

test('local writes, and reads of them, are counted', async () => {
  const world = await away();
  await set(world, 'k', 'v');
  await get(world, 'k');
  const { sets, fallbackReads } = world.namespace.counters;
  assert.deepEqual([sets.local, sets.stored, fallbackReads.local], [1, 0, 1]);
});
