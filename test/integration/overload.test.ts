// Goal: a server that has more to do than it can says so at once, to the least important callers first, and serves all
// again when it has time. Method: a real server, by whose clock its timers are late; no load and no luck.
import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { limits } from '../../src/base/limits.ts';
import { HealthCheckResponse_ServingStatus, HealthService } from '../../src/gen/grpc/health/v1/health.ts';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { InvalidationServiceService } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { type ErrorFacts, errorFacts, openRaw } from '../support/call.ts';
import { LateClock } from '../support/late-clock.ts';
import { subscribe } from '../support/subscriber.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

const NOTHING = Buffer.alloc(0);

/** Returns what a call was refused with; undefined if it was answered. */
async function refusalOf(calling: Promise<unknown>): Promise<ErrorFacts | undefined> {
  return calling.then(
    () => undefined,
    (error: unknown) => errorFacts(error),
  );
}

/** One call of each group, in the order in which they are to be refused. */
function callsOf(server: TestServer): readonly (readonly [string, () => Promise<unknown>])[] {
  const { path, responseDeserialize } = InvalidationServiceService.subscribe;
  const open = () => openRaw(server.client, path, NOTHING, responseDeserialize);
  return [
    ['streams', open],
    ['writes', () => server.call(CacheServiceService.touch, { key: 'k' })],
    ['reads', () => server.call(CacheServiceService.get, { key: 'k' })],
    ['invalidations', () => server.call(CacheServiceService.delete, { key: 'other' })],
  ];
}

async function startLateServer() {
  const clock = new LateClock();
  return { clock, server: await startTestServer({ clock, loopClock: clock }) };
}

/** Makes the event loop late until a read is refused; returns what it was told. */
async function overload(
  clock: LateClock,
  server: TestServer,
  lateMs = 10 * limits.loopDelayMsMax,
): Promise<ErrorFacts> {
  clock.lateMs = lateMs;
  let refusal: ErrorFacts | undefined;
  await until(
    async () => {
      refusal = await refusalOf(server.call(CacheServiceService.get, { key: 'k' }));
      return refusal !== undefined;
    },
    { what: 'a refusal' },
  );
  return refusal!;
}

test('a Get is refused with OVERLOADED, and told when to come back', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  const { code, reason, retryDelay } = await overload(clock, server);
  assert.deepEqual([code, reason], [status.RESOURCE_EXHAUSTED, 'OVERLOADED']);
  const retryMs = Number(retryDelay!.seconds) * 1000 + retryDelay!.nanos / 1e6;
  assert.ok(retryMs >= 250 && retryMs <= 1250, `${retryMs} ms`);
});

test('callers are asked to come back at different times', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  await overload(clock, server);
  const delays = new Set<string>();
  await until(async () => {
    const refusal = await refusalOf(server.call(CacheServiceService.get, { key: 'k' }));
    if (refusal?.retryDelay) delays.add(`${refusal.retryDelay.seconds} ${refusal.retryDelay.nanos}`);
    return delays.size >= 3;
  });
});

test('streams are refused first, then writes, then reads, last what says that the source has changed', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  const order: string[] = [];
  // So slowly that each group is tried between two steps.
  clock.lateMs = 1.01 * limits.loopDelayMsMax;
  await until(
    async () => {
      for (const [group, makeCall] of callsOf(server)) {
        if ((await refusalOf(makeCall())) !== undefined && !order.includes(group)) order.push(group);
      }
      return order.length === 4;
    },
    { what: 'a refusal of each group', withinMs: 60_000 },
  );
  assert.deepEqual(order, ['streams', 'writes', 'reads', 'invalidations']);
});

test('health and administration are never refused', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  await overload(clock, server);
  await until(async () => (await refusalOf(server.call(CacheServiceService.delete, { key: 'k' }))) !== undefined);
  for (let call = 0; call < 50; call += 1) {
    const { namespaces } = await server.call(AdminServiceService.listNamespaces, {});
    assert.equal(namespaces.length, 1);
    const health = await server.call(HealthService.check, { service: '' });
    assert.equal(health.status, HealthCheckResponse_ServingStatus.SERVING);
  }
});

test('a stream that is open lasts', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  using stream = subscribe(server.client);
  await stream.next('ready');
  await overload(clock, server);
  const before = stream.messages.length;
  await until(() => stream.messages.length > before, { what: 'progress' });
  assert.equal(stream.refusal, undefined);
});

test('all are answered again soon after the load is gone', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  await overload(clock, server);
  clock.lateMs = 0;
  let answeredInARow = 0;
  await until(async () => {
    for (const [, makeCall] of callsOf(server)) {
      answeredInARow = (await refusalOf(makeCall())) === undefined ? answeredInARow + 1 : 0;
    }
    return answeredInARow >= 100;
  });
});

test('a call that has waited beyond its deadline is dropped before others are refused', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  clock.lateMs = 30_000;
  const refused: string[] = [];
  const tryOne = async (name: string, patienceMs: number): Promise<void> => {
    const calling = server.call(CacheServiceService.delete, { key: 'k' }, { deadline: Date.now() + patienceMs });
    if ((await refusalOf(calling)) !== undefined) refused.push(name);
  };
  await until(async () => {
    await tryOne('hurried', 20_000);
    await tryOne('patient', 50_000);
    return refused.length > 0;
  });
  assert.equal(refused[0], 'hurried');
});

test('connections are given fewer streams while no more may be refused, and all of them again', async () => {
  const { clock, server: opened } = await startLateServer();
  await using server = opened;
  const session = connect(`http://${server.address}`);
  try {
    // The first stream makes the connection known.
    session
      .request({ ':method': 'POST', ':path': CacheServiceService.get.path })
      .on('error', () => undefined)
      .end();
    await overload(clock, server, 2 * limits.loopDelayMsMax);
    const calls = Array.from({ length: limits.streamsPerConnectionMax });
    await until(
      async () => {
        await Promise.all(calls.map(() => refusalOf(server.call(CacheServiceService.get, { key: 'k' }))));
        return session.remoteSettings.maxConcurrentStreams! < limits.streamsPerConnectionMax;
      },
      { what: 'fewer streams', withinMs: 30_000 },
    );
    clock.lateMs = 0;
    const all = (): boolean => session.remoteSettings.maxConcurrentStreams === limits.streamsPerConnectionMax;
    await until(all, { what: 'all streams' });
  } finally {
    session.destroy();
  }
});
