// Goal: a subscriber that reads slowly costs bounded memory, and is told when that costs it changes. Method: subscribers
// that take a message only when the test says so.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import type { Author } from '../../../src/store/store.ts';
import { authorOf } from '../../support/changes.ts';
import { type HubWorld, type Listener, openHubWorld, readAll, turns } from '../../support/hub-world.ts';

const QUEUE = limits.subscriberQueueEventsMax;

/** A subscriber that is up to date, and takes nothing more. */
async function stalledListener(world: HubWorld, wish = {}): Promise<Listener> {
  const listener = world.subscribe(wish);
  await turns();
  listener.stalled = true;
  world.set('on its way');
  await turns();
  assert.deepEqual(listener.kinds, ['ready', 'events']);
  return listener;
}

/** Sets so many keys, a turn after every few: what happens in one turn may be more than one message. */
async function setMany(world: HubWorld, count: number, keyOf: (i: number) => string, author?: Author): Promise<void> {
  for (let i = 0; i < count; i++) {
    world.set(keyOf(i), author === undefined ? {} : { author });
    if (i % 50 === 49) await turns(1);
  }
  await turns();
}

function resetsOf(listener: Listener): ResetReason[] {
  return listener.messages.flatMap((message) => (message.$case === 'reset' ? [message.value.reason] : []));
}

test('what happens meanwhile waits, and comes in order when the subscriber reads', async () => {
  const world = await openHubWorld();
  const listener = await stalledListener(world);
  world.set('a');
  await turns();
  world.set('b');
  await turns();
  assert.equal(listener.buffers.length, 2, 'one message is on its way at a time');
  await readAll(listener);
  assert.deepEqual(listener.kinds, ['ready', 'events', 'events'], 'all that waited, in one message');
  assert.deepEqual(listener.numbers, [1, 2, 3]);
  assert.equal(world.numberIn(listener.token), 3);
});

test('others are told at once', async () => {
  const world = await openHubWorld();
  await stalledListener(world);
  const other = world.subscribe();
  await turns();
  world.set('a');
  await turns();
  assert.deepEqual(other.numbers, [2]);
});

test(`${QUEUE} changes wait and come; one more is a Reset`, async () => {
  const world = await openHubWorld();
  const [patient, tooLate] = [await stalledListener(world), world.subscribe({ stalled: true })];
  tooLate.read();
  await turns();
  world.set('on its way too');
  await turns();
  await setMany(world, QUEUE - 1, (i) => `k${i}`);
  await readAll(patient);
  assert.deepEqual(
    patient.numbers,
    Array.from({ length: QUEUE + 1 }, (_, i) => i + 1),
  );
  await setMany(world, 5, (i) => `more ${i}`);
  await readAll(tooLate);
  assert.deepEqual(tooLate.kinds, ['ready', 'events', 'reset']);
  assert.deepEqual(resetsOf(tooLate), [ResetReason.SLOW]);
  assert.equal(world.namespace.counters.streams.resets.slow, 1);
});

test('at the bound the newest change of each key is kept', async () => {
  const world = await openHubWorld();
  const listener = await stalledListener(world);
  await setMany(world, QUEUE + 1, (i) => `k${i % 100}`);
  await readAll(listener);
  assert.deepEqual(resetsOf(listener), []);
  // All but the last change met the bound together; those of 100 keys were left, and the last came after.
  const last = QUEUE + 2;
  assert.deepEqual(
    listener.numbers.slice(1),
    Array.from({ length: 101 }, (_, i) => last - 100 + i),
  );
  assert.equal(world.numberIn(listener.token), last);
});

test('a token never names a change that gave way while the newer one of its key still waits', async () => {
  const world = await openHubWorld();
  const listener = await stalledListener(world);
  // The first key comes again at the end; the others fill more than one message, and are small enough to be kept.
  await setMany(world, 1, () => 'again');
  await setMany(world, 900, (i) => `${i}-${'k'.repeat(500)}`);
  await setMany(world, QUEUE - 901, () => 'again');
  await setMany(world, 1, () => 'x');
  await readAll(listener);
  assert.deepEqual(resetsOf(listener), []);
  const newestAgain = QUEUE + 1;
  const beforeIt = listener.messages.slice(2).filter((message) => {
    return (
      message.$case === 'events' && !message.value.events.some(({ revision }) => revision.endsWith(`-${newestAgain}`))
    );
  });
  assert.ok(beforeIt.length > 5, 'it takes several messages');
  for (const { value } of beforeIt) assert.ok([1, newestAgain + 1].includes(world.numberIn(value.token)));
  assert.equal(world.numberIn(beforeIt[0]!.value.token), 1);
  assert.equal(world.numberIn(listener.token), newestAgain + 1);
});

test('a Reset names the moment after which nothing is missed', async () => {
  const world = await openHubWorld();
  const listener = await stalledListener(world);
  await setMany(world, QUEUE + 1, (i) => `k${i}`);
  await setMany(world, 5, (i) => `still lost ${i}`);
  listener.read();
  await turns();
  assert.deepEqual(listener.kinds, ['ready', 'events', 'reset']);
  const reset = world.numberIn(listener.token);
  assert.equal(reset, QUEUE + 7, 'all that happened until the Reset was sent');
  world.set('while the Reset is on its way');
  await turns();
  await readAll(listener);
  assert.deepEqual(listener.numbers, [1, reset + 1]);
  listener.stalled = false;
  world.set('live again');
  await turns();
  assert.deepEqual(listener.numbers, [1, reset + 1, reset + 2]);
});

test('a subscriber that falls behind again is told again', async () => {
  const world = await openHubWorld();
  const listener = await stalledListener(world);
  for (let round = 1; round <= 3; round++) {
    await setMany(world, QUEUE + 1, (i) => `k${i}`);
    listener.read();
    await turns();
    assert.equal(resetsOf(listener).length, round);
  }
  assert.equal(world.namespace.counters.streams.resets.slow, 3);
});

test('what its own origin does takes no room', async () => {
  const world = await openHubWorld();
  const listener = await stalledListener(world, { withoutOrigin: 'me' });
  await setMany(world, QUEUE + 1, (i) => `k${i}`, authorOf('me'));
  world.set('by another');
  await turns();
  await readAll(listener);
  assert.deepEqual(listener.numbers, [1, QUEUE + 3]);
});
