// Goal: what was once wrong stays right. Method: one test a fixed bug, named after it, over real gRPC.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { MissReason } from '../../src/gen/reprise/v1/entry.ts';
import { InvalidationMode } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { ReadFallback, WriteFallback } from '../../src/gen/reprise/v1/namespace.ts';
import { getNamespace } from '../support/admin-calls.ts';
import { atLeast, cacheCalls, seconds } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { countHeld } from '../support/lease-calls.ts';
import { startServerProcess } from '../support/server-process.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { startTimedServer } from '../support/timed-server.ts';

const BATCH = 1000;
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

test('deleting the namespace without a name deleted default', async () => {
  await using server = await startTestServer();
  const facts = await errorOf(server.call(AdminServiceService.deleteNamespace, { name: '' }));
  assert.equal(facts.reason, 'FIELD_REQUIRED');
  await server.call(CacheServiceService.get, { key: 'a' });
});

test('the first update of default left its version as it was', async () => {
  await using server = await startTestServer();
  const { version } = await getNamespace(server, 'default');
  const update = { name: 'default', expectedVersion: version };
  const updated = await server.call(AdminServiceService.updateNamespace, update);
  assert.equal(updated.namespace?.version, version + 1n);
});

test('a repeated Delete of an invalidated entry was answered otherwise than the first', async () => {
  await using world = await startTimedServer();
  await world.cache.stored('a', 'x', { tags: ['t'] });
  await world.cache.invalidate({ tags: ['t'] }, { mode: InvalidationMode.REMOVE });
  const remove = { key: 'a', requestId: 'r' };
  const first = await world.server.call(CacheServiceService.delete, remove);
  assert.deepEqual(await world.server.call(CacheServiceService.delete, remove), first);
});

test('a request id that came again for another operation made Increment fail on a bug', async () => {
  await using server = await startTestServer();
  const once = { key: 'a', requestId: 'r' };
  await server.call(CacheServiceService.set, { ...once, content: { $case: 'value', value: Buffer.from('1') } });
  await server.call(CacheServiceService.touch, once);
  const added = await server.call(CacheServiceService.increment, { ...once, delta: 2n });
  assert.ok(added.result?.$case === 'incremented');
  assert.equal(added.result.value.value, 3n);
});

test('a Touch of an invalidated or stale entry left fences standing', async () => {
  await using world = await startTimedServer();
  for (const mode of [InvalidationMode.REMOVE, InvalidationMode.MARK_STALE]) {
    await world.cache.stored('a', 'x', { tags: ['t'] });
    await world.cache.invalidate({ tags: ['t'] }, { mode });
    const { fence } = await world.cache.miss('a');
    const touched = await world.server.call(CacheServiceService.touch, { key: 'a' });
    assert.equal(touched.result?.$case, 'notTouched');
    const condition = { kind: { $case: 'fence', value: fence } } as const;
    const content = { $case: 'value', value: Buffer.from('late') } as const;
    const set = await world.server.call(CacheServiceService.set, { key: 'a', content, condition });
    assert.equal(set.result?.$case, 'notStored');
  }
});

test('an entry that was marked stale was called expired once it was swept', async () => {
  await using world = await startTimedServer();
  await world.cache.stored('k', 'v', { staleWindow: seconds(60) });
  await world.cache.markStale({ keys: ['k'] });
  for (let turn = 0; turn < 5; turn++) {
    assert.equal((await world.cache.miss('k')).reason, MissReason.INVALIDATED);
    world.clock.advance(20);
  }
});

test('an entry that was marked stale had an expire time in the future', async () => {
  await using world = await startTimedServer();
  await world.cache.stored('k', 'v', { staleWindow: seconds(60) });
  await world.cache.markStale({ keys: ['k'] });
  const { expireTime, stale } = await world.cache.hit('k', { allowStale: true });
  assert.equal(stale, true);
  assert.ok(Number(expireTime!.seconds) * 1000 <= world.clock.nowMs());
});

test('a negative entry could live for a stale window', async () => {
  await using server = await startTestServer();
  const negative = { key: 'k', content: { $case: 'negative', value: {} } } as const;
  const facts = await errorOf(server.call(CacheServiceService.set, { ...negative, staleWindow: seconds(1) }));
  assert.equal(facts.reason, 'STALE_WINDOW_OUT_OF_RANGE');
  await server.call(AdminServiceService.updateNamespace, {
    name: 'default',
    settings: { ...noSettings, defaultStaleWindow: seconds(60) },
  });
  const set = await server.call(CacheServiceService.set, negative);
  assert.ok(set.result?.$case === 'stored' && set.result.value.keepFor!.seconds <= 60n);
});

test('who waited through two holders was not woken when the second one let the lease run out', async () => {
  await using world = await startTimedServer();
  const held = countHeld(world.server);
  const lease = (hold: number): object => ({ lease: { hold: seconds(hold), wait: seconds(4) } });
  const first = await world.server.call(CacheServiceService.get, { key: 'a', ...lease(600) });
  assert.ok(first.result?.$case === 'miss');
  const second = world.server.call(CacheServiceService.get, { key: 'a', ...lease(1) });
  await held.reached(1);
  const third = world.server.call(CacheServiceService.get, { key: 'a', ...lease(1) });
  await held.reached(2);
  await world.server.call(CacheServiceService.releaseLease, { key: 'a', leaseId: first.result.value.lease!.id });
  assert.ok((await second).result?.$case === 'miss');
  world.clock.advance(1001);
  const handed = await third;
  assert.ok(handed.result?.$case === 'miss' && handed.result.value.lease !== undefined);
});

test('a count whose deadline passed while a page was read was told that its caller had left', async () => {
  await using world = await startTimedServer();
  world.server.store.list = (_, from) => {
    world.clock.advance(3000);
    return { entries: [], next: from === '' ? '1' : undefined, nowMs: world.clock.nowMs() };
  };
  const counted = await world.cache.invalidate({ all: true }, { dryRun: true, mode: InvalidationMode.REMOVE });
  assert.equal(counted.$case, 'counted');
});

test('default claimed to be durable and had another id after each start', async () => {
  const state = await mkdtemp(join(tmpdir(), 'reprise-'));
  try {
    const first = await startServerProcess({ flags: ['--state', state] });
    const before = await getNamespace(first, 'default');
    const { token } = await cacheCalls(first).stored('k', 'v');
    first.kill('SIGTERM');
    await first.ended;
    await first[Symbol.asyncDispose]();
    await using second = await startServerProcess({ flags: ['--state', state] });
    assert.deepEqual((await getNamespace(second, 'default')).createTime, before.createTime);
    const facts = await errorOf(cacheCalls(second).get('k', { consistency: atLeast(token) }));
    assert.equal(facts.metadata['why'], 'UNKNOWN_EPOCH');
  } finally {
    await rm(state, { recursive: true });
  }
});

test('a batch of long content types, or of tags, grew beyond a message', async () => {
  await using server = await startTestServer();
  const tags = Array.from({ length: 16 }, (_, n) => `${n}`.padEnd(128, 't'));
  const keys = Array.from({ length: BATCH }, (_, n) => String.fromCharCode(0x4e00 + n));
  for (const [overheadBytes, itemTags] of [
    [259, []],
    [2307, tags],
  ] as const) {
    const valueBytes = Math.floor((MESSAGE_BYTES_MAX - 65_536) / BATCH) - overheadBytes;
    await fill(server, keys, valueBytes, itemTags);
    const { results } = await server.call(CacheServiceService.batchGet, { keys, withTags: true });
    assert.equal(results.length, BATCH);
    assert.ok(results.filter(({ result }) => result?.$case === 'hit').length > BATCH / 2);
  }
});

test('a batch of keys that are far too long was answered with a message that is far too long', async () => {
  await using server = await startTestServer();
  const keys = Array.from({ length: BATCH }, (_, n) => String(n).padEnd(16_700, 'k'));
  const got = await server.call(CacheServiceService.batchGet, { keys });
  const deleted = await server.call(CacheServiceService.batchDelete, { keys });
  for (const { results } of [got, deleted]) {
    assert.equal(results.filter(({ result }) => result?.$case === 'error').length, BATCH);
  }
});

const noSettings = {
  readFallback: ReadFallback.UNSPECIFIED,
  writeFallback: WriteFallback.UNSPECIFIED,
  localTtl: undefined,
  defaultTtl: undefined,
  maxTtl: undefined,
  negativeTtl: undefined,
  defaultStaleWindow: undefined,
};

async function fill(
  server: TestServer,
  keys: readonly string[],
  bytes: number,
  tags: readonly string[],
): Promise<void> {
  const content = { $case: 'value', value: Buffer.alloc(bytes) } as const;
  const rest = { contentType: 'x'.repeat(255), tags: [...tags], ttl: undefined, staleWindow: undefined };
  for (let at = 0; at < keys.length; at += 500) {
    const items = keys.slice(at, at + 500).map((key) => ({ key, content, ...rest, condition: undefined }));
    await server.call(CacheServiceService.batchSet, { items });
  }
}
