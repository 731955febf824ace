// Goal: subscribers are told what happens, in order, once, and that nothing did. Method: a hub over a memory store, a
// manual clock, and subscribers held in the hand.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { EventCause } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { authorOf } from '../../support/changes.ts';
import { openHubWorld, readAll, turns } from '../../support/hub-world.ts';

describe('what happens', () => {
  test('a stream begins with Ready: where it stands, and how often it is told so', async () => {
    const world = await openHubWorld();
    const number = world.set('before');
    const listener = world.subscribe({ progressIntervalMs: 1500 });
    const [ready] = listener.messages;
    assert.ok(ready?.$case === 'ready');
    assert.deepEqual(ready.value.progressInterval, { seconds: 1n, nanos: 500_000_000 });
    assert.equal(world.numberIn(ready.value.token), number);
  });

  test('what happened before the stream, in the same turn too, is not told', async () => {
    const world = await openHubWorld();
    world.set('before');
    const listener = world.subscribe();
    world.set('after');
    await turns();
    assert.deepEqual(listener.numbers, [2]);
  });

  test('what happens in one turn comes in one message, with the token of the last', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    world.set('a');
    world.set('b');
    world.set('a');
    assert.equal(listener.buffers.length, 1, 'writers do not wait for subscribers');
    await turns();
    assert.deepEqual(listener.kinds, ['ready', 'events']);
    assert.deepEqual(listener.numbers, [1, 2, 3]);
    assert.equal(world.numberIn(listener.token), 3);
    world.set('c');
    await turns();
    assert.deepEqual(listener.kinds, ['ready', 'events', 'events']);
  });

  test('each subscriber is told what its filter wants; a token says up to where', async () => {
    const world = await openHubWorld();
    const byPrefix = world.subscribe({ prefixes: ['a:'] });
    const byTag = world.subscribe({ tags: ['t'] });
    const byKey = world.subscribe({ keys: ['k'], causes: ['set'] });
    await turns();
    world.set('a:1');
    world.set('b', { tags: ['t'] });
    world.set('k');
    world.set('none');
    world.store.remove({ namespaceId: world.namespace.id, key: 'k', cause: 'deleted' });
    await turns();
    assert.deepEqual(
      [byPrefix, byTag, byKey].map(({ numbers }) => numbers),
      [[1], [2], [3]],
    );
    assert.deepEqual(
      [byPrefix, byTag, byKey].map(({ token }) => world.numberIn(token)),
      [5, 5, 5],
    );
  });

  test('a subscriber of everything is told every kind of change', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    const namespaceId = world.namespace.id;
    for (const selector of [
      { kind: 'key', key: 'k' },
      { kind: 'tag', tag: 't' },
      { kind: 'prefix', prefix: 'a:' },
      { kind: 'namespace' },
    ] as const) {
      world.store.invalidate({ namespaceId, selector, mode: 'remove' });
    }
    await turns();
    const { KEY, TAG, PREFIX, NAMESPACE } = EventCause;
    assert.deepEqual(
      listener.events.map(({ cause }) => cause),
      [KEY, TAG, PREFIX, NAMESPACE],
    );
  });

  test('another namespace is not told', async () => {
    const world = await openHubWorld();
    const other = world.open('fedcba9876543210');
    const [here, there] = [world.subscribe(), world.subscribe({}, other)];
    await turns();
    world.set('k');
    world.set('k', {}, other);
    await turns();
    assert.deepEqual([here.numbers, there.numbers], [[1], [2]]);
  });

  test('what its own origin does is left out, and what others do is not', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ withoutOrigin: 'me' });
    const nobody = world.subscribe({ withoutOrigin: '' });
    await turns();
    world.set('a', { author: authorOf('me') });
    await turns();
    assert.deepEqual(listener.kinds, ['ready'], 'a message without events is not sent');
    world.set('a', { author: authorOf('me') });
    world.set('b', { author: authorOf('you') });
    world.set('c');
    world.set('d', { author: authorOf('') });
    await turns();
    assert.deepEqual(listener.numbers, [3, 4, 5]);
    assert.deepEqual(nobody.numbers, [1, 2, 3, 4, 5]);
  });

  test('subscribers with equal filters are sent the same bytes, and others their own', async () => {
    const world = await openHubWorld();
    const first = world.subscribe({ prefixes: ['a:', 'b:'] });
    const same = world.subscribe({ prefixes: ['b:', 'a:'] });
    const other = world.subscribe({ prefixes: ['a:'] });
    await turns();
    world.set('a:1');
    await turns();
    assert.equal(first.buffers[1], same.buffers[1]);
    assert.notEqual(first.buffers[1], other.buffers[1]);
    world.clock.advance(1000);
    assert.deepEqual(first.kinds, ['ready', 'events', 'progress']);
    assert.equal(first.buffers[2], other.buffers[2], 'progress is the same for all');
  });

  test('whoever waits for a fill is told at once', async () => {
    const world = await openHubWorld();
    world.set('k');
    assert.equal(world.told.length, 1);
  });

  test('a message holds 64 KiB of events; what is more comes in further ones', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    const keys = Array.from({ length: 3000 }, (_, i) => `${i}-${'k'.repeat(1000)}`);
    for (const key of keys) world.set(key);
    for (let i = 0; i < 30; i++) await turns(10);
    assert.deepEqual(
      listener.numbers,
      keys.map((_, i) => i + 1),
      'nothing is given up: the subscriber is not slow',
    );
    for (const bytes of listener.buffers) assert.ok(bytes.length < limits.eventsMessageBytesMax + 256);
    const tokens = listener.messages.map(({ value }) => world.numberIn(value.token));
    assert.deepEqual(
      tokens,
      tokens.toSorted((a, b) => a - b),
    );
    world.set('live');
    await turns();
    assert.equal(listener.numbers.length, 3001);
  });
});

describe('progress', () => {
  test('it comes when nothing was told for the interval', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ progressIntervalMs: 1000 });
    await turns();
    world.clock.advance(999);
    assert.deepEqual(listener.kinds, ['ready']);
    world.clock.advance(1);
    await turns();
    assert.deepEqual(listener.kinds, ['ready', 'progress']);
    world.clock.advance(1000);
    assert.deepEqual(listener.kinds, ['ready', 'progress', 'progress']);
  });

  test('events put it off: their token is as good', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ progressIntervalMs: 1000 });
    await turns();
    world.clock.advance(600);
    world.set('k');
    await turns();
    world.clock.advance(999);
    await turns();
    assert.deepEqual(listener.kinds, ['ready', 'events']);
    world.clock.advance(1);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'progress']);
  });

  test('it says how far things are that the subscriber does not want', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ keys: ['k'] });
    await turns();
    world.set('other');
    world.set('other');
    await turns();
    world.clock.advance(1000);
    assert.equal(world.numberIn(listener.token), 2);
  });

  test('it never overtakes events: not those of this turn, not those that wait', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ stalled: true });
    world.set('a');
    world.clock.advance(1000);
    await turns();
    world.set('b');
    await turns();
    world.clock.advance(5000);
    assert.deepEqual(listener.kinds, ['ready']);
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events']);
    assert.deepEqual(listener.numbers, [1, 2]);
    world.set('c');
    world.clock.advance(1000);
    assert.equal(world.numberIn(listener.token), 2, 'what was not delivered yet is not in the token');
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'progress', 'events']);
  });

  test('a message that was on its way when it was due does not put it off by a whole interval', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ progressIntervalMs: 1000 });
    await turns();
    world.clock.advance(500);
    listener.stalled = true;
    world.set('k');
    await turns();
    world.clock.advance(600);
    await readAll(listener);
    listener.stalled = false;
    world.clock.advance(400);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'progress']);
  });
});

describe('counting', () => {
  test('open streams and events are counted in the namespace', async () => {
    const world = await openHubWorld();
    const { streams } = world.namespace.counters;
    const [a, b] = [world.subscribe(), world.subscribe({ keys: ['k'] })];
    await turns();
    assert.deepEqual([streams.open, world.hub.count], [2, 2]);
    world.set('k');
    world.set('other');
    await turns();
    assert.equal(streams.events, 3);
    a.close();
    a.close();
    assert.deepEqual([streams.open, world.hub.count], [1, 1]);
    b.close();
    assert.deepEqual([streams.open, world.hub.count], [0, 0]);
  });

  test('who has left is told nothing more and leaves no timer', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    const stays = world.subscribe();
    await turns();
    world.set('a');
    listener.close();
    await turns();
    world.clock.advance(10_000);
    assert.deepEqual(listener.kinds, ['ready']);
    assert.deepEqual(stays.numbers, [1]);
    stays.close();
    assert.equal(world.clock.timers, 0);
  });

  test(`${limits.subscriptionsMax} streams are open; one more is refused until one leaves`, async () => {
    const world = await openHubWorld();
    const listeners = Array.from({ length: limits.subscriptionsMax }, () => world.subscribe({ stalled: true }));
    assert.throws(() => world.subscribe(), { name: 'OperatingError', reason: 'SUBSCRIPTIONS_FULL' });
    assert.equal(world.hub.count, limits.subscriptionsMax);
    listeners[0]!.close();
    assert.deepEqual(world.subscribe().kinds, ['ready']);
    for (const listener of listeners) listener.close();
    assert.equal(world.hub.count, 1);
  });

  test('a hub that is closed hears nothing more', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    world.set('a');
    world.hub.close();
    world.set('b');
    await turns();
    assert.deepEqual(listener.kinds, ['ready']);
    assert.equal(world.told.length, 1);
  });
});
