// Goal: what was acknowledged and lost is made again, once, until it is acknowledged again. Method: histories told by
// hand, and partitions that answer when the test says so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { PartitionApplied, PartitionStore } from '../../../../src/store/partition-store.ts';
import type { Invalidation, Removal } from '../../../../src/store/store.ts';
import { AcknowledgedInvalidations } from '../../../../src/store/tiered/acknowledged-invalidations.ts';
import { Reissues } from '../../../../src/store/tiered/reissues.ts';
import { EPOCH, NAMESPACE_ID } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { forkedAt, NEXT_EPOCH, toldOf } from './builders.ts';

const MEMORY_MS = 60_000;

interface Made extends PromiseWithResolvers<PartitionApplied> {
  readonly partition: number;
  readonly change: Invalidation | Removal;
}

function appliedAt(number: number, epoch = NEXT_EPOCH): PartitionApplied {
  const position = { epoch, number };
  const rest = { existed: true, lifetime: undefined, appliedAtMs: 0, note: undefined, repeated: false };
  return { kind: 'applied', ...toldOf(number), position, stamp: position, ...rest };
}

function tagged(tag: string, more: Partial<Invalidation> = {}): Invalidation {
  return { namespaceId: NAMESPACE_ID, selector: { kind: 'tag', tag }, mode: 'remove', ...more };
}

/** Reissues over partitions that are the test. */
class World {
  readonly clock = new ManualClock();
  readonly made: Made[] = [];
  readonly failures: unknown[] = [];
  readonly acknowledged = new AcknowledgedInvalidations(MEMORY_MS);
  readonly #partitions: Pick<PartitionStore, 'invalidate' | 'remove'> = {
    invalidate: (partition, change) => this.#make(partition, change),
    remove: (partition, change) => this.#make(partition, change),
  };
  readonly reissues = new Reissues(
    this.#partitions as PartitionStore,
    this.clock,
    (cause) => this.failures.push(cause),
    this.acknowledged,
  );

  /** Acknowledges an invalidation as change `number` of the epoch that ends. */
  acknowledge(change: Invalidation, number: number, partition = 0): void {
    this.reissues.acknowledge({ kind: 'invalidation', change }, partition, appliedAt(number, EPOCH));
  }

  /** A heartbeat that is sent a millisecond later tells of a fork. */
  async fork(fork: number, partition = 0): Promise<void> {
    this.clock.advance(1);
    this.reissues.check(partition, { chain: forkedAt(fork), sentAtMs: this.clock.monotonicMs() });
    await turn();
  }

  #make(partition: number, change: Invalidation | Removal): Promise<PartitionApplied> {
    const made = { partition, change, ...Promise.withResolvers<PartitionApplied>() };
    this.made.push(made);
    return made.promise;
  }
}

test('what the fork kept is not made again, what it lost is', async () => {
  const world = new World();
  world.acknowledge(tagged('kept'), 5, 3);
  world.acknowledge(tagged('lost'), 6, 3);
  await world.fork(5, 3);
  assert.deepEqual(
    world.made.map(({ partition, change }) => ({ partition, change })),
    [{ partition: 3, change: tagged('lost') }],
  );
});

test('the removal of a key is made again as one', async () => {
  const world = new World();
  const change = { namespaceId: NAMESPACE_ID, key: 'k', cause: 'invalidated' } as const;
  world.reissues.acknowledge({ kind: 'removal', change }, 0, appliedAt(6, EPOCH));
  await world.fork(5);
  assert.deepEqual(world.made[0]!.change, change);
});

test('it is a new change: without the request id, under which the lost one may be remembered', async () => {
  const world = new World();
  const author = { actor: 'a', origin: 'o', traceparent: '' };
  world.acknowledge(tagged('t', { author, once: { requestId: 'r' } }), 6);
  await world.fork(5);
  assert.deepEqual(world.made[0]!.change, tagged('t', { author }));
});

test('while it is under way it is not made once more, whatever heartbeats say', async () => {
  const world = new World();
  world.acknowledge(tagged('t'), 6);
  for (let i = 0; i < 3; i++) await world.fork(5);
  assert.equal(world.made.length, 1);
  assert.equal(world.reissues.count, 0);
});

test('made again, it is remembered anew: a second failover may lose it again', async () => {
  const world = new World();
  world.acknowledge(tagged('t'), 6);
  await world.fork(5);
  world.made[0]!.resolve(appliedAt(8));
  await world.fork(5);
  assert.deepEqual([world.made.length, world.reissues.count, world.acknowledged.size], [1, 1, 1]);
  const lostAgain = { epoch: 'c'.repeat(16) as typeof NEXT_EPOCH, ancestors: [{ epoch: NEXT_EPOCH, fork: 7 }] };
  world.clock.advance(1);
  world.reissues.check(0, { chain: lostAgain, sentAtMs: world.clock.monotonicMs() });
  assert.equal(world.made.length, 2);
});

test('made again and kept for long enough, it is forgotten', async () => {
  const world = new World();
  world.acknowledge(tagged('t'), 6);
  await world.fork(5);
  world.clock.advance(MEMORY_MS);
  world.made[0]!.resolve(appliedAt(8));
  await turn();
  await world.fork(5);
  assert.equal(world.acknowledged.size, 1, 'its minute begins when it was acknowledged again');
  world.clock.advance(MEMORY_MS);
  await world.fork(5);
  assert.deepEqual([world.acknowledged.size, world.made.length], [0, 1]);
});

test('a failure is told, and the next heartbeat has it tried again', async () => {
  const world = new World();
  world.acknowledge(tagged('t'), 6);
  await world.fork(5);
  world.made[0]!.reject(new Error('cut'));
  await turn();
  assert.deepEqual([world.failures.length, world.made.length], [1, 1]);
  await world.fork(5);
  world.made[1]!.resolve(appliedAt(8));
  await turn();
  assert.equal(world.reissues.count, 1);
});

test('what is acknowledged anew meanwhile stands for what was lost', async () => {
  const world = new World();
  world.acknowledge(tagged('t'), 6);
  world.acknowledge(tagged('t'), 5);
  await world.fork(5);
  assert.equal(world.made.length, 0);
});

test('of many that were lost, a bounded number is made at the same time, and all in the end', async () => {
  const world = new World();
  const tags = Array.from({ length: 200 }, (_, index) => `t${index}`);
  for (const [index, tag] of tags.entries()) world.acknowledge(tagged(tag), 6 + index);
  await world.fork(5);
  assert.equal(world.made.length, 64);
  await world.fork(5);
  assert.equal(world.made.length, 64);
  for (let done = 0; done < tags.length; done++) {
    world.made[done]!.resolve(appliedAt(300 + done));
    await turn();
    assert.equal(world.made.length, Math.min(tags.length, 65 + done));
  }
  const names = world.made.map(({ change }) =>
    'selector' in change && change.selector.kind === 'tag' ? change.selector.tag : '',
  );
  assert.deepEqual(names, tags);
  assert.equal(world.reissues.count, tags.length);
});
