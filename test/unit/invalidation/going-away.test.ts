// Goal: a stream that the server ends says where to go on, or why not. Method: a hub over a memory store; subscribers that
// read and such that don't, when it drains and when their namespace is deleted.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { millisecondsOf } from '../../../src/api/durations.ts';
import { streamEncoder } from '../../../src/api/stream-encoder.ts';
import { limits } from '../../../src/base/limits.ts';
import { InvalidationHub } from '../../../src/invalidation/invalidation-hub.ts';
import { filterOf } from '../../support/changes.ts';
import { type HubWorld, Listener, openHubWorld, readAll, turns } from '../../support/hub-world.ts';
import { SeededRandom } from '../../support/seeded-random.ts';

function retryMsOf(listener: Listener): number {
  const last = listener.messages.at(-1);
  assert.ok(last?.$case === 'goingAway');
  return millisecondsOf(last.value.retryAfter!);
}

/** Resumes on another node with the last token of a listener; returns the changes that are told then. */
async function numbersAfter(world: HubWorld, { token }: Listener): Promise<number[]> {
  const resumed = await world.subscribeElsewhere({ resumeToken: token });
  await turns();
  assert.ok(!resumed.kinds.includes('reset'));
  return resumed.numbers;
}

describe('draining', () => {
  test('everyone is told what happened, where to go on and when, and the streams end', async () => {
    const world = await openHubWorld();
    const [all, some] = [world.subscribe(), world.subscribe({ keys: ['k'] })];
    await turns();
    world.set('other');
    await turns();
    world.hub.drain();
    await turns();
    assert.deepEqual(
      [all.kinds, some.kinds],
      [
        ['ready', 'events', 'goingAway'],
        ['ready', 'goingAway'],
      ],
    );
    for (const listener of [all, some]) {
      assert.deepEqual(listener.ended, { error: undefined });
      assert.deepEqual(await numbersAfter(world, listener), []);
    }
  });

  test('what happened in the same turn is told before, or found after the token', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    world.set('a');
    world.hub.drain();
    await turns();
    assert.deepEqual([...listener.numbers, ...(await numbersAfter(world, listener))], [1]);
  });

  test('retry_after is random, from 0 and below its limit', async () => {
    const world = await openHubWorld();
    const many = Array.from({ length: 200 }, () => world.subscribe());
    await turns();
    world.hub.drain();
    await turns();
    const waits = many.map(retryMsOf);
    assert.ok(Math.max(...waits) < limits.goingAwayRetryMsMax && Math.max(...waits) > limits.goingAwayRetryMsMax * 0.9);
    assert.ok(Math.min(...waits) < limits.goingAwayRetryMsMax * 0.1);
    assert.ok(new Set(waits).size > 150);
  });

  for (const [float, retryMs] of [
    [0, 0],
    [1 - 2 ** -53, limits.goingAwayRetryMsMax - 1],
  ] as const) {
    test(`chance ${float} means ${retryMs} ms`, async () => {
      const { store, clock, tokens, namespace } = await openHubWorld();
      const random = Object.assign(new SeededRandom(1), { float: () => float });
      const parts = { store, clock, tokens, random, encoder: streamEncoder(), onChange: () => undefined };
      const hub = await InvalidationHub.open(parts);
      const listener = new Listener(false);
      const wish = { filter: filterOf(), progressIntervalMs: 1000, withoutOrigin: '', resumeToken: '' };
      listener.hears(hub.subscribe(namespace, wish, listener));
      await turns();
      hub.drain();
      assert.equal(retryMsOf(listener), retryMs);
    });
  }

  test('a message that is on its way goes first; what waits is found after the token', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    listener.stalled = true;
    for (const key of ['on its way', 'waits', 'waits too']) {
      world.set(key);
      await turns();
    }
    world.hub.drain();
    world.hub.drain();
    await turns();
    assert.deepEqual([listener.kinds, listener.ended], [['ready', 'events'], undefined]);
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'goingAway']);
    assert.deepEqual(listener.ended, { error: undefined });
    assert.deepEqual([...listener.numbers, ...(await numbersAfter(world, listener))], [1, 2, 3]);
  });

  test('a stream in the middle of its past goes on elsewhere from there', async () => {
    const world = await openHubWorld();
    const { token: start } = world.subscribe();
    for (let i = 0; i < 2000; i++) world.set(`k${i}`);
    const listener = world.subscribe({ resumeToken: start, stalled: true });
    listener.read();
    await turns(1);
    world.hub.drain();
    await readAll(listener);
    assert.equal(listener.kinds.at(-1), 'goingAway');
    assert.ok(listener.numbers.length < 2000);
    const resumed = await world.subscribeElsewhere({ resumeToken: listener.token });
    await turns(30);
    assert.deepEqual(
      [...listener.numbers, ...resumed.numbers],
      Array.from({ length: 2000 }, (_, i) => i + 1),
    );
  });

  test('a subscriber that was to be told a Reset for slowness is found lacking nothing after its token', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    await turns();
    listener.stalled = true;
    world.set('on its way');
    await turns();
    for (let i = 0; i <= limits.subscriberQueueEventsMax; i++) {
      world.set(`k${i}`);
      if (i % 50 === 0) await turns(1);
    }
    await turns();
    world.hub.drain();
    await readAll(listener);
    assert.equal(listener.kinds.at(-1), 'goingAway');
    const resumed = await world.subscribeElsewhere({ resumeToken: listener.token });
    await turns(40);
    assert.equal(listener.numbers.length + resumed.numbers.length, limits.subscriberQueueEventsMax + 2);
  });

  test('who comes while it drains is told so after Ready, also with a token', async () => {
    const world = await openHubWorld();
    world.set('k');
    world.hub.drain();
    const late = world.subscribe();
    await turns();
    assert.deepEqual([late.kinds, late.ended], [['ready', 'goingAway'], { error: undefined }]);
    const unusable = world.subscribe({ resumeToken: 'garbage' });
    await turns();
    assert.deepEqual(unusable.kinds, ['reset', 'ready', 'goingAway']);
    assert.deepEqual([world.hub.count, world.clock.timers], [0, 0]);
  });

  test('nothing is left: no stream, no timer', async () => {
    const world = await openHubWorld();
    for (let i = 0; i < 3; i++) world.subscribe();
    await turns();
    world.hub.drain();
    await turns();
    assert.deepEqual([world.hub.count, world.namespace.counters.streams.open, world.clock.timers], [0, 0, 0]);
  });
});

describe('deleting a namespace', () => {
  test('its streams end with NAMESPACE_NOT_FOUND, those of others go on', async () => {
    const world = await openHubWorld();
    const other = world.open('fedcba9876543210');
    const [ended, stays] = [world.subscribe(), world.subscribe({}, other)];
    await turns();
    world.set('last');
    world.hub.endNamespace(world.namespace.id);
    assert.deepEqual(ended.numbers, [1], 'what happened before is told');
    assert.equal(ended.ended?.error?.reason, 'NAMESPACE_NOT_FOUND');
    world.set('k', {}, other);
    await turns();
    assert.deepEqual(stays.numbers, [2]);
    assert.deepEqual([world.hub.count, world.namespace.counters.streams.open], [1, 0]);
    assert.equal(world.clock.timers, 1);
  });

  test('a subscriber that does not read is ended too, and told nothing more', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe({ stalled: true });
    world.set('k');
    await turns();
    world.hub.endNamespace(world.namespace.id);
    await readAll(listener);
    assert.deepEqual([listener.kinds, listener.ended?.error?.reason], [['ready'], 'NAMESPACE_NOT_FOUND']);
    assert.equal(world.clock.timers, 0);
  });

  test('who left before is not told', async () => {
    const world = await openHubWorld();
    const listener = world.subscribe();
    listener.close();
    world.hub.endNamespace(world.namespace.id);
    world.hub.endNamespace(world.namespace.id);
    assert.equal(listener.ended, undefined);
  });
});
