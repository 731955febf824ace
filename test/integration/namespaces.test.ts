// Goal: AdminService's namespaces behave as the proto's comments say. Method: real gRPC, in memory.
import assert from 'node:assert/strict';
import test from 'node:test';
import { status } from '@grpc/grpc-js';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { MissReason } from '../../src/gen/reprise/v1/entry.ts';
import { type NamespaceSettings, ReadFallback, WriteFallback } from '../../src/gen/reprise/v1/namespace.ts';
import { createNamespace, getNamespace, settingsOf } from '../support/admin-calls.ts';
import { cacheCalls, milliseconds, msOf, seconds, textOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { startTimedServer } from '../support/timed-server.ts';

const { deleteNamespace, listNamespaces, updateNamespace } = AdminServiceService;
const DAYS_30 = seconds(30 * 86_400);

function update(server: TestServer, name: string, settings: Partial<NamespaceSettings>, expectedVersion?: bigint) {
  return server.call(updateNamespace, { name, settings: settingsOf(settings), expectedVersion });
}

test('a namespace is created with the defaults', async () => {
  await using t = await startTimedServer();
  const namespace = await createNamespace(t.server, 'n');
  assert.deepEqual(namespace.settings, {
    defaultTtl: seconds(3600),
    maxTtl: DAYS_30,
    negativeTtl: seconds(30),
    defaultStaleWindow: seconds(0),
    ttlJitterRatio: 0,
    valueBytesMax: 8 * 1024 * 1024,
    capacityBytes: 64n * 1024n * 1024n,
    readFallback: ReadFallback.ERROR,
    writeFallback: WriteFallback.REFUSE,
    localTtl: seconds(10),
  });
  assert.deepEqual([namespace.version, namespace.managedByFile, namespace.durable], [1n, false, false]);
  assert.equal(Number(namespace.createTime!.seconds), Math.floor(t.clock.nowMs() / 1000));
  assert.deepEqual(await getNamespace(t.server, 'n'), namespace);
});

test('a namespace is created with the settings that are given', async () => {
  await using server = await startTestServer();
  const given = { defaultTtl: milliseconds(1), ttlJitterRatio: 0.5, valueBytesMax: 1, capacityBytes: 65_536n };
  const { settings } = await createNamespace(server, 'n', given);
  assert.deepEqual({ ...settings, ...given }, settings);
});

test('what a namespace falls back to is given, shown, changed and left alone; what there is not is refused', async () => {
  await using server = await startTestServer();
  const chosen = { readFallback: ReadFallback.STALE, writeFallback: WriteFallback.LOCAL, localTtl: seconds(60) };
  const created = await createNamespace(server, 'n', chosen);
  assert.deepEqual({ ...created.settings, ...chosen }, created.settings);
  await update(server, 'n', { defaultTtl: seconds(5) });
  await update(server, 'n', { readFallback: ReadFallback.MISS });
  const { settings } = await getNamespace(server, 'n');
  assert.deepEqual([settings?.readFallback, settings?.writeFallback], [ReadFallback.MISS, WriteFallback.LOCAL]);
  for (const [changes, field] of [
    [{ readFallback: 9 as ReadFallback }, 'settings.read_fallback'],
    [{ writeFallback: 9 as WriteFallback }, 'settings.write_fallback'],
  ] as const) {
    const { reason, fields } = await errorOf(update(server, 'n', changes));
    assert.deepEqual([reason, fields], ['SETTING_OUT_OF_RANGE', [field]]);
  }
});

test('usage tells what the namespace holds', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  await cacheCalls(server, 'n').stored('k', 'x'.repeat(1000));
  const { usage } = await getNamespace(server, 'n');
  assert.equal(usage?.entries, 1n);
  assert.ok(usage.weightBytes > 1000n && usage.weightBytes < 2000n);
});

test('a name is taken once', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  for (const name of ['n', 'default']) {
    const { reason, code } = await errorOf(createNamespace(server, name));
    assert.deepEqual([reason, code], ['NAMESPACE_EXISTS', status.ALREADY_EXISTS]);
  }
});

test('what is not there is NAMESPACE_NOT_FOUND, for caches and administrators', async () => {
  await using server = await startTestServer();
  const calls = [
    cacheCalls(server, 'none').get('k'),
    cacheCalls(server, 'none').stored('k', 'v'),
    cacheCalls(server, 'none').remove({ all: true }),
    getNamespace(server, 'none'),
    update(server, 'none', {}),
    server.call(deleteNamespace, { name: 'none' }),
  ];
  for (const { reason, code } of await Promise.all(calls.map(errorOf))) {
    assert.deepEqual([reason, code], ['NAMESPACE_NOT_FOUND', status.NOT_FOUND]);
  }
});

test('pages list all namespaces by name, each once, also while others come and go', async () => {
  await using server = await startTestServer();
  for (const name of ['m', 'b', 'z', 'c']) await createNamespace(server, name);
  const first = await server.call(listNamespaces, { pageSize: 2 });
  await server.call(deleteNamespace, { name: 'c' });
  await createNamespace(server, 'a');
  await createNamespace(server, 'n');
  const second = await server.call(listNamespaces, { pageSize: 2, pageToken: first.nextPageToken });
  const third = await server.call(listNamespaces, { pageSize: 2, pageToken: second.nextPageToken });
  const names = [first, second, third].map(({ namespaces }) => namespaces.map(({ name }) => name));
  assert.deepEqual(names, [
    ['b', 'c'],
    ['default', 'm'],
    ['n', 'z'],
  ]);
  assert.equal(third.nextPageToken, '');
});

test('a list without page size has up to 100', async () => {
  await using server = await startTestServer();
  for (let i = 0; i < 100; i++) await createNamespace(server, `n${i}`, { capacityBytes: 65_536n });
  const { namespaces, nextPageToken } = await server.call(listNamespaces, {});
  assert.equal(namespaces.length, 100);
  assert.notEqual(nextPageToken, '');
});

test('an update changes what it names, leaves the rest, and counts the version up', async () => {
  await using server = await startTestServer();
  const before = await createNamespace(server, 'n', { maxTtl: seconds(100), defaultTtl: seconds(50) });
  const { namespace } = await update(server, 'n', { defaultTtl: seconds(7) });
  assert.deepEqual(namespace, {
    ...before,
    version: 2n,
    settings: { ...before.settings, defaultTtl: seconds(7) },
  });
});

test('entries keep the lifetimes they were set with', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n');
  const cache = cacheCalls(t.server, 'n');
  await cache.stored('k', 'v', { ttl: seconds(100) });
  await update(t.server, 'n', { defaultTtl: seconds(1), maxTtl: seconds(1) });
  assert.equal(msOf((await cache.hit('k')).freshFor), 100_000);
  assert.equal(msOf((await cache.stored('l', 'v')).freshFor), 1000);
});

test('a smaller capacity evicts at once', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  const cache = cacheCalls(server, 'n');
  for (let i = 0; i < 10; i++) await cache.stored(`k${i}`, 'x'.repeat(20_000));
  await update(server, 'n', { capacityBytes: 65_536n });
  const { usage } = await getNamespace(server, 'n');
  assert.ok(usage!.weightBytes <= 65_536n);
  assert.equal((await cache.miss('k0')).reason, MissReason.EVICTED);
  assert.equal(await cache.exists('k9'), true);
});

test('a change under an old version is a VERSION_MISMATCH that names the present one', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  await update(server, 'n', { ttlJitterRatio: 0.1 }, 1n);
  const calls = [
    update(server, 'n', { ttlJitterRatio: 0.2 }, 1n),
    server.call(deleteNamespace, { name: 'n', expectedVersion: 1n }),
  ];
  for (const { reason, code, metadata } of await Promise.all(calls.map(errorOf))) {
    assert.deepEqual([reason, code, metadata], ['VERSION_MISMATCH', status.ABORTED, { version: '2' }]);
  }
  await server.call(deleteNamespace, { name: 'n', expectedVersion: 2n });
});

test('of concurrent changes of one version one is made', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  const changes = Array.from({ length: 20 }, (_, i) => update(server, 'n', { ttlJitterRatio: i / 100 }, 1n));
  const settled = await Promise.allSettled(changes);
  assert.equal(settled.filter((change) => change.status === 'fulfilled').length, 1);
});

test('`default` is there from the start and can’t be deleted', async () => {
  await using server = await startTestServer();
  assert.equal((await getNamespace(server, 'default')).name, 'default');
  const { reason, code } = await errorOf(server.call(deleteNamespace, { name: 'default' }));
  assert.deepEqual([reason, code], ['NAMESPACE_BUILT_IN', status.FAILED_PRECONDITION]);
  await cacheCalls(server).stored('k', 'v');
});

test('`default` can be changed', async () => {
  await using server = await startTestServer();
  await update(server, 'default', { defaultTtl: seconds(7) });
  assert.equal(msOf((await cacheCalls(server).stored('k', 'v')).freshFor), 7000);
});

test('a deletion in memory is said not to last', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  assert.deepEqual(await server.call(deleteNamespace, { name: 'n' }), { durable: false });
});

test('a name that is deleted and created again sees nothing old', async () => {
  await using server = await startTestServer();
  const cache = cacheCalls(server, 'n');
  await createNamespace(server, 'n', { ttlJitterRatio: 0.1 });
  await cache.stored('k', 'old');
  await server.call(deleteNamespace, { name: 'n' });
  assert.equal((await errorOf(cache.get('k'))).reason, 'NAMESPACE_NOT_FOUND');
  const { settings, usage, version } = await createNamespace(server, 'n');
  assert.deepEqual([settings!.ttlJitterRatio, usage?.entries, version], [0, 0n, 1n]);
  assert.equal((await cache.miss('k')).reason, MissReason.UNKNOWN);
});

test('capacity that the server does not have is QUOTA_EXCEEDED, and is given back by a deletion', async () => {
  const mib = 1024 * 1024;
  await using server = await startTestServer({ config: { capacityBytes: 100 * mib } });
  await createNamespace(server, 'a', { capacityBytes: BigInt(50 * mib) });
  const tooMuch = await errorOf(createNamespace(server, 'b', { capacityBytes: 65_536n }));
  assert.deepEqual([tooMuch.reason, tooMuch.code], ['QUOTA_EXCEEDED', status.RESOURCE_EXHAUSTED]);
  assert.equal((await errorOf(update(server, 'a', { capacityBytes: BigInt(51 * mib) }))).reason, 'QUOTA_EXCEEDED');
  await server.call(deleteNamespace, { name: 'a' });
  await createNamespace(server, 'b', { capacityBytes: BigInt(50 * mib) });
});

test('a full namespace evicts its own, never another’s', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'quiet', { capacityBytes: 65_536n });
  await createNamespace(server, 'loud', { capacityBytes: 65_536n });
  const quiet = cacheCalls(server, 'quiet');
  const loud = cacheCalls(server, 'loud');
  await quiet.stored('k', 'v');
  for (let i = 0; i < 200; i++) await loud.stored(`k${i}`, 'x'.repeat(2000));
  assert.equal(textOf(await quiet.hit('k')), 'v');
  assert.equal((await loud.miss('k0')).reason, MissReason.EVICTED);
  assert.ok((await getNamespace(server, 'loud')).usage!.weightBytes <= 65_536n);
});

test('the same key in two namespaces is two entries', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  await cacheCalls(server).stored('k', '1');
  await cacheCalls(server, 'n').stored('k', '2');
  await cacheCalls(server, 'n').delete('k');
  assert.equal(textOf(await cacheCalls(server).hit('k')), '1');
});
