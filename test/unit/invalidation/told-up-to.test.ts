// Goal: the hub says of no change that all subscribers were told it before their connections have taken it, or a Reset in
// its place. Method: subscribers that read when the test says so, over a store in memory, and over a
// log that loses its newest changes; the rule also on its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import { type Hearing, toldTo } from '../../../src/invalidation/told-to.ts';
import { openFleetWorld } from '../../support/fleet-log/fleet-world.ts';
import { type HubWorld, openHubWorld, readAll, turns } from '../../support/hub-world.ts';

const PARTITION = 0;

/** The number up to which all were told; `undefined` if nobody has subscribed. */
function told({ hub }: HubWorld): number | undefined {
  return hub.toldUpTo(PARTITION)?.number;
}

/** Number of the newest change of the store. */
function head({ store }: HubWorld): number {
  return store.heads()[0]!.position.number;
}

test('without subscribers there is nobody to tell', async () => {
  const world = await openHubWorld();
  world.set('k');
  await turns();
  assert.equal(told(world), undefined);
});

test('who reads was told everything, and only once it was delivered', async () => {
  const world = await openHubWorld();
  world.subscribe();
  await turns();
  const before = head(world);
  world.set('k');
  assert.equal(told(world), before);
  await turns();
  assert.equal(told(world), head(world));
});

test('who is told nothing because nothing matches is up to date', async () => {
  const world = await openHubWorld();
  world.subscribe({ keys: ['other'] });
  await turns();
  world.set('k');
  await turns();
  assert.equal(told(world), head(world));
});

test('who does not read holds it back, where he stands, until he has read all', async () => {
  const world = await openHubWorld();
  world.subscribe();
  const slow = world.subscribe({ keys: ['k'] });
  await turns();
  const before = head(world);
  slow.stalled = true;
  for (let i = 0; i < 3; i++) world.set('k');
  await turns();
  assert.equal(told(world), before);
  slow.read();
  await turns();
  world.set('k');
  await turns();
  assert.ok(told(world)! < head(world));
  await readAll(slow);
  assert.equal(told(world), head(world));
});

test('a stream that has not begun, or has ended, holds nothing back', async () => {
  const world = await openHubWorld();
  const stalled = world.subscribe({ stalled: true });
  world.set('k');
  await turns();
  assert.equal(told(world), undefined);
  stalled.read();
  await turns();
  assert.ok(told(world)! < head(world));
  stalled.close();
  assert.equal(told(world), undefined);
});

test('a stream that replays holds it back until it has caught up', async () => {
  const world = await openHubWorld();
  const first = world.subscribe();
  await turns();
  const { token } = first;
  first.close();
  for (let i = 0; i < 2000; i++) world.set(`k${i}`);
  await turns();
  const resumed = world.subscribe({ resumeToken: token });
  resumed.stalled = true;
  await turns();
  resumed.read();
  await turns();
  assert.ok(told(world)! < head(world));
  await readAll(resumed);
  assert.equal(told(world), head(world));
});

test('who must be told Reset holds it back until he was told', async () => {
  const world = await openHubWorld();
  const slow = world.subscribe();
  await turns();
  slow.stalled = true;
  for (let i = 0; i < 6000; i++) {
    world.set(`k${i}`);
    if (i % 500 === 0) await turns(1);
  }
  await turns();
  const last = head(world);
  assert.ok(told(world)! < last);
  slow.read();
  await turns();
  assert.equal(slow.kinds.at(-1), 'reset');
  assert.ok(told(world)! < last, 'the Reset is on its way');
  slow.read();
  await turns();
  assert.equal(told(world), last);
});

test('another namespace, and a drain, hold nothing back', async () => {
  const world = await openHubWorld();
  world.subscribe();
  const slow = world.subscribe({}, world.open('fedcba9876543210'));
  await turns();
  slow.stalled = true;
  world.set('k');
  await turns();
  assert.equal(told(world), head(world), 'it is no change of that namespace');
  world.hub.drain();
  assert.equal(told(world), undefined);
});

test('who was told what a failover lost has been told nothing of what came since, until its Reset was taken', async () => {
  const world = await openFleetWorld({ partitions: 1 });
  const { hub } = world.nodes[0]!;
  const happen = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) world.set(PARTITION, `k${i}`);
    world.catchUp();
    await turns();
  };
  world.subscribe();
  const slow = world.subscribe();
  await turns();
  await happen(3);
  slow.stalled = true;
  await happen(1);
  world.log.fork(PARTITION, 3);
  await happen(9);
  assert.equal(hub.toldUpTo(PARTITION)?.number, 0, 'a change that was lost is on its way');
  slow.read();
  await turns();
  assert.equal(slow.kinds.at(-1), 'reset');
  assert.equal(hub.toldUpTo(PARTITION)?.number, 0, 'the Reset is on its way');
  await readAll(slow);
  assert.deepEqual(hub.toldUpTo(PARTITION), world.log.head(PARTITION));
});

test('who was told no more than a failover kept goes on from there', async () => {
  const world = await openFleetWorld({ partitions: 1 });
  const { hub } = world.nodes[0]!;
  const slow = world.subscribe();
  await turns();
  slow.stalled = true;
  for (let i = 0; i < 3; i++) {
    world.set(PARTITION, `k${i}`);
    world.catchUp();
    await turns();
  }
  world.log.fork(PARTITION, 2);
  world.catchUp();
  await turns();
  const { epoch, number } = world.log.head(PARTITION);
  const told = hub.toldUpTo(PARTITION)!;
  assert.equal(told.epoch, epoch);
  assert.ok(told.number < number);
  await readAll(slow);
  assert.deepEqual(hub.toldUpTo(PARTITION), { epoch, number });
});

const [OLD, NEW] = ['a'.repeat(16) as Epoch, 'b'.repeat(16) as Epoch];
const at = (number: number, epoch = NEW) => ({ epoch, number });

function hearing(parts: Partial<Hearing>): number | undefined {
  const live: Hearing = { state: { kind: 'live' }, taken: [{ partition: 0, position: at(5) }], idle: true };
  return toldTo(0, at(9), { ...live, ...parts })?.number;
}

test('what was taken counts, and nothing of it once a Reset must be told', () => {
  assert.equal(hearing({}), 9);
  assert.equal(hearing({ idle: false }), 5);
  assert.equal(hearing({ idle: false, taken: [] }), 0);
  assert.equal(hearing({ taken: undefined }), undefined);
  const lost = { kind: 'lost', cause: 'historyGone' } as const;
  assert.equal(hearing({ state: lost, taken: [{ partition: 0, position: at(99, OLD) }] }), 0);
  const replaying = { kind: 'replaying', scanned: [{ partition: 0, position: at(7) }] } as const;
  assert.equal(hearing({ state: replaying }), 7);
  assert.equal(hearing({ state: replaying, idle: false }), 5);
  for (const kind of ['waiting', 'closed'] as const) assert.equal(hearing({ state: { kind } }), undefined);
});
