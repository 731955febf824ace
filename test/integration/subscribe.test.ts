// Goal: a subscriber is told each change that it asked for, and what it must know of it. Method: real gRPC; each change of
// the cache made by its own call.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import {
  type Event,
  EventCause,
  InvalidationMode,
  type SubscribeRequest,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { type CacheCalls, cacheCalls, milliseconds, only, seconds, textValue } from '../support/cache-calls.ts';
import { leaseIn, leaseOf, underLease } from '../support/lease-calls.ts';
import { calling, metadataOf, type Subscriber, subscribed } from '../support/subscriber.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';
import { until } from '../support/until.ts';

const { SET, TOUCH, DELETE, KEY, TAG, PREFIX, NAMESPACE } = EventCause;
const { UNSPECIFIED, REMOVE, MARK_STALE } = InvalidationMode;
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };

/** Names an event's target as tests do: `key k`, `tag t`, `wholeNamespace`. */
function targetOf({ target }: Event): string {
  assert.ok(target !== undefined);
  return target.$case === 'wholeNamespace' ? target.$case : `${target.$case} ${target.value}`;
}

/** Every kind of change, in order, and the event that it is told by. */
const changes: readonly [event: readonly [string, EventCause, InvalidationMode], change: (c: CacheCalls) => unknown][] =
  [
    [['key k', SET, UNSPECIFIED], (c) => c.stored('k', 'v')],
    [['key n', SET, UNSPECIFIED], (c) => c.counted('n', 1n)],
    [['key n', SET, UNSPECIFIED], (c) => c.counted('n', 1n)],
    [['key k', TOUCH, UNSPECIFIED], (c) => c.touch('k', { ttl: seconds(9) })],
    [['key none', TOUCH, UNSPECIFIED], (c) => c.touch('none', { ttl: seconds(9) })],
    [['key k', KEY, MARK_STALE], (c) => c.markStale({ keys: ['k'] })],
    [['key k', KEY, REMOVE], (c) => c.remove({ keys: ['k'] })],
    [['key k', DELETE, UNSPECIFIED], (c) => c.delete('k')],
    [['tag t', TAG, REMOVE], (c) => c.remove({ tags: ['t'] })],
    [['tag t', TAG, MARK_STALE], (c) => c.markStale({ tags: ['t'] })],
    [['prefix a:', PREFIX, REMOVE], (c) => c.remove({ prefix: 'a:' })],
    [['prefix a:', PREFIX, MARK_STALE], (c) => c.markStale({ prefix: 'a:' })],
    [['wholeNamespace', NAMESPACE, REMOVE], (c) => c.remove({ all: true })],
    [['wholeNamespace', NAMESPACE, MARK_STALE], (c) => c.markStale({ all: true })],
  ];

async function changeAll(cache: CacheCalls): Promise<void> {
  for (const [, change] of changes) await change(cache);
}

describe('what is told', () => {
  test('every change is told with its target, cause and mode, in order', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    await changeAll(t.cache);
    const events = await subscriber.heard(changes.length);
    const expected = changes.map(([event]) => event);
    assert.deepEqual(
      events.map((event) => [targetOf(event), event.cause, event.mode]),
      expected,
    );
  });

  test('what changes nothing is not told', async () => {
    await using t = await startTimedServer();
    await t.cache.stored('k', 'text');
    using subscriber = await subscribed(t.server);
    await t.cache.hit('k');
    await t.cache.miss('none');
    await t.cache.exists('k');
    only(await t.cache.increment('k', 1n), 'notIncremented');
    await t.cache.refusal('k', 'v', { condition: { kind: { $case: 'absent', value: {} } } });
    const id = leaseIn(await t.cache.get('none', leaseOf()));
    assert.equal(await t.cache.release('none', id), true);
    only(await t.cache.invalidate({ all: true }, { dryRun: true }), 'counted');
    only(await t.cache.invalidate({ all: true }, { affectedMax: 0n }), 'refused');
    await t.cache.stored('last', 'v');
    assert.deepEqual((await subscriber.heard(1)).map(targetOf), ['key last']);
  });

  test('a repeat with its request id is told once', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    for (let i = 0; i < 2; i++) {
      await t.cache.stored('k', 'v', { requestId: 'r' });
      await t.cache.invalidate({ tags: ['t', 'u'] }, { requestId: 'r' });
    }
    await t.cache.stored('last', 'v');
    const targets = (await subscriber.heard(4)).map(targetOf);
    assert.deepEqual(targets, ['key k', 'tag t', 'tag u', 'key last']);
  });

  test('its revision is that of the answer, and of the next hit', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    const { revision } = await t.cache.stored('k', 'v');
    assert.equal((await subscriber.heard(1))[0]!.revision, revision);
    await t.cache.touch('k', { ttl: seconds(9) });
    const touched = (await subscriber.heard(2))[1]!.revision;
    assert.equal((await t.cache.hit('k')).revision, touched);
    assert.notEqual(touched, revision);
    const counted = await t.cache.counted('n', 1n);
    assert.equal((await subscriber.heard(3))[2]!.revision, (await t.cache.hit('n')).revision);
    assert.equal(counted.value, 1n);
    await changeAll(t.cache);
    const revisions = (await subscriber.heard(3 + changes.length)).map((event) => event.revision);
    assert.equal(new Set(revisions).size, revisions.length, 'a revision names one change');
  });

  test('a fill under a lease is told like any Set', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    const id = leaseIn(await t.cache.get('k', leaseOf()));
    const { revision } = await t.cache.stored('k', 'v', underLease(id));
    const [event] = await subscriber.heard(1);
    assert.deepEqual([targetOf(event!), event!.cause, event!.revision], ['key k', SET, revision]);
  });

  test('a batch is one message', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
    const items = keys.map((key) => ({ ...item, key, content: textValue('v') }));
    await t.server.call(CacheServiceService.batchSet, { items });
    const { events } = await subscriber.next('events');
    assert.deepEqual(
      events.map(targetOf),
      keys.map((key) => `key ${key}`),
    );
    await t.server.call(CacheServiceService.batchDelete, { keys });
    const deleted = (await subscriber.next('events')).events;
    assert.deepEqual([deleted.length, new Set(deleted.map(({ cause }) => cause))], [200, new Set([DELETE])]);
  });

  test('actor and trace context are told; a trace context that is none is left out', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    await changeAll(cacheCalls(calling(t.server, { traceparent: TRACEPARENT, 'reprise-origin': 'me' })));
    const traced = await subscriber.heard(changes.length);
    for (const event of traced) assert.deepEqual([event.actor, event.traceparent], ['anonymous', TRACEPARENT]);
    await cacheCalls(calling(t.server, { traceparent: 'nonsense' })).stored('k', 'v');
    await t.cache.stored('k', 'v');
    const plain = (await subscriber.heard(changes.length + 2)).slice(changes.length);
    for (const event of plain) assert.deepEqual([event.actor, event.traceparent], ['anonymous', '']);
  });

  test('no value is told', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    await t.cache.stored('k', 'a secret', { contentType: 'text/secret', tags: ['tag-secret'] });
    const text = JSON.stringify((await subscriber.heard(1))[0]);
    assert.ok(text.includes('"k"') && !text.includes('secret'));
  });

  test('another namespace is not told', async () => {
    await using t = await startTimedServer();
    await createNamespace(t.server, 'n');
    using here = await subscribed(t.server);
    using there = await subscribed(t.server, { namespace: 'n' });
    await changeAll(cacheCalls(t.server, 'n'));
    await t.cache.stored('here', 'v');
    assert.equal((await there.heard(changes.length)).length, changes.length);
    assert.deepEqual((await here.heard(1)).map(targetOf), ['key here']);
  });
});

/** What a filter lets through of everything above, and of entries with tags. */
const filters: readonly [what: string, filter: Partial<SubscribeRequest>, targets: readonly string[]][] = [
  ['a prefix', { prefixes: ['a:'] }, ['key a:1', 'key a:b/2', 'tag t', 'prefix a:', 'wholeNamespace']],
  ['a deeper prefix', { prefixes: ['a:b/'] }, ['key a:b/2', 'tag t', 'prefix a:', 'wholeNamespace']],
  ['another prefix', { prefixes: ['c/'] }, ['tag t', 'wholeNamespace']],
  ['keys', { keys: ['k', 'a:1'] }, ['key a:1', 'key k', 'tag t', 'prefix a:', 'wholeNamespace']],
  ['the tag before', { tags: ['old'] }, ['key r', 'key r', 'tag t', 'prefix a:', 'wholeNamespace']],
  ['the tag after', { tags: ['new'] }, ['key r', 'key r', 'key r', 'tag t', 'prefix a:', 'wholeNamespace']],
  ['causes', { causes: [DELETE, TAG] }, ['key r', 'tag t']],
  ['a cause and a key', { causes: [SET], keys: ['k'] }, ['key k']],
  ['any of them', { prefixes: ['c/'], tags: ['none'], keys: ['k'] }, ['key k', 'tag t', 'prefix a:', 'wholeNamespace']],
];

/** Lets time pass until the server says that there is nothing more. */
async function caughtUp({ clock }: TimedServer, { messages }: Subscriber): Promise<void> {
  await until(() => {
    clock.advance(1000);
    return messages.at(-1)?.$case === 'progress';
  });
}

describe('filters', () => {
  for (const [what, filter, targets] of filters) {
    test(`${what}: ${JSON.stringify(filter)}`, async () => {
      await using t = await startTimedServer();
      using subscriber = await subscribed(t.server, filter);
      for (const key of ['a:1', 'a:b/2', 'b:1', 'k']) await t.cache.stored(key, 'v');
      await t.cache.stored('r', 'v', { tags: ['old'] });
      await t.cache.stored('r', 'v', { tags: ['new'] });
      await t.cache.markStale({ keys: ['r'] });
      await t.cache.delete('r');
      await t.cache.remove({ tags: ['t'] });
      await t.cache.remove({ prefix: 'a:' });
      await t.cache.remove({ all: true });
      await caughtUp(t, subscriber);
      assert.deepEqual(subscriber.events.map(targetOf), targets);
    });
  }
});

describe('origins', () => {
  const mine = { 'reprise-origin': 'process 1' };

  test('changes of the own origin are left out, those of others and of nobody are not', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server, {}, { metadata: metadataOf(mine) });
    await changeAll(cacheCalls(calling(t.server, mine)));
    await cacheCalls(calling(t.server, { 'reprise-origin': 'process 2' })).stored('other', 'v');
    await t.cache.stored('nobody', 'v');
    assert.deepEqual((await subscriber.heard(2)).map(targetOf), ['key other', 'key nobody']);
  });

  test('include_own sends them too', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server, { includeOwn: true }, { metadata: metadataOf(mine) });
    await changeAll(cacheCalls(calling(t.server, mine)));
    assert.equal((await subscriber.heard(changes.length)).length, changes.length);
  });

  test('who names no origin is told all', async () => {
    await using t = await startTimedServer();
    using subscriber = await subscribed(t.server);
    await cacheCalls(calling(t.server, mine)).stored('k', 'v');
    await t.cache.stored('nobody', 'v');
    assert.equal((await subscriber.heard(2)).length, 2);
  });
});

test('events hold the pace of the progress interval: each carries a token', async () => {
  await using t = await startTimedServer();
  using subscriber = await subscribed(t.server, { progressInterval: milliseconds(100) });
  const tokens = new Set<string>();
  for (let i = 0; i < 5; i++) {
    await t.cache.stored('k', 'v');
    tokens.add((await subscriber.next('events')).token);
    t.clock.advance(100);
    await subscriber.next('progress');
  }
  assert.equal(tokens.size, 5);
});
