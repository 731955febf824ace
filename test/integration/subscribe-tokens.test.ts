// Goal: a stream says where it stands, and goes on from wherever any answer of the cache stood. Method: real gRPC; tokens
// of streams, writes, fences and invalidations, and such as nobody gave.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defaults, limits } from '../../src/base/limits.ts';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { type Event, ResetReason } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import {
  atLeast,
  type CacheCalls,
  cacheCalls,
  milliseconds,
  msOf,
  seconds,
  textValue,
} from '../support/cache-calls.ts';
import { type Subscriber, subscribe, subscribed } from '../support/subscriber.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';
import { until } from '../support/until.ts';

function keysOf(events: readonly Event[]): unknown[] {
  return events.map(({ target }) => target?.value);
}

/** Resumes, and returns the keys that are told up to one that is set last. */
async function keysAfter({ server, cache }: TimedServer, resumeToken: string, count: number): Promise<unknown[]> {
  using resumed = await subscribed(server, { resumeToken });
  await cache.stored('end', 'v');
  return keysOf(await resumed.heard(count + 1));
}

describe('Ready and Progress', () => {
  const intervals = [
    ['none', undefined, defaults.progressIntervalMs],
    ['the least', milliseconds(limits.progressIntervalMsMin), limits.progressIntervalMsMin],
    ['the most', milliseconds(limits.progressIntervalMsMax), limits.progressIntervalMsMax],
  ] as const;
  for (const [what, progressInterval, ms] of intervals) {
    test(`with ${what} of an interval, Progress comes after ${ms} ms`, async () => {
      await using t = await startTimedServer();
      using subscriber = subscribe(t.server.client, { progressInterval });
      const ready = await subscriber.next('ready');
      assert.equal(msOf(ready.progressInterval), ms);
      t.clock.advance(ms - 1);
      await t.cache.exists('k');
      assert.equal(subscriber.messages.length, 1);
      t.clock.advance(1);
      await subscriber.next('progress');
      t.clock.advance(ms);
      await subscriber.next('progress');
    });
  }

  test('Progress tells how far others have come', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server, { keys: ['mine'] });
    const { token: before } = subscriber;
    await t.cache.stored('other', 'v');
    t.clock.advance(1000);
    const { token } = await subscriber.next('progress');
    assert.deepEqual(await keysAfter(t, token, 0), ['end']);
    assert.deepEqual(await keysAfter(t, before, 2), ['other', 'end', 'end']);
  });

  test('a token of a stream makes a read as fresh as the stream', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    await t.cache.stored('k', 'v');
    const { token } = await subscriber.next('events');
    await t.cache.hit('k', { consistency: atLeast(token, (await subscribed(t.server)).token) });
  });
});

/** Ways to come by a token: whatever the call changed is before it. */
const sources: readonly [what: string, take: (cache: CacheCalls, t: TimedServer) => Promise<string>][] = [
  ['a Set', async (cache) => (await cache.stored('k', 'v')).token],
  ['an Increment', async (cache) => (await cache.counted('n', 1n)).token],
  ['a Delete', async (cache) => (await cache.delete('k')).token],
  ['a miss', async (cache) => (await cache.miss('none')).fence],
  ['an Invalidate of keys', (cache) => cache.remove({ keys: ['a', 'b', 'c'] })],
  ['an Invalidate of the namespace', (cache) => cache.markStale({ all: true })],
  [
    'a batch',
    async (_, { server }) => {
      const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
      const items = ['a', 'b'].map((key) => ({ ...item, key, content: textValue('v') }));
      return (await server.call(CacheServiceService.batchSet, { items })).token;
    },
  ],
  ['Ready', async (_, { server }) => (await subscribed(server)).token],
];

describe('resuming', () => {
  for (const [what, take] of sources) {
    test(`the token of ${what} is where a stream goes on`, async () => {
      await using t = await startTimedServer();
      await t.cache.stored('before', 'v');
      const token = await take(t.cache, t);
      await t.cache.stored('first', 'v');
      await t.cache.stored('second', 'v');
      assert.deepEqual(await keysAfter(t, token, 2), ['first', 'second', 'end']);
    });
  }

  test('a stream that is broken and opened again at any message misses nothing and hears nothing twice', async () => {
    await using t = await startTimedServer();
    using whole = await subscribed(t.server, { prefixes: ['a:'] });
    const start = whole.token;
    for (let i = 0; i < 30; i++) await t.cache.stored(i % 3 === 0 ? `b:${i}` : `a:${i}`, 'v');
    await whole.heard(20);
    const heard: Event[] = [];
    let token = start;
    while (heard.length < 20) {
      using part: Subscriber = await subscribed(t.server, { prefixes: ['a:'], resumeToken: token });
      heard.push(...(await part.next('events')).events);
      token = part.messages[1]!.value.token;
    }
    assert.deepEqual(heard, whole.events);
  });

  test('many pages of the past come, while others write', async () => {
    await using t = await startTimedServer();
    using first = await subscribed(t.server);
    const items = Array.from({ length: 1000 }, (_, i) => ({ key: `k${i}`, content: textValue('v') }));
    const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
    const writeAll = (): Promise<unknown> =>
      t.server.call(CacheServiceService.batchSet, { items: items.map((each) => ({ ...item, ...each })) });
    for (let i = 0; i < 3; i++) await writeAll();
    using resumed = await subscribed(t.server, { resumeToken: first.messages[0]!.value.token });
    await writeAll();
    const [all, again] = [await first.heard(4000), await resumed.heard(4000)];
    assert.deepEqual(again, all);
    assert.equal(new Set(all.map(({ revision }) => revision)).size, 4000);
  });
});

describe('Reset', () => {
  /** Reads Ready and Reset: the Reset of an unusable token comes first, that of a long absence after Ready. */
  async function resetOf(subscriber: Subscriber): Promise<{ reason: ResetReason; token: string }> {
    await until(() => subscriber.messages.length > 1);
    const isFirst = subscriber.messages[0]?.$case === 'reset';
    if (!isFirst) await subscriber.next('ready');
    const reset = await subscriber.next('reset');
    if (isFirst) await subscriber.next('ready');
    assert.equal(isFirst, reset.reason === ResetReason.TOKEN_UNUSABLE);
    return reset;
  }

  async function resetReason(
    { server, cache }: TimedServer,
    resumeToken: string,
    namespace = '',
  ): Promise<ResetReason> {
    using subscriber = subscribe(server.client, { resumeToken, namespace });
    const { reason, token } = await resetOf(subscriber);
    const calls = namespace === '' ? cache : cacheCalls(server, namespace);
    await calls.stored('after', 'v');
    assert.deepEqual(keysOf((await subscriber.next('events')).events), ['after'], 'the stream goes on');
    using resumed = await subscribed(server, { resumeToken: token, namespace });
    assert.deepEqual(keysOf((await resumed.next('events')).events), ['after'], 'its token is good');
    return reason;
  }

  test('garbage, a forgery and a text too long are TOKEN_UNUSABLE, never an error', async () => {
    await using t = await startTimedServer();
    const { token } = await t.cache.stored('k', 'v');
    const forged = `${token.slice(0, -8)}${token.slice(-8) === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA'}`;
    for (const bad of ['garbage', forged, 'x'.repeat(100_000)]) {
      assert.equal(await resetReason(t, bad), ResetReason.TOKEN_UNUSABLE);
    }
  });

  test('a token of another namespace, or of one that was deleted and made again, is TOKEN_UNUSABLE', async () => {
    await using t = await startTimedServer();
    await createNamespace(t.server, 'n');
    const { token } = await cacheCalls(t.server, 'n').stored('k', 'v');
    assert.equal(await resetReason(t, token), ResetReason.TOKEN_UNUSABLE);
    await deleteNamespace(t, 'n');
    await createNamespace(t.server, 'n');
    assert.equal(await resetReason(t, token, 'n'), ResetReason.TOKEN_UNUSABLE);
  });

  test('a token of another server is TOKEN_UNUSABLE', async () => {
    await using t = await startTimedServer();
    await using other = await startTimedServer();
    const { token } = await other.cache.stored('k', 'v');
    assert.equal(await resetReason(t, token), ResetReason.TOKEN_UNUSABLE);
  });

  test('a token whose changes are no longer kept is HISTORY_GONE', async () => {
    await using t = await startTimedServer();
    const { token } = await t.cache.stored('k', 'v', { ttl: seconds(9) });
    const keys = Array.from({ length: limits.batchItemsMax }, (_, i) => `${i}${'k'.repeat(1000)}`);
    // A change of such a key takes over 1 KiB.
    const enough = Math.ceil(limits.ringBytesMax / (keys.length * 1024));
    for (let i = 0; i < enough; i++) await t.server.call(CacheServiceService.batchDelete, { keys });
    assert.equal(await resetReason(t, token), ResetReason.HISTORY_GONE);
  });
});

async function deleteNamespace({ server }: TimedServer, name: string): Promise<void> {
  await server.call(AdminServiceService.deleteNamespace, { name });
}
