// Goal: a partition lists exactly the nodes that are there, as their last heartbeats registered them. Method: a real
// server whose time stands still until the test lets it pass; epochs begin by a replication id that is not remembered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import type { BeatAnswer, Registration } from '../../../src/store/partition-store.ts';
import { NS, openBench, type PartitionBench, registration, somePartitionWrite } from '../../support/partition-bench.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { until } from '../../support/until.ts';

const EPOCH = 'ab'.repeat(8) as Epoch;

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

const redis = (command: string, ...args: (string | number)[]): Promise<unknown> =>
  rig.servers[0]!.command(command, ...args);

/** A partition, and the time that it has. */
class World {
  bench!: PartitionBench;
  nowMs = 1_000_000;

  static async open(limits: { nodeMemoryMs?: number } = {}): Promise<World> {
    const world = new World();
    world.bench = await openBench(rig, { stoppedAtMs: () => world.nowMs, limits });
    return world;
  }

  beat(id: string, parts: Partial<Registration> = {}): Promise<BeatAnswer> {
    return this.bench.store.beat(0, { after: undefined, changesMax: 1, node: registration(id, parts) });
  }

  async listed(): Promise<Record<string, number>> {
    const { nodes } = await this.bench.store.nodes(0);
    return Object.fromEntries(nodes.map(({ id, silentMs }) => [id, silentMs]));
  }

  async listAgeMs(): Promise<number> {
    return (await this.bench.store.nodes(0)).listAgeMs;
  }

  /** Has the next script begin an epoch, as a restart or a promotion would. */
  async forgetReplicationId(): Promise<void> {
    await redis('SETRANGE', `${this.bench.own}meta`, 36, '0'.repeat(40));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }
}

test('a node is listed as it registered last', async () => {
  await using world = await World.open();
  await world.beat('n1', { name: 'näme', trustedMs: 1500 });
  const applied = { epoch: EPOCH, number: 7 };
  const streamed = { epoch: EPOCH, number: 5 };
  await world.beat('n1', { name: 'näme', trustedMs: 1500, applied, streamed });
  world.nowMs += 300;
  const { nodes, head, chain } = await world.bench.store.nodes(0);
  assert.deepEqual(nodes, [{ id: 'n1', name: 'näme', trustedMs: 1500, applied, streamed, silentMs: 300 }]);
  assert.deepEqual([head, chain.ancestors], [1, []]);
  await world.beat('n1');
  const [again] = (await world.bench.store.nodes(0)).nodes;
  assert.deepEqual([again?.applied, again?.streamed, again?.silentMs], [undefined, undefined, 0]);
});

test('nobody is listed where nobody registered, and whoever asks without a name is not', async () => {
  await using world = await World.open();
  assert.deepEqual(await world.listed(), {});
  assert.equal(await world.listAgeMs(), 0);
  await world.beat('');
  assert.deepEqual(await world.listed(), {});
  assert.deepEqual(await redis('EXISTS', `${world.bench.own}nodes`), 0);
});

test('whoever has closed is not listed, and leaving twice is harmless', async () => {
  await using world = await World.open();
  await Promise.all([world.beat('n1'), world.beat('n2')]);
  await world.bench.store.leave(0, 'n1');
  await world.bench.store.leave(0, 'n1');
  assert.deepEqual(await world.listed(), { n2: 0 });
});

test('a node that leaves while its last heartbeat is on its way is not listed', async () => {
  await using world = await World.open();
  await world.beat('n1');
  await Promise.all([world.beat('n1'), world.bench.store.leave(0, 'n1')]);
  assert.deepEqual(await world.listed(), {});
});

test('a silent node is listed for a while, or for as long as it may be trusted, and then gone', async () => {
  await using world = await World.open({ nodeMemoryMs: 5000 });
  await Promise.all([world.beat('short'), world.beat('long', { trustedMs: 8000 })]);
  world.nowMs += 5000;
  assert.deepEqual(await world.listed(), { short: 5000, long: 5000 });
  world.nowMs += 1;
  assert.deepEqual(await world.listed(), { long: 5001 });
  await world.beat('new');
  assert.deepEqual(await redis('HEXISTS', `${world.bench.own}nodes`, 'short'), 0);
  world.nowMs += 2999;
  assert.deepEqual(await world.listed(), { long: 8000, new: 2999 });
  world.nowMs += 1;
  assert.deepEqual(await world.listed(), { new: 3000 });
});

test('when the store’s clock was set back nobody has been silent for less than nothing', async () => {
  await using world = await World.open();
  await world.beat('n1');
  world.nowMs -= 5000;
  assert.deepEqual(await world.listed(), { n1: 0 });
});

test('the age of the list is that of its first registration in the epoch', async () => {
  await using world = await World.open();
  await world.beat('n1');
  world.nowMs += 400;
  await world.beat('n2');
  assert.equal(await world.listAgeMs(), 400);
});

test('in a new epoch nobody has been silent before it began, by whatever clock he was heard', async () => {
  await using world = await World.open();
  await Promise.all([world.beat('n1'), world.beat('n2', { trustedMs: 2000 })]);
  world.nowMs += 3000;
  assert.deepEqual(await world.listed(), { n1: 3000, n2: 3000 });
  await world.forgetReplicationId();
  await world.bench.store.write(0, somePartitionWrite('k'));
  assert.deepEqual(await world.listed(), { n1: 0, n2: 0 });
  assert.equal(await world.listAgeMs(), 0);
  world.nowMs += 100;
  await world.beat('n1');
  world.nowMs += 200;
  assert.deepEqual(await world.listed(), { n1: 200, n2: 200 });
  assert.equal(await world.listAgeMs(), 200);
  const { nodes } = await world.bench.store.nodes(0);
  assert.equal(nodes.find(({ id }) => id === 'n2')?.trustedMs, 2000);
});

test('who asks the nodes rings every node, and changes nothing', async () => {
  await using world = await World.open();
  const { store } = world.bench;
  let asked = 0;
  let others = 0;
  const other = (): void => void others++;
  await store.listen(0, { onChange: other, onReleased: other, onAsked: () => asked++, onGap: other });
  const before = others;
  const { head } = await store.read(0, NS, ['k']);
  await until(() => others === before + 1, { what: 'the epoch on the bell' });
  await store.askNodes(0);
  await until(() => asked === 1, { what: 'the question on the bell' });
  assert.equal((await store.read(0, NS, ['k'])).head, head);
  assert.equal(others, before + 1);
});
