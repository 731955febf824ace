// Goal: by the ACL lines of the documentation nobody but the service touches its keys, and the service can do all it must
// beside them. Method: a real server with these very lines; every way of changing a record that we know of, by each user.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { partitionKeys } from '../../../src/store/redis/partition-keys.ts';
import { checkRedis } from '../../../src/store/redis/startup-checks.ts';
import { NS, put, refOf } from '../../suite/store/store-harness.ts';
import { SERVICE_PASSWORD, SERVICE_USER } from '../../support/redis/redis-access.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { connectAs, type UserConnection } from '../../support/redis/user-connection.ts';
import { openStoreNode, type StoreNode, textAt } from '../../support/store-node.ts';
import { linkOptions } from '../../support/test-link.ts';

const PASSWORD = 'a-password-of-the-test';
const keys = partitionKeys('reprise:', '0');
const record = keys.record(refOf('k'));

let rig: RedisRig;
let node: StoreNode;
before(async () => {
  rig = await openStandalone({ acl: true });
  for (const line of documentedLines()) await rig.servers[0]!.command('ACL', ...line.split(' ').slice(1));
  node = await openStoreNode(rig, { prefix: 'reprise:' });
  await put(node.store, 'k');
});
after(async () => {
  await node[Symbol.asyncDispose]();
  await rig.stop();
});

function documentedLines(): string[] {
  const text = readFileSync(new URL('../../../docs/fleet.md', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('ACL SETUSER '));
  assert.equal(lines.length, 2);
  return lines.map((line) => line.replace('>PASSWORD', `>${PASSWORD}`));
}

function loginAs(user: string, password = PASSWORD): Promise<UserConnection> {
  return connectAs(rig.ports[0]!, { user, password });
}

/** Ways to change what is stored under the prefix, or to make nodes believe that it was. */
const INTRUSIONS: readonly (readonly string[])[] = [
  ['DEL', record],
  ['UNLINK', record],
  ['SET', record, 'by hand'],
  ['GETDEL', record],
  ['GETSET', record, 'by hand'],
  ['APPEND', record, 'x'],
  ['SETRANGE', record, '0', 'x'],
  ['PEXPIRE', record, '1'],
  ['PERSIST', record],
  ['RENAME', record, 'shop:stolen'],
  ['RENAME', 'shop:own', record],
  ['COPY', 'shop:own', record, 'REPLACE'],
  ['MOVE', record, '1'],
  ['RESTORE', record, '0', 'x', 'REPLACE'],
  ['EVAL', "return redis.call('DEL', KEYS[1])", '1', record],
  ['EVAL', `return redis.call('DEL', '${record}')`, '0'],
  ['XTRIM', keys.log, 'MAXLEN', '0'],
  ['DEL', keys.meta],
  ['HDEL', keys.control, 'id'],
  ['SPUBLISH', keys.bell, 'x'],
  ['PUBLISH', keys.bell, 'x'],
  ['FLUSHDB'],
  ['FLUSHALL'],
  ['SWAPDB', '0', '1'],
  ['SCRIPT', 'FLUSH'],
  ['FUNCTION', 'FLUSH'],
  ['CONFIG', 'SET', 'maxmemory', '1'],
  ['REPLICAOF', '127.0.0.1', '1'],
  ['SHUTDOWN'],
];

/** What even the service must not do: its scripts never need it. */
const BEYOND_THE_SERVICE = ['FLUSHDB', 'FLUSHALL', 'SWAPDB', 'RESTORE', 'CONFIG', 'REPLICAOF', 'SHUTDOWN'];

async function assertRefused(link: UserConnection, call: readonly string[]): Promise<void> {
  const [name, ...args] = call;
  await assert.rejects(link.call(name!, ...args), /NOPERM|user executing the script can't access/, call.join(' '));
}

for (const user of ['shop', 'watcher']) {
  test(`${user} can't touch what is the service's, whatever the command`, async () => {
    await using link = await loginAs(user);
    for (const call of INTRUSIONS) await assertRefused(link, call);
    assert.equal(await textAt(node, 'k'), 'value of k');
    assert.equal(await rig.servers[0]!.command('EXISTS', record), 1);
  });
}

test('another program has its own names, scripts and channels', async () => {
  await using link = await loginAs('shop');
  assert.equal(await link.call('SET', 'shop:own', 'v', 'EX', '60'), 'OK');
  assert.equal(await link.call('GET', 'shop:own'), 'v');
  assert.equal(await link.call('EVAL', "return redis.call('DEL', KEYS[1])", '1', 'shop:own'), 1);
  assert.equal(await link.call('PUBLISH', 'shop:news', 'x'), 0);
  await assert.rejects(link.call('GET', record), /NOPERM/);
});

test('whoever looks sees entries and the state of the server', async () => {
  await using link = await loginAs('watcher');
  assert.ok(await link.call('GET', record));
  assert.match(String(await link.call('INFO', 'memory')), /used_memory/);
  assert.ok(Number(await link.call('MEMORY', 'USAGE', record)) > 0);
  assert.ok(Array.isArray(await link.call('SLOWLOG', 'GET')));
});

test('the service itself can neither empty nor replace the data set', async () => {
  await using link = await loginAs(SERVICE_USER, SERVICE_PASSWORD);
  const beyond = INTRUSIONS.filter(([name]) => BEYOND_THE_SERVICE.includes(name!));
  assert.equal(beyond.length, BEYOND_THE_SERVICE.length);
  for (const call of beyond) await assertRefused(link, call);
});

test('the service does all it must beside them', async () => {
  const { findings } = await checkRedis(linkOptions(rig), { prefix: 'reprise:', partitions: 1 });
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'refuse'),
    [],
  );
  const { store } = node;
  const { moment } = await store.read(refOf('absent'), { kind: 'latest' });
  const lease = await store.acquireLease({ ...refOf('absent'), holdMs: 1000, seen: moment });
  assert.ok(lease.kind === 'granted' && (await store.releaseLease(refOf('absent'), lease.leaseId)));
  await put(store, 'once', { once: { requestId: 'r' } });
  assert.equal((await store.recall(refOf('once'), 'r'))?.repeated, true);
  assert.equal(
    (await store.retime({ ...refOf('once'), ttlMs: 1000, staleWindowMs: 0, guard: { kind: 'none' } })).kind,
    'applied',
  );
  await store.remove({ ...refOf('once'), cause: 'deleted' });
  await store.invalidate({ namespaceId: NS, selector: { kind: 'prefix', prefix: 'p:' }, mode: 'mark-stale' });
  assert.deepEqual(
    (await store.list(NS, '', 10)).entries.map(({ entry }) => entry.key),
    ['k'],
  );
  assert.equal((await store.usage(NS)).entries, 1);
});
