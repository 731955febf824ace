// Goal: a node that could not keep its promises does not start, and says why and what to do; one that can starts. Method:
// processes against real Redis servers that are set up wrong and right.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { cacheCalls, textOf } from '../support/cache-calls.ts';
import { claimPorts } from '../support/redis/ports.ts';
import { SERVICE_PASSWORD } from '../support/redis/redis-access.ts';
import { openStandalone } from '../support/redis/standalone.ts';
import { type ProcessEnd, runServer, startServerProcess } from '../support/server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'reprise-fleet-start-'));
after(() => rmSync(folder, { recursive: true }));

const QUIET = ['--listen', '127.0.0.1:0', '--ops-listen', 'off'];

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function start(url: string, flags: readonly string[] = []): Promise<ProcessEnd> {
  return runServer([...QUIET, '--redis', url, ...flags]);
}

/** What stands on standard error beside the log. */
function said({ stderr }: ProcessEnd): string {
  return stderr
    .split('\n')
    .filter((line) => !line.startsWith('{'))
    .join('\n');
}

function assertRefused(end: ProcessEnd, why: RegExp): void {
  assert.equal(end.code, 1, end.stderr);
  assert.match(said(end), /^reprise: Redis can't be used as it is:\n {2}- /);
  assert.match(said(end), why);
  assert.match(end.stderr, /"event":"storeRefused","code":"\w+"/);
  assert.match(end.stderr, /"event":"startFailed"/);
}

test('nobody there, a wrong password and none are refused, and no password is told', async () => {
  await using redis = await openStandalone({ acl: true });
  const [port] = redis.ports;
  const claim = await claimPorts();
  const ends = [
    await start(`redis://127.0.0.1:${claim.port}`),
    await start(`redis://reprise:hunter2@127.0.0.1:${port}`),
    await start(`redis://127.0.0.1:${port}`),
  ];
  claim.release();
  assertRefused(ends[0]!, /nothing listens at the store's address\. Check host and port/);
  assertRefused(ends[1]!, /refuses the login\. Check name and password/);
  assertRefused(ends[2]!, /wants a login\. Put NAME:PASSWORD@ into the URL/);
  for (const { stderr } of ends) assert.doesNotMatch(stderr, /hunter2/);
});

test('a Redis that may evict the log is refused, with the policies that are right', async () => {
  await using redis = await openStandalone({ config: ['maxmemory-policy allkeys-lru'] });
  assertRefused(await start(redis.url), /allkeys-lru may evict the log .*volatile-lru, volatile-ttl or noeviction/);
});

test('a login without the rights is refused, and the rights are named', async () => {
  await using redis = await openStandalone({ acl: true, prefix: 'other:' });
  assertRefused(await start(redis.url), /the login may not run /);
});

test('a URL of another shape than the servers is refused', async () => {
  await using redis = await openStandalone();
  assertRefused(
    await start(redis.url.replace('redis:', 'redis+cluster:')),
    /no node of a cluster\. Begin the URL with/,
  );
});

test('what can not be right ends with exit code 2 before anything is asked, and repeats no password', async () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['redis://me:hunter2@h:0', [], /--redis: the Redis URL can't be used: a port is a number/],
    ['redis://me:hunter2@h', ['--redis-password-file', file('other', 'pw')], /give one of them/],
    ['redis://h', ['--redis-ca', file('ca', 'x')], /begin it with rediss/],
    ['redis://h', ['--state', folder], /--state and --redis exclude each other/],
    ['redis://h', ['--max-lag', '100ms'], /--heartbeat is 250ms/],
  ];
  for (const [url, flags, why] of wrong) {
    const end = await start(url, flags);
    assert.equal(end.code, 2, end.stderr);
    assert.match(said(end), why);
    assert.doesNotMatch(end.stderr, /hunter2/);
  }
});

test('with TLS, an ACL and the password in a file a node starts, and only warns of what is unwise', async () => {
  await using redis = await openStandalone({ tls: true, acl: true });
  const url = redis.url.replace(`:${SERVICE_PASSWORD}@`, '@');
  assert.notEqual(url, redis.url);
  const flags = ['--redis', url, '--redis-ca', redis.caFile!, '--redis-password-file', file('pw', SERVICE_PASSWORD)];
  await using server = await startServerProcess({ patient: true, flags });
  await cacheCalls(server).stored('k', 'v');
  assert.equal(textOf(await cacheCalls(server).hit('k')), 'v');
  const [joined] = server.logged('fleetJoined');
  assert.equal(joined?.['redis'], `rediss://***@127.0.0.1:${redis.ports[0]}`);
  const codes = server.logged('storeWarned').map(({ code }) => code);
  assert.ok(codes.includes('restart-empties'), String(codes));
  assert.doesNotMatch(server.logText(), new RegExp(SERVICE_PASSWORD));
});

test('another prefix is another deployment in the same Redis', async () => {
  await using redis = await openStandalone();
  await using one = await startServerProcess({ patient: true, flags: ['--redis', redis.url] });
  await using other = await startServerProcess({
    patient: true,
    flags: ['--redis', redis.url, '--redis-prefix', 'other:'],
  });
  await cacheCalls(one).stored('k', 'v');
  await cacheCalls(other).miss('k');
});
