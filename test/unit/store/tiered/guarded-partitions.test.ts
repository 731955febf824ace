// Goal: no call reaches partitions whose breaker is open but heartbeats and doorbells, and what counts as no answer is
// told from what is one. Method: partitions that count calls and do what the test says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OperatingError } from '../../../../src/base/operating-error.ts';
import { NoAnswer } from '../../../../src/store/no-answer.ts';
import type { PartitionStore } from '../../../../src/store/partition-store.ts';
import { Availability } from '../../../../src/store/tiered/availability.ts';
import { GuardedPartitions } from '../../../../src/store/tiered/guarded-partitions.ts';
import { NAMESPACE_ID } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { toldOf } from './builders.ts';

const UNANSWERED_MAX = 4;
const BEAT_ANSWER = { ...toldOf(1), inForce: true, namedAgeMs: 0, changes: [] };

const SILENT = new OperatingError('STORE_UNAVAILABLE', 'planted', { cause: new NoAnswer('planted') });
const UNTOLD = new OperatingError('OUTCOME_UNKNOWN', 'planted', { cause: new NoAnswer('planted') });
const REFUSED = new OperatingError('STORE_UNAVAILABLE', 'out of memory', { cause: new Error('OOM') });

class World {
  readonly clock = new ManualClock();
  readonly sent: string[] = [];
  /** What every call but heartbeats and doorbells comes to. */
  outcome: () => Promise<unknown> = async () => undefined;
  beatAnswer: () => Promise<unknown> = async () => BEAT_ANSWER;
  readonly availability = new Availability({
    clock: this.clock,
    breaker: { silenceMsMax: 500, unansweredMax: UNANSWERED_MAX, trialsMax: 3 },
    namedAgeMsMax: 1000,
    heartbeatMs: 250,
  });
  readonly guarded = new GuardedPartitions(this.#partitions(), this.availability, this.clock);

  /** Calls any method of the port on partition 0. */
  call(name: string): Promise<unknown> {
    return (Reflect.get(this.guarded, name) as (partition: number) => Promise<unknown>).call(this.guarded, 0);
  }

  async silence(): Promise<void> {
    await this.call('beat');
    this.availability.breaker(0).beatSent();
    this.clock.advance(500);
    this.sent.length = 0;
  }

  #partitions(): PartitionStore {
    const answers: Readonly<Record<string, () => Promise<unknown>>> = {
      beat: () => this.beatAnswer(),
      listen: async () => undefined,
      close: async () => undefined,
    };
    const get = (_: object, name: string) => () => {
      this.sent.push(name);
      return (answers[name] ?? this.outcome)();
    };
    return new Proxy({}, { get }) as PartitionStore;
  }
}

const CALLS = Object.getOwnPropertyNames(GuardedPartitions.prototype).filter((name) => name !== 'constructor');
const UNGUARDED = ['beat', 'listen', 'close'];

for (const name of CALLS.filter((call) => !UNGUARDED.includes(call))) {
  test(`${name} is sent while the breaker is closed, and refused unsent while it is open`, async () => {
    const world = new World();
    await world.call(name);
    assert.deepEqual(world.sent, [name]);
    await world.silence();
    await assert.rejects(world.call(name), { reason: 'STORE_UNAVAILABLE', detail: { retryAfterMs: 250 } });
    assert.deepEqual([world.sent, world.availability.counts.refused], [[], 1]);
  });
}

for (const name of UNGUARDED) {
  test(`${name} is sent while the breaker is open`, async () => {
    const world = new World();
    await world.silence();
    await world.call(name);
    assert.deepEqual(world.sent, [name]);
  });
}

for (const [what, failure] of Object.entries({ 'a read': SILENT, 'a change': UNTOLD })) {
  test(`${what} that nobody answered counts, and its caller is told what it came to`, async () => {
    const world = new World();
    world.outcome = () => Promise.reject(failure);
    for (let i = 0; i < UNANSWERED_MAX + 1; i++) await assert.rejects(world.call('write'), failure);
    assert.equal(world.availability.breaker(0).state, 'open');
  });
}

test('a store that answers with errors is there', async () => {
  const world = new World();
  world.outcome = () => Promise.reject(REFUSED);
  for (let i = 0; i < 10 * UNANSWERED_MAX; i++) await assert.rejects(world.call('write'), REFUSED);
  assert.equal(world.availability.breaker(0).state, 'closed');
});

test('a call that throws instead of failing is over, too', async () => {
  const world = new World();
  await world.silence();
  await world.call('beat');
  world.outcome = () => {
    throw new Error('planted');
  };
  await assert.rejects(world.call('read'), /planted/);
  await world.call('beat');
  assert.equal(world.availability.breaker(0).state, 'closed');
});

test('a heartbeat that nobody answers is noticed, and one that is answered counts as sent when it was', async () => {
  const world = new World();
  await world.call('beat');
  const answer = Promise.withResolvers<unknown>();
  world.beatAnswer = () => answer.promise;
  const beating = world.call('beat');
  world.clock.advance(500);
  assert.equal(world.availability.breaker(0).state, 'open');
  answer.resolve(BEAT_ANSWER);
  await beating;
  assert.equal(world.availability.breaker(0).state, 'open', 'it took too long');
  await world.call('beat');
  assert.equal(world.availability.breaker(0).state, 'halfOpen');
});

test('partitions have breakers of their own', async () => {
  const world = new World();
  await world.silence();
  await assert.rejects(world.call('count'));
  await world.guarded.count(1, NAMESPACE_ID);
  assert.deepEqual(world.sent, ['count']);
});
