// Goal: a stream ends only for a reason that its caller is told, and leaves nothing behind; who does not read harms nobody.
// Method: real gRPC; callers that err, leave, stall and stay while the server drains.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { limits } from '../../src/base/limits.ts';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import {
  type EventCause,
  InvalidationServiceService,
  ResetReason,
  type SubscribeRequest,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { cacheCalls, milliseconds, msOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { connectMany } from '../support/lease-calls.ts';
import { beginCall, messageFrame, sendStream } from '../support/raw-http2.ts';
import { startServerProcess } from '../support/server-process.ts';
import { metadataOf, refusedStream, type Subscriber, subscribe, subscribed } from '../support/subscriber.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { startTimedServer } from '../support/timed-server.ts';
import { until, within } from '../support/until.ts';

type Refusal = readonly [what: string, request: Partial<SubscribeRequest>, reason: string, field: string];

const refusals: readonly Refusal[] = [
  ['a prefix without a separator at its end', { prefixes: ['a'] }, 'PREFIX_NOT_A_SCOPE', 'prefix'],
  ['one bad prefix among good ones', { prefixes: ['a:', '', 'b:'] }, 'PREFIX_NOT_A_SCOPE', 'prefix'],
  ['an empty tag', { tags: [''] }, 'TAG_INVALID', 'tags'],
  ['a tag with a line end', { tags: ['t', 'a\nb'] }, 'TAG_INVALID', 'tags'],
  ['an empty key', { keys: ['k', ''] }, 'KEY_INVALID', 'keys[1]'],
  ['a key with a control character', { keys: ['a\u0000'] }, 'KEY_INVALID', 'keys[0]'],
  ['a key too long', { keys: ['k'.repeat(limits.keyBytesMax + 1)] }, 'KEY_TOO_LONG', 'keys[0]'],
  ['the cause UNSPECIFIED', { causes: [0] }, 'CAUSE_UNKNOWN', 'causes'],
  ['a cause that came later', { causes: [1, 99 as EventCause] }, 'CAUSE_UNKNOWN', 'causes'],
  ['an interval of 0', { progressInterval: milliseconds(0) }, 'PROGRESS_INTERVAL_OUT_OF_RANGE', 'progress_interval'],
  [
    'a negative interval',
    { progressInterval: { seconds: -1n, nanos: 0 } },
    'PROGRESS_INTERVAL_OUT_OF_RANGE',
    'progress_interval',
  ],
  [
    'an interval of mixed signs',
    { progressInterval: { seconds: 1n, nanos: -1 } },
    'PROGRESS_INTERVAL_OUT_OF_RANGE',
    'progress_interval',
  ],
];

describe('refusals', () => {
  for (const [what, request, reason, field] of refusals) {
    test(`${what}: ${reason}`, async () => {
      await using t = await startTimedServer();
      const facts = await refusedStream(t.server, request);
      assert.deepEqual([facts.code, facts.reason, facts.fields], [status.INVALID_ARGUMENT, reason, [field]]);
    });
  }

  test('a namespace that is not there: NAMESPACE_NOT_FOUND', async () => {
    await using t = await startTimedServer();
    const { code, reason } = await refusedStream(t.server, { namespace: 'none' });
    assert.deepEqual([code, reason], [status.NOT_FOUND, 'NAMESPACE_NOT_FOUND']);
  });

  test('an origin too long: ORIGIN_INVALID, of a change too', async () => {
    await using t = await startTimedServer();
    const metadata = metadataOf({ 'reprise-origin': 'o'.repeat(limits.originCharactersMax + 1) });
    const refused = [
      await refusedStream(t.server, {}, { metadata }),
      await errorOf(t.server.call(CacheServiceService.delete, { key: 'k' }, { metadata })),
    ];
    for (const facts of refused) {
      assert.deepEqual([facts.code, facts.reason], [status.INVALID_ARGUMENT, 'ORIGIN_INVALID']);
      assert.deepEqual(facts.fields, ['reprise-origin']);
    }
  });

  test('bytes that are no message: INVALID_ARGUMENT, and the connection stays', async () => {
    await using t = await startTimedServer();
    const headers = { ':path': InvalidationServiceService.subscribe.path };
    const end = await sendStream(t.server.address, headers, messageFrame(Buffer.of(0x0a, 0xff)));
    assert.deepEqual([end.grpcStatus, end.dropped], [status.INVALID_ARGUMENT, false]);
  });

  test('a refused stream is not counted as open', async () => {
    await using t = await startTimedServer();
    await refusedStream(t.server, { tags: [''] });
    assert.equal(await subscribersOf(t.server), 0n);
  });
});

async function subscribersOf(server: Pick<TestServer, 'call'>, namespace = ''): Promise<bigint> {
  return (await server.call(AdminServiceService.getStats, { namespace })).subscribers;
}

describe('ends', () => {
  test('a namespace that is deleted ends its streams with NAMESPACE_NOT_FOUND, after what happened', async () => {
    await using t = await startTimedServer();
    await createNamespace(t.server, 'n');
    using here = await subscribed(t.server);
    using there = await subscribed(t.server, { namespace: 'n' });
    await cacheCalls(t.server, 'n').stored('k', 'v');
    await t.server.call(AdminServiceService.deleteNamespace, { name: 'n' });
    const { code, reason } = await within(there.ended);
    assert.deepEqual([code, reason, there.events.length], [status.NOT_FOUND, 'NAMESPACE_NOT_FOUND', 1]);
    await t.cache.stored('k', 'v');
    assert.equal((await here.heard(1)).length, 1);
  });

  test('a deadline ends a stream with DEADLINE_EXCEEDED; without one it lasts', async () => {
    await using server = await startTestServer();
    using stays = await subscribed(server);
    using ends = await subscribed(server, {}, { deadline: Date.now() + 300 });
    assert.equal((await within(ends.ended)).code, status.DEADLINE_EXCEEDED);
    await until(async () => (await subscribersOf(server)) === 1n, { what: 'the server to let go' });
    await cacheCalls(server).stored('k', 'v');
    assert.equal((await stays.heard(1)).length, 1);
  });

  test('a deadline far beyond that of unary calls is no shorter for it', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server, { progressInterval: milliseconds(limits.progressIntervalMsMax) });
    t.clock.advance(limits.deadlineMsMax + 1);
    await subscriber.next('progress');
    await t.cache.stored('k', 'v');
    await subscriber.next('events');
  });

  test('who cancels is let go', async () => {
    await using t = await startTimedServer();
    const subscribers = await Promise.all([1, 2, 3].map(() => subscribed(t.server)));
    assert.equal(await subscribersOf(t.server), 3n);
    const timers = t.clock.timers;
    for (const subscriber of subscribers) subscriber.cancel();
    await until(async () => (await subscribersOf(t.server)) === 0n, { what: 'the server to let go' });
    assert.equal(t.clock.timers, timers - 3);
  });

  test('who drops the connection is let go', async () => {
    await using t = await startTimedServer();
    const { path } = InvalidationServiceService.subscribe;
    const connection = await beginCall(t.server.address, path, messageFrame(Buffer.alloc(0)));
    await until(async () => (await subscribersOf(t.server)) === 1n, { what: 'the stream' });
    await connection[Symbol.asyncDispose]();
    await until(async () => (await subscribersOf(t.server)) === 0n, { what: 'the server to let go' });
  });
});

describe('many, and slow ones', () => {
  test('200 streams on one connection are all told everything', async () => {
    await using server = await startTestServer();
    using one = connectMany(server.address, 1);
    const client = one.clients[0]!;
    const subscribers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => subscribed({ client }, i % 2 === 0 ? {} : { prefixes: [`k${i}:`, 'k:'] })),
    );
    const cache = cacheCalls(server);
    for (let i = 0; i < 200; i++) await Promise.all([cache.stored(`k:${i}`, 'v'), cache.remove({ tags: ['t'] })]);
    const last = await cache.stored('k:last', 'v');
    const counts = await within(Promise.all(subscribers.map((each) => each.heard(401))), { withinMs: 5000 });
    for (const events of counts) {
      assert.deepEqual([events.length, events.at(-1)?.revision], [401, last.revision]);
      assert.equal(new Set(events.map(({ revision }) => revision)).size, 401);
    }
  });

  test('who does not read is told so when he does, and nobody waited for him', async () => {
    await using server = await startTestServer();
    using apart = connectMany(server.address, 1);
    using stalled = await subscribed({ client: apart.clients[0]! });
    using reads = await subscribed(server);
    stalled.pause();
    const written = await overfill(server);
    assert.equal((await reads.heard(written)).length, written);
    stalled.resume();
    await until(() => stalled.messages.some(({ $case }) => $case === 'reset'), { what: 'the Reset' });
    const reset = stalled.messages.find(({ $case }) => $case === 'reset');
    assert.ok(reset?.$case === 'reset' && reset.value.reason === ResetReason.SLOW);
    assert.ok(stalled.events.length < written);
    const { revision } = await cacheCalls(server).stored('after', 'v');
    await until(() => stalled.events.at(-1)?.revision === revision, { what: 'what happens after the Reset' });
  });
});

/** Makes more changes than may wait for one subscriber, a few at a time. Returns how many. */
async function overfill(server: Pick<TestServer, 'call'>): Promise<number> {
  const perBatch = 50;
  const batches = 60;
  for (let i = 0; i < batches; i++) {
    const keys = Array.from({ length: perBatch }, (_, j) => `${i} ${j} ${'k'.repeat(1000)}`);
    await server.call(CacheServiceService.batchDelete, { keys });
  }
  return perBatch * batches;
}

describe('draining', () => {
  async function goesAway(subscriber: Subscriber): Promise<{ token: string; retryMs: number }> {
    const { code } = await within(subscriber.ended, { what: 'the end of the stream' });
    assert.equal(code, status.OK);
    const last = subscriber.messages.at(-1);
    assert.ok(last?.$case === 'goingAway');
    return { token: last.value.token, retryMs: msOf(last.value.retryAfter) };
  }

  test('streams are told GoingAway with a token and a time, and end with OK; the server ends cleanly', async () => {
    await using server = await startServerProcess();
    const subscribers = await Promise.all(Array.from({ length: 20 }, () => subscribed(server)));
    await cacheCalls(server).stored('k', 'v');
    server.kill('SIGTERM');
    const told = await Promise.all(subscribers.map(goesAway));
    for (const { retryMs } of told) assert.ok(retryMs >= 0 && retryMs < limits.goingAwayRetryMsMax, String(retryMs));
    assert.ok(new Set(told.map(({ retryMs }) => retryMs)).size > 10, 'they do not all come back at once');
    for (const { events } of subscribers) assert.equal(events.length, 1);
    assert.equal((await within(server.ended, { withinMs: 5000 })).code, 0);
    assert.equal(server.logged('drainFinished')[0]?.['clean'], true);
  });

  test('the token is good where the state is', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    const { token } = await t.cache.stored('k', 'v');
    const drained = t.server.server.drain();
    const away = await goesAway(subscriber);
    assert.equal(await drained, true);
    assert.equal(away.token.length, token.length);
  });

  test('a subscriber that does not read is cut off when --drain is over', async () => {
    await using server = await startServerProcess({ flags: ['--drain', '500ms'] });
    using apart = connectMany(server.address, 1);
    using stalled = subscribe(apart.clients[0]!);
    await stalled.next('ready');
    using reads = await subscribed(server);
    stalled.pause();
    await overfill(server);
    server.kill('SIGTERM');
    await goesAway(reads);
    assert.equal((await within(server.ended, { withinMs: 5000 })).code, 1);
  });
});
