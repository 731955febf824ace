// Goal: GetStats counts what happened to a namespace, and says since when. Method: real gRPC; known calls, then figures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { AdminServiceService, type GetStatsResponse } from '../../src/gen/reprise/v1/admin_service.ts';
import { createNamespace, getNamespace } from '../support/admin-calls.ts';
import { cacheCalls, milliseconds, msOf, negative, seconds } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { subscribed } from '../support/subscriber.ts';
import type { TestServer } from '../support/test-server.ts';
import { startTimedServer } from '../support/timed-server.ts';

function statsOf(server: Pick<TestServer, 'call'>, namespace = ''): Promise<GetStatsResponse> {
  return server.call(AdminServiceService.getStats, { namespace });
}

test('a namespace that nobody used stands at zero', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n', { capacityBytes: 1_000_000n });
  const { countedFor, ...figures } = await statsOf(t.server, 'n');
  assert.equal(msOf(countedFor), 0);
  assert.deepEqual(figures, {
    namespace: 'n',
    entries: 0n,
    weightBytes: 0n,
    capacityBytes: 1_000_000n,
    subscribers: 0n,
    hits: 0n,
    staleHits: 0n,
    misses: 0n,
    sets: 0n,
    deletes: 0n,
    invalidations: 0n,
    evictions: 0n,
    expirations: 0n,
  });
});

test('no name means default; one that is not there is NAMESPACE_NOT_FOUND', async () => {
  await using t = await startTimedServer();
  assert.equal((await statsOf(t.server)).namespace, 'default');
  const { code, reason } = await errorOf(statsOf(t.server, 'none'));
  assert.deepEqual([code, reason], [status.NOT_FOUND, 'NAMESPACE_NOT_FOUND']);
});

test('reads are counted by what they found', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'v', { ttl: seconds(10), staleWindow: seconds(10) });
  await t.cache.stored('negative', '', { content: negative });
  await t.cache.hit('k');
  await t.cache.hit('negative');
  assert.equal((await t.cache.get('k', { ifRevisionNot: revision })).$case, 'notModified');
  await t.cache.miss('none');
  t.clock.advance(10_000);
  await t.cache.hit('k', { allowStale: true });
  await t.cache.miss('k');
  const { hits, staleHits, misses } = await statsOf(t.server);
  assert.deepEqual([hits, staleHits, misses], [3n, 1n, 2n]);
});

test('changes are counted where they are made', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n');
  await t.cache.stored('a', 'v');
  await t.cache.stored('b', 'v');
  await t.cache.refusal('a', 'v', { condition: { kind: { $case: 'absent', value: {} } } });
  await t.cache.delete('a');
  await t.cache.delete('none');
  await t.cache.remove({ tags: ['t', 'u'] });
  await t.cache.markStale({ keys: ['b'] });
  await t.cache.remove({ prefix: 'a:' });
  await t.cache.markStale({ all: true });
  const { sets, deletes, invalidations, entries } = await statsOf(t.server);
  assert.deepEqual([sets, deletes, invalidations, entries], [2n, 2n, 4n, 1n]);
  const other = await statsOf(t.server, 'n');
  assert.deepEqual([other.sets, other.deletes, other.invalidations], [0n, 0n, 0n]);
});

test('what is held is told as GetNamespace tells it', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('a', 'x'.repeat(1000));
  const { entries, weightBytes, capacityBytes } = await statsOf(t.server);
  const { usage, settings } = await getNamespace(t.server, 'default');
  assert.deepEqual({ entries, weightBytes }, usage);
  assert.ok(weightBytes > 1000n);
  assert.equal(capacityBytes, settings?.capacityBytes);
});

test('what left for space and by time is counted', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n', { capacityBytes: 100_000n });
  const cache = cacheCalls(t.server, 'n');
  await cache.stored('short', 'v', { ttl: milliseconds(100) });
  t.clock.advance(10_000);
  assert.equal((await statsOf(t.server, 'n')).expirations, 1n);
  for (let i = 0; i < 20; i++) await cache.stored(`k${i}`, 'x'.repeat(10_000));
  const { evictions, entries } = await statsOf(t.server, 'n');
  assert.ok(evictions > 0n);
  assert.equal(evictions + entries, 20n);
});

test('open streams are counted in their namespace', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n');
  using _a = await subscribed(t.server);
  using _b = await subscribed(t.server, { namespace: 'n' });
  using _c = await subscribed(t.server, { namespace: 'n', keys: ['k'] });
  assert.deepEqual([(await statsOf(t.server)).subscribers, (await statsOf(t.server, 'n')).subscribers], [1n, 2n]);
});

test('it says for how long it has counted, from the start of a namespace, also when its settings change', async () => {
  await using t = await startTimedServer();
  t.clock.advance(5000);
  await createNamespace(t.server, 'n');
  t.clock.advance(1500);
  await cacheCalls(t.server, 'n').stored('k', 'v');
  await t.server.call(AdminServiceService.updateNamespace, { name: 'n', settings: undefined });
  t.clock.step(-60_000);
  const [all, later] = [await statsOf(t.server), await statsOf(t.server, 'n')];
  assert.deepEqual([msOf(all.countedFor), msOf(later.countedFor), later.sets], [6500, 1500, 1n]);
});
