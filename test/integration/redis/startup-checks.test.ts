// Goal: a service that would break its promises on these servers does not start, and is told what to do. Method: real
// servers, each with one thing wrong; what is found is compared by severity and code.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { PROBED_COMMANDS } from '../../../src/store/redis/rights-probe.ts';
import { checkRedis, type StartupReport } from '../../../src/store/redis/startup-checks.ts';
import { openCluster } from '../../support/redis/cluster.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openSentinel } from '../../support/redis/sentinel.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { linkOptions } from '../../support/test-link.ts';

let plain: RedisRig;
let secured: RedisRig;

before(async () => {
  [plain, secured] = await Promise.all([openStandalone(), openStandalone({ tls: true, acl: true })]);
});
afterEach(() => plain.flush());
after(async () => {
  await plain.stop();
  await secured.stop();
});

function check(rig: Pick<RedisRig, 'caFile'>, url: string, partitions = 4): Promise<StartupReport> {
  return checkRedis(linkOptions({ url, caFile: rig.caFile }), { prefix: 'reprise:', partitions });
}

function refusals({ findings }: StartupReport): string[] {
  return findings.filter(({ severity }) => severity === 'refuse').map(({ code }) => code);
}

function warnings({ findings }: StartupReport): string[] {
  return findings.filter(({ severity }) => severity === 'warn').map(({ code }) => code);
}

test('a server that will do is not refused, its version is told, and nothing is left in it', async () => {
  const report = await check(plain, plain.url);
  assert.deepEqual(refusals(report), []);
  assert.ok(warnings(report).includes('restart-empties'));
  assert.match(report.versions.join(), /^(Redis|Valkey) \d+\.\d+\.\d+$/);
  assert.equal(await plain.servers[0]!.command('DBSIZE'), 0);
});

test('the rights of the documentation suffice', async () => {
  assert.deepEqual(refusals(await check(secured, secured.url)), []);
});

test('a missing right is named', async () => {
  const [server] = secured.servers;
  await server!.command('ACL', 'SETUSER', 'reprise', '-zscore', '-ssubscribe');
  const report = await check(secured, secured.url);
  assert.deepEqual(refusals(report), ['rights']);
  assert.match(report.findings[0]!.what, /ssubscribe, zscore/);
  await server!.command('ACL', 'SETUSER', 'reprise', '+zscore', '+ssubscribe');
  assert.deepEqual(refusals(await check(secured, secured.url, 1)), []);
});

test('a prefix without rights is named', async () => {
  const report = await checkRedis(linkOptions(secured), { prefix: 'other:', partitions: 1 });
  assert.deepEqual(refusals(report), ['rights']);
});

test('wrong passwords, authorities and schemes are refused with a reason', async () => {
  const reason = async (rig: Pick<RedisRig, 'caFile'>, url: string): Promise<string | undefined> => {
    const report = await check(rig, url);
    assert.deepEqual(refusals(report), ['connection']);
    return report.findings[0]!.what;
  };
  assert.match((await reason(secured, secured.url.replace('service', 'wrong')))!, /refuses the login/);
  assert.match((await reason({ caFile: undefined }, secured.url))!, /known authority/);
  assert.match((await reason(secured, secured.url.replace('rediss', 'redis')))!, /ended the connection/);
  assert.match((await reason(secured, plain.url.replace('redis', 'rediss')))!, /TLS could not be agreed/);
  assert.match((await reason(plain, 'redis://127.0.0.1:1'))!, /nothing listens/);
  assert.match((await reason(plain, `${plain.url}/9999`))!, /no database/);
});

test('eviction of whatever there is is refused', async () => {
  await plain.servers[0]!.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  assert.deepEqual(refusals(await check(plain, plain.url)), ['eviction']);
  await plain.servers[0]!.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
});

test('what another layout wrote is refused', async () => {
  await plain.servers[0]!.command('HSET', 'reprise:{0}:meta', 'v', '7');
  assert.deepEqual(refusals(await check(plain, plain.url, 1)), ['layout']);
});

test('a URL of another shape than the servers is refused', async () => {
  assert.deepEqual(refusals(await check(plain, plain.url.replace('redis', 'redis+cluster'))), ['shape']);
  const asSentinel = await check(plain, `${plain.url.replace('redis', 'redis+sentinel')}/name`);
  assert.deepEqual(refusals(asSentinel), ['connection']);
});

test('Sentinels are asked; wrong names, replicas and missing Sentinels are told', async () => {
  await using rig = await openSentinel();
  const well = await check(rig, rig.url);
  assert.deepEqual([refusals(well), warnings(well).includes('no-replica')], [[], false]);
  assert.deepEqual(refusals(await check(rig, `${rig.url}-other`)), ['primary-name']);
  assert.deepEqual(refusals(await check(rig, `redis://127.0.0.1:${rig.servers[1]!.port}`)), ['role']);
  assert.deepEqual(refusals(await check(rig, `redis://127.0.0.1:${rig.ports[0]}`)), ['shape']);
  await rig.sentinels[0]!.kill();
  const partly = await check(rig, rig.url);
  assert.deepEqual([refusals(partly), warnings(partly).includes('sentinels')], [[], true]);
});

test('all primaries of a cluster are looked at, with few rights; slots without one are refused', async () => {
  await using rig = await openCluster({ acl: true });
  assert.deepEqual(refusals(await check(rig, rig.url, 16)), []);
  const asServer = await check(rig, rig.url.replace('+cluster', '').replace(/,.*/, ''));
  assert.deepEqual(refusals(asServer), ['shape']);
  await rig.servers[0]!.command('CLUSTER', 'DELSLOTS', 0, 1);
  const first = rig.url.replace(/,.*/, '');
  const uncovered = await check(rig, first, 16);
  assert.deepEqual(refusals(uncovered), ['slots']);
  assert.match(uncovered.findings[0]!.what, /^2 slots/);
});

const SCRIPTS = new URL('../../../src/store/redis/scripts/', import.meta.url);

test('the probe tries every command that scripts run', () => {
  const files = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.lua'));
  const texts = files.map((file) => readFileSync(new URL(file, SCRIPTS), 'utf8'));
  const used = texts.flatMap((text) => [...text.matchAll(/redis\.p?call\('([A-Za-z]+)'/g)].map(([, name]) => name!));
  const unknown = new Set(used.map((name) => name.toUpperCase()).filter((name) => !(name in PROBED_COMMANDS)));
  assert.deepEqual([...unknown], []);
  assert.ok(used.length > 0);
});
