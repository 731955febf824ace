// Goal: while Redis is away nobody waits for it: what needs it is refused unsent, health and the log say so, memory serves
// within its bound, and all is well when it is back. Method: nodes with traffic over real Redis servers that are killed
// and frozen; what was refused unsent is counted, not timed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HealthCheckResponse_ServingStatus as Serving } from '../../../src/gen/grpc/health/v1/health.ts';
import type { CacheCalls } from '../../support/cache-calls.ts';
import { textOf } from '../../support/cache-calls.ts';
import { errorOf } from '../../support/call.ts';
import { type Fleet, type FleetNode, type FleetOptions, openFleet } from '../../support/fleet.ts';
import { startFleet } from '../../support/fleet-nodes.ts';
import { type HealthWatch, watchHealth } from '../../support/health-calls.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import type { RedisProcess } from '../../support/redis/redis-process.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { until } from '../../support/until.ts';

/** As in production; memory may serve for longer than any test takes. */
const AS_SERVED: FleetOptions = { nodes: 1, silenceMsMax: 500, maxLagMs: 60_000 };
const WRITES = 'reprise.v1.CacheService/writes';
const L2 = 'reprise.v1.CacheService/l2';
const WHOLE = ['', 'reprise.v1.CacheService', 'reprise.v1.InvalidationService', 'reprise.v1.AdminService'];

const OUTAGES: readonly { readonly name: string; readonly take: (server: RedisProcess) => Promise<void> }[] = [
  { name: 'killed', take: (server) => server.kill() },
  { name: 'frozen', take: async (server) => server.pause() },
];

let rig: RedisRig;
before(async () => {
  rig = await openStandalone({ save: true });
});
after(() => rig.stop());

/** A node over the Redis of all tests here, which is there again when the test is over. */
async function openNode(): Promise<Fleet & { readonly node: FleetNode; readonly server: RedisProcess }> {
  const server = rig.servers[0]!;
  const fleet = await openFleet({ ...AS_SERVED, rig });
  const [node] = fleet.nodes;
  const dispose = async (): Promise<void> => {
    await server.revive();
    await fleet[Symbol.asyncDispose]();
  };
  return { ...fleet, node: node!, server, [Symbol.asyncDispose]: dispose };
}

/** Waits until health tells so of a name. */
function turned(watch: HealthWatch, status: number, what: string): Promise<void> {
  return until(() => watch.heard.at(-1) === status, { what });
}

/** Sets one key after the other until it is stopped; returns why some were refused, once all are settled. */
function traffic(cache: CacheCalls): { stop(): Promise<ReadonlySet<string>> } {
  const reasons = new Set<string>();
  let going = true;
  const caller = async (name: string): Promise<void> => {
    for (let i = 0; going; i++) {
      const failed = await cache.set(`${name}-${i % 100}`, 'v').then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failed !== undefined) reasons.add((await errorOf(Promise.reject(failed))).reason);
    }
  };
  const callers = Promise.all(['a', 'b', 'c', 'd'].map(caller));
  return {
    stop: async () => {
      going = false;
      await callers;
      return reasons;
    },
  };
}

for (const { name, take } of OUTAGES) {
  test(`Redis is ${name} under traffic: Sets are refused unsent, memory serves, and it all comes back`, async () => {
    await using world = await openNode();
    const { node, server } = world;
    using writes = watchHealth(node.client, WRITES);
    await turned(writes, Serving.SERVING, 'health before the outage');
    await node.cache.stored('k', 'v');
    const busy = traffic(node.cache);
    await take(server);
    await turned(writes, Serving.NOT_SERVING, 'NOT_SERVING of writes');
    const reasons = await busy.stop();
    for (const reason of reasons) assert.match(reason, /^(STORE_UNAVAILABLE|OUTCOME_UNKNOWN)$/);

    const before = node.store.availability.counts.refused;
    for (let i = 0; i < 50; i++) {
      const { reason, retryDelay } = await errorOf(node.cache.set(`k${i}`, 'w'));
      assert.equal(reason, 'STORE_UNAVAILABLE');
      assert.ok(retryDelay !== undefined, 'it says when to come again');
    }
    assert.ok(node.store.availability.counts.refused - before >= 50, 'none of them was sent');
    assert.equal(textOf(await node.cache.hit('k')), 'v', 'from memory');

    await server.revive();
    await turned(writes, Serving.SERVING, 'SERVING of writes');
    await until(() => node.cache.stored('k', 'new').then(Boolean, () => false), { what: 'a Set after the outage' });
    assert.equal(textOf(await node.cache.hit('k')), 'new');
  });

  test(`Redis is ${name} and nobody calls: health tells it of writes and l2 alone, and that it is back`, async () => {
    await using world = await openNode();
    const { node, server } = world;
    using stack = new DisposableStack();
    const watched = (service: string): HealthWatch => stack.use(watchHealth(node.client, service));
    const [away, whole] = [[WRITES, L2].map(watched), WHOLE.map(watched)];
    for (const watch of [...away, ...whole]) await turned(watch, Serving.SERVING, 'health before the outage');
    await take(server);
    for (const watch of away) await turned(watch, Serving.NOT_SERVING, 'NOT_SERVING');
    await server.revive();
    for (const watch of away) await turned(watch, Serving.SERVING, 'SERVING');
    const around = [Serving.SERVING, Serving.NOT_SERVING, Serving.SERVING];
    for (const { heard } of away) assert.deepEqual(heard.slice(0, 3), around);
    for (const { heard } of whole) assert.deepEqual(heard, [Serving.SERVING]);
  });
}

test('every call that needs Redis is refused unsent while it is frozen', async () => {
  await using world = await openNode();
  const { node, server } = world;
  server.pause();
  await until(() => !node.store.availability.state.writes, { what: 'the open breaker' });
  const { cache } = node;
  const calls: Record<string, () => Promise<unknown>> = {
    'a read of what is not in memory': () => cache.get('cold'),
    'a read with a lease wish': () => cache.get('cold', { lease: { hold: undefined, wait: undefined } }),
    'a Delete': () => cache.delete('k'),
    'a Touch': () => cache.touch('k'),
    'an Increment': () => cache.increment('counter', 1n),
    'an invalidation of a tag': () => cache.remove({ tags: ['t'] }),
    'an invalidation of a key': () => cache.remove({ keys: ['k'] }),
  };
  for (const [what, call] of Object.entries(calls)) {
    const before = node.store.availability.counts.refused;
    assert.equal((await errorOf(call())).reason, 'STORE_UNAVAILABLE', what);
    assert.ok(node.store.availability.counts.refused > before, `${what} was refused unsent`);
  }
});

test('of an outage the log has a line for its beginning and one for its end; probes and metrics tell it', async () => {
  await using fleet = await startFleet(0, [], { save: true });
  const node = await fleet.add({ withOps: true });
  const [server] = fleet.redis.servers;
  const scraped = async (path: string): Promise<string> => (await fetch(node.opsUrl + path)).text();
  await until(async () => (await scraped('/readyz')) === 'ready\n', { what: 'readiness' });
  await server!.kill();
  await until(() => node.logged('storeUnavailable').length > 0, { what: 'the line of the beginning' });
  const ready = await fetch(`${node.opsUrl}/readyz`);
  assert.deepEqual([ready.status, await ready.text()], [200, 'ready\ndegraded: the store does not answer\n']);
  const metrics = await scraped('/metrics');
  assert.match(metrics, /^reprise_store_up\{use="writes"\} 0$/m);
  assert.match(metrics, /^reprise_store_breakers_opened_total [1-9]/m);
  await server!.restart();
  await until(() => node.logged('storeAvailable').length > 0, { what: 'the line of the end' });
  assert.ok(Number(node.logged('storeAvailable')[0]!['downMs']) > 0);
  assert.match(await scraped('/metrics'), /^reprise_store_breakers\{state="open"\} \d+$/m);
  assert.equal(node.logged('bugCaught').length, 0);
});

test('without Sentinels reads do not go through, which health tells of l2; changes go on', async () => {
  await using sentinels = await openRig('sentinel');
  await using fleet = await openFleet({ ...AS_SERVED, rig: sentinels, maxLagMs: 1000 });
  const node = fleet.nodes[0]!;
  for (const sentinel of sentinels.sentinels) await sentinel.kill();
  await until(() => !node.store.availability.state.reads, { what: 'reads that can not go through' });
  assert.equal((await errorOf(node.cache.get('k'))).reason, 'STORE_UNAVAILABLE');
  assert.ok(node.store.availability.state.writes);
  await until(() => node.cache.stored('k', 'v').then(Boolean, () => false), { what: 'a Set without Sentinels' });
  for (const sentinel of sentinels.sentinels) await sentinel.revive();
  await until(() => node.store.availability.state.reads, { what: 'reads that go through', withinMs: 30_000 });
  assert.equal(textOf(await node.cache.hit('k')), 'v');
});
