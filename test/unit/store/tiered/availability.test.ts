// Goal: a node's breakers together tell what of the store can be used, and count. Method: heartbeats' answers by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BeatAnswer } from '../../../../src/store/partition-store.ts';
import type { StoreState } from '../../../../src/store/store-availability.ts';
import { Availability } from '../../../../src/store/tiered/availability.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { toldOf } from './builders.ts';

const SILENCE_MS = 500;
const NAMED_AGE_MS = 1000;
const ALL: StoreState = { reads: true, writes: true };
const NONE: StoreState = { reads: false, writes: false };

class World {
  readonly clock = new ManualClock();
  readonly availability = new Availability({
    clock: this.clock,
    breaker: { silenceMsMax: SILENCE_MS, unansweredMax: 4, trialsMax: 3 },
    namedAgeMsMax: NAMED_AGE_MS,
    heartbeatMs: 250,
  });
  readonly states: StoreState[] = [];
  readonly stop = this.availability.watch((state) => this.states.push(state));

  /** Heartbeats that nobody answers. */
  silence(...partitions: readonly number[]): void {
    for (const partition of partitions) this.availability.breaker(partition).beatSent();
    this.clock.advance(SILENCE_MS);
  }

  /** A heartbeat that is answered at once. */
  beat(partition: number, parts: Partial<BeatAnswer> = {}): void {
    this.availability.breaker(partition).beatSent();
    const answer = { ...toldOf(1), inForce: true, namedAgeMs: 0, changes: [], ...parts };
    this.availability.noteBeat(partition, answer, this.clock.monotonicMs());
  }
}

test('a store of which nothing was heard yet can be used', () => {
  const { availability } = new World();
  assert.deepEqual([availability.state, availability.counts.breakers.open], [ALL, 0]);
});

test('one partition that is away is told, and that it is back, each once', () => {
  const world = new World();
  for (const partition of [0, 1]) world.beat(partition);
  world.silence(1);
  assert.deepEqual(world.states, [NONE]);
  assert.deepEqual(world.availability.counts.breakers, { closed: 1, open: 1, halfOpen: 0 });
  world.beat(1);
  assert.deepEqual([world.availability.counts.breakers.halfOpen, world.states], [1, [NONE]]);
  for (const partition of [0, 1]) world.beat(partition);
  assert.deepEqual([world.states, world.availability.state], [[NONE, ALL], ALL]);
});

test('an outage of all partitions is one that is told once, and counted for each', () => {
  const world = new World();
  for (const partition of [0, 1, 2]) world.beat(partition);
  world.silence(0, 1, 2);
  assert.deepEqual([world.states, world.availability.counts.opened], [[NONE], 3]);
});

test('a breaker that opens again before it closed is the same outage', () => {
  const world = new World();
  world.beat(0);
  for (let i = 0; i < 3; i++) {
    world.silence(0);
    world.beat(0);
  }
  assert.deepEqual([world.availability.counts.opened, world.states], [1, [NONE]]);
});

test('who answers and is not in force is there, but no read goes through to him', () => {
  const world = new World();
  world.beat(0);
  world.beat(0, { inForce: false });
  world.clock.advance(SILENCE_MS);
  assert.deepEqual(world.states, [{ reads: false, writes: true }]);
});

test('who fell silent must be in force to be tried again', () => {
  const world = new World();
  world.beat(0);
  world.silence(0);
  world.beat(0, { inForce: false });
  assert.equal(world.availability.breaker(0).state, 'open');
  world.beat(0);
  assert.equal(world.availability.breaker(0).state, 'halfOpen');
});

test('where nobody said lately who is in force, reads can not go through, and changes can', () => {
  const world = new World();
  world.beat(0, { namedAgeMs: NAMED_AGE_MS });
  assert.deepEqual(world.states, []);
  world.beat(0, { namedAgeMs: NAMED_AGE_MS + 1 });
  world.beat(1);
  assert.deepEqual(world.states, [{ reads: false, writes: true }]);
  world.beat(0);
  assert.deepEqual(world.states.slice(1), [ALL]);
});

test('who is refused is told when to come again, and counted', () => {
  const { availability } = new World();
  const { reason, detail } = availability.refuse();
  assert.deepEqual([reason, detail.retryAfterMs, availability.counts.refused], ['STORE_UNAVAILABLE', 250, 1]);
});

test('who stopped listening hears nothing, and an end leaves no timers', () => {
  const world = new World();
  world.stop();
  world.beat(0);
  world.silence(0);
  assert.deepEqual(world.states, []);
  for (let i = 0; i < 2; i++) world.beat(0);
  world.availability.breaker(0).beatSent();
  world.availability.end();
  assert.equal(world.clock.timers, 0);
});
