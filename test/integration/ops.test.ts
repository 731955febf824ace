// Goal: metrics count what callers did, probes tell the truth, and the log never holds a key or a value. Method: a real
// process, its ops port and its whole log.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { metricTable } from '../../src/telemetry/metric-table.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { atLeast, cacheCalls, negative, onlyIf, seconds } from '../support/cache-calls.ts';
import { callRaw, errorOf } from '../support/call.ts';
import { leaseOf, takeLease, underLease } from '../support/lease-calls.ts';
import { beginCall } from '../support/raw-http2.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';

/** The samples of a scrape, by name and labels as they stand there. */
async function scrape(server: ServerProcess): Promise<Map<string, number>> {
  const response = await fetch(`${server.opsUrl}/metrics`);
  assert.equal(response.status, 200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** Makes calls of every outcome in a namespace of its own. */
async function session(server: ServerProcess): Promise<void> {
  await createNamespace(server, 'n');
  const cache = cacheCalls(server, 'n');
  const { revision } = await cache.stored('k', 'v', { tags: ['t'] });
  await cache.stored('negative', '', { content: negative });
  await cache.stored('stale', 'v', { staleWindow: seconds(60) });
  await cache.markStale({ keys: ['stale'] });
  await Promise.all([cache.get('k'), cache.get('k'), cache.get('negative'), cache.get('stale', { allowStale: true })]);
  await cache.get('k', { ifRevisionNot: revision });
  await Promise.all([cache.get('none'), cache.get('none'), cache.get('none')]);
  await cache.refusal('k', 'w', { condition: onlyIf({ $case: 'absent', value: {} }) });
  await cache.refusal('none', 'w', { condition: onlyIf({ $case: 'present', value: {} }) });
  await cache.stored('cold', 'v', underLease(await takeLease(cache, 'cold')));
  await cache.release('colder', await takeLease(cache, 'colder'));
  await cache.counted('counter', 1n);
  await cache.touch('k');
  await cache.remove({ tags: ['t'] });
  await cache.delete('k');
  await cache.delete('k');
  await cache.get('k');
  await server.call(CacheServiceService.batchGet, { namespace: 'n', keys: ['cold', 'none'] });
  await errorOf(cache.get(''));
}

const counts: Record<string, number> = {
  'reprise_hits_total{namespace="n",kind="fresh"}': 3,
  'reprise_hits_total{namespace="n",kind="negative"}': 1,
  'reprise_hits_total{namespace="n",kind="stale"}': 1,
  'reprise_misses_total{namespace="n",reason="unknown"}': 6,
  'reprise_misses_total{namespace="n",reason="deleted"}': 1,
  'reprise_misses_total{namespace="n",reason="evicted"}': 0,
  'reprise_not_modified_total{namespace="n"}': 1,
  'reprise_sets_total{namespace="n",outcome="stored"}': 4,
  'reprise_sets_total{namespace="n",outcome="present"}': 1,
  'reprise_sets_total{namespace="n",outcome="absent"}': 1,
  'reprise_deletes_total{namespace="n"}': 2,
  'reprise_touches_total{namespace="n"}': 1,
  'reprise_increments_total{namespace="n"}': 1,
  'reprise_invalidations_total{namespace="n",selector="tags",mode="remove"}': 1,
  'reprise_invalidations_total{namespace="n",selector="keys",mode="mark_stale"}': 1,
  'reprise_leases_total{namespace="n",outcome="granted"}': 2,
  'reprise_leases_total{namespace="n",outcome="released"}': 1,
  'reprise_entries{namespace="n"}': 4,
  'reprise_request_duration_seconds_count{rpc="reprise.v1.CacheService/BatchGet",code="OK"}': 1,
  'reprise_request_duration_seconds_count{rpc="reprise.v1.CacheService/Get",code="INVALID_ARGUMENT"}': 1,
  'reprise_request_duration_seconds_count{rpc="reprise.v1.CacheService/Increment",code="OK"}': 1,
  'reprise_hits_total{namespace="default",kind="fresh"}': 0,
  reprise_ready: 1,
  reprise_calls_in_flight: 0,
};

test('metrics count what callers did', async () => {
  await using server = await startServerProcess({ withOps: true });
  await session(server);
  const samples = withSortedLabels(await scrape(server));
  const found = Object.keys(counts).map((name) => [name, samples.get(sortLabels(name))]);
  assert.deepEqual(Object.fromEntries(found), counts);
});

test('every metric of the table is there, with its help', async () => {
  await using server = await startServerProcess({ withOps: true });
  await cacheCalls(server).get('k');
  const text = await (await fetch(`${server.opsUrl}/metrics`)).text();
  for (const { name, help } of Object.values(metricTable)) assert.ok(text.includes(`# HELP ${name} ${help}`), name);
});

test('waiting callers and calls in flight are told while they last', async () => {
  await using server = await startServerProcess({ withOps: true });
  const cache = cacheCalls(server);
  const id = await takeLease(cache, 'k');
  const waiters = Array.from({ length: 5 }, () => cache.get('k', leaseOf({ waitS: 4 })));
  const waiting = 'reprise_lease_waiters{namespace="default"}';
  await until(async () => (await scrape(server)).get(waiting) === 5, { what: 'five waiters' });
  assert.equal((await scrape(server)).get('reprise_calls_in_flight'), 5);
  await cache.stored('k', 'v', underLease(id));
  await Promise.all(waiters);
  assert.equal((await scrape(server)).get(waiting), 0);
});

test('/healthz and /readyz answer while the server serves', async () => {
  await using server = await startServerProcess({ withOps: true });
  const [health, ready, other] = await Promise.all(
    ['/healthz', '/readyz', '/nothing'].map(async (path) => (await fetch(server.opsUrl + path)).status),
  );
  assert.deepEqual([health, ready, other], [200, 200, 404]);
});

test('/readyz says 503 and why while the server drains, /healthz stays good', async () => {
  await using server = await startServerProcess({ withOps: true });
  const call = await beginCall(server.address, CacheServiceService.get.path);
  server.kill('SIGTERM');
  await until(() => server.logged('drainStarted').length > 0);
  const ready = await fetch(`${server.opsUrl}/readyz`);
  assert.deepEqual([ready.status, await ready.text()], [503, 'draining\n']);
  assert.equal((await fetch(`${server.opsUrl}/healthz`)).status, 200);
  await call[Symbol.asyncDispose]();
  assert.equal((await server.ended).code, 0);
});

const CANARY = 'canary-7f3a';

/** Carries the canary through every call, good and bad, and through the details of errors. */
async function singCanary(server: ServerProcess): Promise<string[]> {
  const cache = cacheCalls(server);
  const told: string[] = [];
  const refused = async (calling: Promise<unknown>): Promise<void> => {
    const error = await calling.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Error);
    told.push(error.message, JSON.stringify(await errorOf(Promise.reject(error))));
  };
  await cache.stored(CANARY, CANARY, { tags: [CANARY], contentType: CANARY, requestId: CANARY });
  await cache.hit(CANARY);
  await cache.increment(CANARY, 1n);
  await cache.remove({ prefix: `${CANARY}:` });
  await cache.markStale({ tags: [CANARY] });
  await refused(cache.get(`${CANARY}\n`));
  await refused(cache.get(CANARY.padEnd(1025, 'x')));
  await refused(cache.get(CANARY, { consistency: atLeast(CANARY) }));
  await refused(cache.stored(CANARY, CANARY, { ttl: seconds(-1) }));
  await refused(cache.stored(CANARY, CANARY, { tags: [CANARY.repeat(20)] }));
  await refused(cache.stored(CANARY, CANARY, { contentType: CANARY.repeat(30) }));
  await refused(cache.stored(CANARY, CANARY, { requestId: CANARY.repeat(10) }));
  await refused(cache.stored(CANARY, CANARY, { condition: onlyIf({ $case: 'fence', value: CANARY }) }));
  await refused(cache.remove({ prefix: CANARY }));
  await refused(cacheCalls(server, CANARY).get(CANARY));
  await refused(createNamespace(server, `${CANARY}!`));
  const { path } = CacheServiceService.get;
  await refused(callRaw(server.client, path, Buffer.from([0x12, 0x7f, ...Buffer.from(CANARY)]), String));
  return told;
}

// Less is logged at the levels above; not even where the server listens.
for (const level of ['trace', 'debug', 'info']) {
  test(`at level ${level} the log holds no key, value, tag or id, nor do errors and metrics`, async () => {
    await using server = await startServerProcess({
      flags: ['--log-level', level === 'info' ? 'info' : level],
      withOps: true,
    });
    const told = await singCanary(server);
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text();
    server.kill('SIGTERM');
    await server.ended;
    for (const text of [server.logText(), metrics, ...told]) assert.ok(!text.includes(CANARY), text);
  });
}

function withSortedLabels(samples: Map<string, number>): Map<string, number> {
  return new Map([...samples].map(([name, value]) => [sortLabels(name), value]));
}

function sortLabels(sample: string): string {
  return sample.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').toSorted().join(',')}}`);
}
