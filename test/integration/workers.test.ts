// Goal: workers share a port and are one cache; one that dies harms nobody for long; a drain loses no call. Method: real
// processes over a real Redis, counted by their metrics and killed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, credentials } from '@grpc/grpc-js';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls, milliseconds } from '../support/cache-calls.ts';
import { call } from '../support/call.ts';
import { connectMany, takeLease } from '../support/lease-calls.ts';
import { claimPorts } from '../support/redis/ports.ts';
import type { RedisRig } from '../support/redis/rig.ts';
import { openStandalone } from '../support/redis/standalone.ts';
import { runServer, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { until, within } from '../support/until.ts';

let redis: RedisRig;
before(async () => {
  redis = await openStandalone();
});
after(() => redis[Symbol.asyncDispose]());

/** A busy machine must not make Redis seem away. */
const PATIENT = ['--max-lag', '60s', '--heartbeat', '5s'] as const;
const SLOWLY = { withinMs: 60_000 };

function startWorkers(prefix: string, flags: readonly string[] = []): Promise<ServerProcess> {
  const fleet = ['--redis', redis.url, '--redis-prefix', prefix, '--workers', '2', ...PATIENT, ...flags];
  return startServerProcess({ flags: fleet, withOps: true, startWithinMs: SLOWLY.withinMs });
}

async function metricsOf({ opsUrl }: ServerProcess): Promise<string> {
  return (await fetch(`${opsUrl}/metrics`)).text();
}

async function statusOf({ opsUrl }: ServerProcess): Promise<number> {
  return (await fetch(`${opsUrl}/readyz`)).status;
}

/** Gets that each worker has answered, by its number. */
async function getsByWorker(server: ServerProcess): Promise<Map<string, number>> {
  const counted =
    /^reprise_request_duration_seconds_count\{worker="(\d+)",rpc="reprise.v1.CacheService\/Get",code="OK"\} (\d+)$/gm;
  return new Map([...(await metricsOf(server)).matchAll(counted)].map(([, worker, count]) => [worker!, Number(count)]));
}

/** The process of a worker that serves now. */
function pidOf(server: ServerProcess, worker: number): number {
  return Number(server.logged('workerServes').findLast((line) => line['worker'] === worker)!['pid']);
}

test('the port is told once, calls land on both workers, and what one stores the other serves', async () => {
  await using server = await startWorkers('both:');
  assert.equal(server.logged('serverListening').length, 1);
  assert.equal(server.logged('workerServes').length, 2);
  assert.equal(await statusOf(server), 200);
  await cacheCalls(server).stored('k', 'v');
  using many = connectMany(server.address, 8);
  for (const cache of many.caches) await cache.hit('k');
  const gets = await getsByWorker(server);
  assert.deepEqual([...gets.keys()].sort(), ['1', '2']);
  assert.equal(
    [...gets.values()].reduce((sum, count) => sum + count, 0),
    8,
  );
});

test('each worker is a node with a name of its own, and says its number in the log', async () => {
  await using server = await startWorkers('names:', ['--node-name', 'web']);
  const started = server.logged('serverStarting').map(({ worker, name }) => `${worker} ${name}`);
  assert.deepEqual(started.sort(), ['1 web-1', '2 web-2']);
});

test('a worker that is killed is replaced, and the others serve meanwhile', async () => {
  await using server = await startWorkers('killed:');
  await cacheCalls(server).stored('k', 'v');
  process.kill(pidOf(server, 1), 'SIGKILL');
  await until(() => server.logged('workerEnded').length === 1, SLOWLY);
  await until(
    async () => {
      // A connection of its own: it finds a worker that is there.
      using one = connectMany(server.address, 1);
      await one.caches[0]!.hit('k');
      return server.logged('workerServes').length === 3;
    },
    { what: 'the new worker', ...SLOWLY },
  );
  assert.equal(server.logged('workerEnded')[0]!['worker'], 1);
  assert.equal(server.logged('serverListening').length, 1);
  await until(async () => (await statusOf(server)) === 200, { what: 'readiness', ...SLOWLY });
  using many = connectMany(server.address, 8);
  for (const cache of many.caches) await cache.hit('k');
  assert.deepEqual([...(await getsByWorker(server)).keys()].sort(), ['1', '2']);
});

test('SIGTERM lets all calls that began be answered, by both workers, and ends with code 0', async () => {
  await using server = await startWorkers('drain:');
  using many = connectMany(server.address, 8);
  await takeLease(cacheCalls(server), 'k', 60);
  const lease = { hold: undefined, wait: milliseconds(20_000) };
  const waiting = many.caches.map((cache) => cache.get('k', { lease }, { deadline: Date.now() + 30_000 }));
  // On the same connections: when these are answered, the workers have heard of the calls before them.
  await Promise.all(many.caches.map((cache) => cache.exists('k')));
  server.kill('SIGTERM');
  const answers = await within(Promise.all(waiting), { what: 'all answers', ...SLOWLY });
  assert.deepEqual(new Set(answers.map(({ $case }) => $case)), new Set(['miss']));
  assert.equal((await within(server.ended, { what: 'the end', ...SLOWLY })).code, 0);
  const ends = server.logged('drainFinished').map(({ worker, clean }) => `${worker ?? 'primary'} ${clean}`);
  assert.deepEqual(ends.sort(), ['1 true', '2 true', 'primary true']);
});

test('no call of many fails while the workers drain, but those that find nobody any more', async () => {
  await using server = await startWorkers('load:');
  const clients = Array.from({ length: 6 }, () => new Client(server.address, credentials.createInsecure()));
  await cacheCalls(server).stored('k', 'v');
  const failures: string[] = [];
  let [answered, isOver] = [0, false];
  const load = clients.map(async (client) => {
    while (!isOver) {
      try {
        await call(client, CacheServiceService.get, { key: 'k' });
        answered += 1;
      } catch (error) {
        const { code, details } = error as { code: number; details: string };
        // Nobody listens: nothing was begun.
        if (code === 14 && /No connection established|ECONNREFUSED/.test(details)) return;
        failures.push(`${code} ${details}`);
      }
    }
  });
  await until(() => answered > 200, { what: 'load', ...SLOWLY });
  server.kill('SIGTERM');
  assert.equal((await within(server.ended, { what: 'the end', ...SLOWLY })).code, 0);
  isOver = true;
  await within(Promise.all(load), { what: 'the last calls', ...SLOWLY });
  for (const client of clients) client.close();
  assert.deepEqual(failures, []);
});

test('a second signal ends all at once', async () => {
  await using server = await startWorkers('twice:');
  await takeLease(cacheCalls(server), 'k', 60);
  const pids = [pidOf(server, 1), pidOf(server, 2)];
  process.kill(pids[0]!, 'SIGSTOP');
  server.kill('SIGTERM');
  await until(() => server.logged('drainStarted').some(({ worker }) => worker === undefined), SLOWLY);
  server.kill('SIGTERM');
  assert.equal((await within(server.ended, { what: 'the end', ...SLOWLY })).code, 1);
  await until(() => pids.every(isGone), { what: 'the end of the workers', ...SLOWLY });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test('a start that fails is told, and ends all with its exit code', async () => {
  const claim = await claimPorts();
  const quiet = ['--listen', '127.0.0.1:0', '--ops-listen', 'off', '--workers', '2'];
  const { code, stderr } = await runServer([...quiet, '--redis', `redis://127.0.0.1:${claim.port}`], SLOWLY.withinMs);
  claim.release();
  assert.equal(code, 1);
  assert.match(stderr, /nothing listens at the store's address/);
  assert.match(stderr, /"event":"workersGaveUp"/);
});

test('a port that is taken is told', async () => {
  await using other = await startServerProcess({ startWithinMs: SLOWLY.withinMs });
  const flags = ['--listen', other.address, '--ops-listen', 'off', '--workers', '2'];
  const { code, stderr } = await runServer(
    [...flags, '--redis', redis.url, '--redis-prefix', 'taken:'],
    SLOWLY.withinMs,
  );
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`can't serve gRPC on ${other.address}: is the port taken\\?`));
});
