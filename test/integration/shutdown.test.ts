// Goal: a server that is asked to stop sends callers away, finishes what it began and ends in time. Method: real
// processes and signals; waiting calls are those in flight.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls, milliseconds, only } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { watchHealth } from '../support/health-calls.ts';
import { takeLease } from '../support/lease-calls.ts';
import { beginCall } from '../support/raw-http2.ts';
import { runServer, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { until, within } from '../support/until.ts';

const GET = CacheServiceService.get.path;

/** Lets a call wait for a fill that nobody makes. Returns when the server is waiting. */
async function startWaiting(server: ServerProcess, waitMs: number): Promise<{ answer: Promise<string> }> {
  const cache = cacheCalls(server);
  await takeLease(cache, 'k', 60);
  const lease = { hold: undefined, wait: milliseconds(waitMs) };
  const waiting = cache.get('k', { lease }, { deadline: Date.now() + 20_000 });
  const answer = waiting.then(
    ({ $case }) => $case,
    async () => `code ${(await errorOf(waiting)).code}`,
  );
  // The same connection: when this is answered, the server has heard of the call before it.
  await server.call(CacheServiceService.exists, { key: 'k' });
  return { answer };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} drains: watchers hear NOT_SERVING, calls in flight are answered, the exit code is 0`, async () => {
    await using server = await startServerProcess();
    using watch = watchHealth(server.client, '');
    await watch.reached(1);
    const { answer } = await startWaiting(server, 700);
    server.kill(signal);
    await watch.reached(2);
    assert.equal(await within(answer), 'miss');
    const { code } = await within(server.ended, { what: 'the end of the process' });
    assert.equal(code, 0);
    assert.equal(server.logged('drainFinished')[0]?.['clean'], true);
  });
}

test('while it drains no new connection is taken', async () => {
  await using server = await startServerProcess();
  await using _ = await beginCall(server.address, GET);
  server.kill('SIGTERM');
  await until(() => server.logged('drainStarted').length > 0);
  await assert.rejects(fetch(`http://${server.address}/`));
});

test('an idle server with idle clients ends at once', async () => {
  await using server = await startServerProcess();
  await cacheCalls(server).stored('k', 'v');
  server.kill('SIGTERM');
  assert.equal((await within(server.ended, { withinMs: 5000 })).code, 0);
});

test('what is not finished when --drain is over is cut off, and the exit code is 1', async () => {
  await using server = await startServerProcess({ flags: ['--drain', '300ms'] });
  await using _ = await beginCall(server.address, GET);
  server.kill('SIGTERM');
  assert.equal((await within(server.ended)).code, 1);
  assert.equal(server.logged('drainFinished')[0]?.['clean'], false);
});

test('a second signal ends the server at once', async () => {
  await using server = await startServerProcess();
  await using _ = await beginCall(server.address, GET);
  server.kill('SIGTERM');
  await until(() => server.logged('drainStarted').length > 0);
  server.kill('SIGTERM');
  assert.equal((await within(server.ended, { withinMs: 3000 })).code, 1);
  assert.equal(server.logged('exitForced').length, 1);
  assert.equal(server.logged('drainFinished').length, 0);
});

test('a port in use keeps the server from starting, and the message says what to do', async () => {
  await using first = await startServerProcess();
  const { code, stderr } = await runServer(['--listen', first.address, '--ops-listen', 'off']);
  assert.equal(code, 1);
  assert.ok(stderr.includes(first.address) && stderr.includes('--listen'));
  await cacheCalls(first).stored('k', 'v');
});

test('an ops port in use keeps the server from starting, and the message says what to do', async () => {
  await using first = await startServerProcess({ withOps: true });
  const { code, stderr } = await runServer(['--listen', '127.0.0.1:0', '--ops-listen', new URL(first.opsUrl!).host]);
  assert.equal(code, 1);
  assert.match(stderr, /--ops-listen/);
});

test('a caller who leaves does not end anything else', async () => {
  await using server = await startServerProcess();
  const leaving = new AbortController();
  const lease = { hold: undefined, wait: milliseconds(10_000) };
  const cache = cacheCalls(server);
  const id = await takeLease(cache, 'k');
  const left = errorOf(cache.get('k', { lease }, { signal: leaving.signal }));
  const stays = cache.hit('k', { lease }, { deadline: Date.now() + 10_000 });
  await cache.exists('k');
  leaving.abort();
  await left;
  only(await cache.set('k', 'v', { condition: { kind: { $case: 'leaseId', value: id } } }), 'stored');
  assert.equal((await stays).stale, false);
});
