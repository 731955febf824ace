// Goal: partitions are followed once each, tables are those of the history that is followed, and a log that no longer
// reaches is never taken for one without news. Method: scripted partitions; the first heartbeat is answered at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../../../../src/base/limits.ts';
import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Bell, PartitionStore } from '../../../../src/store/partition-store.ts';
import type { Change, News } from '../../../../src/store/store.ts';
import { Follower } from '../../../../src/store/tiered/follower.ts';
import type { Home } from '../../../../src/store/tiered/home.ts';
import { Reissues } from '../../../../src/store/tiered/reissues.ts';
import { invalidation, keyChange } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CHAIN, forkedAt, homeOn, toldOf } from './builders.ts';

/** A follower, and what its partitions hold. */
class World {
  readonly clock = new ManualClock();
  readonly bells: Bell[] = [];
  readonly news: News[] = [];
  readonly homes: Home[] = [];
  readonly failures: unknown[] = [];
  chain: EpochChain = CHAIN;
  head = 5;
  log: readonly Change[] = [];
  beats = 0;
  tables = 0;
  reachable = true;
  /** Runs before a table is told. */
  meanwhile: () => void = () => undefined;
  readonly #partitions: Partial<PartitionStore> = {
    listen: async (_partition, bell) => void this.bells.push(bell),
    beat: async () => {
      this.beats++;
      if (!this.reachable) throw new Error('cut');
      const known = { inForce: true, namedAgeMs: 0, changes: [] };
      return { ...toldOf(this.head, { chain: this.chain }), ...known };
    },
    changesSince: async () => ({ ...toldOf(this.head, { chain: this.chain }), changes: this.log }),
    table: async () => {
      this.tables++;
      this.meanwhile();
      return { ...toldOf(this.head, { chain: this.chain }), rows: [] };
    },
  };
  readonly follower = new Follower({
    partitions: this.#partitions as PartitionStore,
    clock: this.clock,
    heartbeatMs: 250,
    self: { id: 'n', name: 'n', trustedMs: 1000, toldUpTo: () => undefined },
    homes: () => this.homes,
    homeOf: () => this.homes[0],
    tell: (one) => this.news.push(one),
    reissues: new Reissues(this.#partitions as PartitionStore, this.clock, () => undefined),
    onFailure: (cause) => this.failures.push(cause),
  });
}

async function following(): Promise<World> {
  const world = new World();
  await world.follower.follow([0]);
  return world;
}

test('a partition is followed once, whoever asks for it and when', async () => {
  const world = new World();
  await Promise.all([world.follower.follow([0, 1]), world.follower.follow([1, 0])]);
  await world.follower.follow([0]);
  assert.deepEqual([world.bells.length, world.beats], [2, 2]);
  assert.deepEqual(
    world.follower.heads().map(({ partition, position }) => [partition, position.number]),
    [
      [0, 5],
      [1, 5],
    ],
  );
});

test('a partition that can’t be asked is not followed; the next try begins anew', async () => {
  const world = new World();
  world.reachable = false;
  await assert.rejects(world.follower.follow([0]), /cut/);
  await turn();
  world.bells[0]!.onGap(0);
  assert.deepEqual([world.beats, world.clock.timers], [1, 0]);
  world.reachable = true;
  await world.follower.follow([0]);
  assert.equal(world.follower.heads().length, 1);
});

test('closed, it asks no more', async () => {
  const world = await following();
  world.follower.close();
  world.clock.advance(10_000);
  world.bells[0]!.onGap(0);
  assert.deepEqual([world.beats, world.clock.timers], [1, 0]);
});

test('a bell that may have missed something, or rings beyond a hole, has the primary asked; the next change does not', async () => {
  const world = await following();
  world.bells[0]!.onChange(keyChange(6, 'k'));
  assert.deepEqual([world.beats, world.follower.view(0).applied], [1, 6]);
  world.head = 6;
  world.bells[0]!.onGap(0);
  assert.equal(world.beats, 2);
  await turn();
  world.bells[0]!.onChange(keyChange(9, 'k'));
  assert.equal(world.beats, 3);
});

test('a lease that was given back is told', async () => {
  const world = await following();
  const ref = { namespaceId: keyChange(1, 'k').namespaceId, key: 'k' };
  world.bells[0]!.onReleased(ref);
  assert.deepEqual(world.news, [{ kind: 'released', ref }]);
});

test('a table is taken once a history, with what was applied while it was on its way', async () => {
  const world = await following();
  const home = homeOn(world.follower.view(0));
  world.meanwhile = () => world.bells[0]!.onChange(invalidation(6, { kind: 'tag', tag: 't' }));
  world.homes.push(home);
  await Promise.all([world.follower.takeTable(home), world.follower.takeTable(home)]);
  await world.follower.takeTable(home);
  assert.equal(world.tables, 1);
  assert.equal(home.watermarks.control(CHAIN)?.watermarks.newest, 6);
});

test('a table of a history that ended while it was on its way is not taken, and asked for again', async () => {
  const world = await following();
  const home = homeOn(world.follower.view(0));
  world.meanwhile = () => {
    world.follower.view(0).fork(forkedAt(5), 5);
    home.watermarks.forked();
  };
  await world.follower.takeTable(home);
  assert.equal(home.watermarks.last, undefined);
  world.meanwhile = () => undefined;
  world.chain = forkedAt(5);
  await world.follower.takeTable(home);
  assert.ok(home.watermarks.control(world.follower.view(0).chain));
});

test('changes come from what is at hand, else from the store’s log', async () => {
  const world = await following();
  world.bells[0]!.onChange(keyChange(6, 'k'));
  assert.deepEqual(await world.follower.changesSince(0, 5, 10), [keyChange(6, 'k')]);
  world.log = [keyChange(5, 'older'), keyChange(6, 'k')];
  world.head = 6;
  assert.deepEqual(await world.follower.changesSince(0, 4, 10), world.log);
});

test('a log that begins later than it is asked for, or has nothing where its head says so, no longer reaches', async () => {
  const world = await following();
  world.log = [keyChange(4, 'k')];
  assert.equal(await world.follower.changesSince(0, 2, 10), undefined);
  world.log = [];
  assert.equal(await world.follower.changesSince(0, 2, 10), undefined);
});

test('numbers of an epoch that the node does not know yet mean nothing: the log is read again when it does', async () => {
  const world = await following();
  world.chain = forkedAt(5);
  world.log = [keyChange(4, 'k'), keyChange(5, 'k')];
  assert.deepEqual(await world.follower.changesSince(0, 3, 10), world.log);
  assert.deepEqual(world.follower.view(0).chain, forkedAt(5));
});

test('caught up is proven by a heartbeat that is sent from then on', async () => {
  const world = await following();
  await world.follower.caughtUp();
  assert.deepEqual([world.beats, world.follower.view(0).provenBeat], [2, 2]);
});

test(`${limits.recentKeysPerPartitionMax} keys of a partition are remembered with their newest change; one more forgets the oldest`, () => {
  const { recent } = new World().follower.view(0);
  for (let number = 1; number <= limits.recentKeysPerPartitionMax; number++) recent.note(`k${number}`, number);
  assert.deepEqual([recent.floor, recent.newestOf('k1'), recent.newestOf('other')], [0, 1, 0]);
  recent.note('one too many', limits.recentKeysPerPartitionMax + 1);
  assert.deepEqual([recent.floor, recent.newestOf('k1'), recent.newestOf('k2')], [1, 1, 2]);
});
