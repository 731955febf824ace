// Goal: where a history forks or begins anew, a stream goes on without a gap, or begins with a Reset. Method: hubs over
// doubles of fleet nodes that follow a log which loses its newest changes; subscribers in every state.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Partition } from '../../../src/cache/rules/position.ts';
import { ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import {
  type FleetNode,
  type FleetShape,
  type FleetWorld,
  openFleetWorld,
} from '../../support/fleet-log/fleet-world.ts';
import { type Listener, type ListenerWish, readAll, turns } from '../../support/hub-world.ts';

interface OneNode extends FleetWorld {
  readonly node: FleetNode;
}

async function openWorld(shape: FleetShape = { partitions: 1 }): Promise<OneNode> {
  const world = await openFleetWorld(shape);
  return { ...world, node: world.nodes[0]! };
}

/** Makes so many changes that every node is told, a turn for each. */
async function happen(world: FleetWorld, count: number, partition: Partition = 0): Promise<void> {
  for (let i = 0; i < count; i++) {
    world.set(partition, `k${i}`);
    world.catchUp();
    await turns();
  }
}

async function live(world: FleetWorld, wish: ListenerWish = {}): Promise<Listener> {
  const listener = world.subscribe(wish);
  await turns();
  assert.deepEqual(listener.kinds, ['ready']);
  return listener;
}

/** Loses the newest changes, and lets all nodes follow. */
async function fork(world: FleetWorld, lost: number, partition: Partition = 0): Promise<void> {
  world.log.fork(partition, lost);
  world.catchUp();
  await turns();
}

/** Makes changes of a hundred long keys: a queue that holds a thousand of them keeps only the newest of each. */
async function fillWithLong(world: FleetWorld, count: number, partition: Partition): Promise<void> {
  for (let i = 0; i < count; i++) {
    world.set(partition, `${partition}:${i % 100} ${'k'.repeat(1000)}`);
    if (i % 50 === 49) {
      world.catchUp();
      await turns(1);
    }
  }
}

function resetsOf({ messages }: Listener): ResetReason[] {
  return messages.flatMap((message) => (message.$case === 'reset' ? [message.value.reason] : []));
}

/** The stream's newest token is where the logs end. */
function assertUpToDate(world: FleetWorld, { token }: Listener): void {
  const heads = Array.from({ length: world.log.partitions }, (_, partition) => {
    return { partition, position: world.log.head(partition) };
  });
  assert.deepEqual(world.momentOf(token), heads);
}

describe('a subscriber that is up to date', () => {
  test('goes on where nothing was lost', async () => {
    const world = await openWorld();
    const listener = await live(world);
    await happen(world, 2);
    await fork(world, 0);
    await happen(world, 1);
    assert.deepEqual(listener.numbers, [1, 2, 4], 'the new epoch took a number, of which nobody is told');
    assert.deepEqual(resetsOf(listener), []);
    assertUpToDate(world, listener);
  });

  test('begins anew when changes were lost that it was sent', async () => {
    const world = await openWorld();
    const listener = await live(world);
    await happen(world, 3);
    await fork(world, 1);
    await happen(world, 1);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'events', 'events', 'reset', 'events']);
    assert.deepEqual(resetsOf(listener), [ResetReason.HISTORY_GONE]);
    assertUpToDate(world, listener);
    assert.equal(world.namespaces[0]!.counters.streams.resets.historyGone, 1);
  });

  test('begins anew when it was given a token of what was lost, though no change of it', async () => {
    const world = await openWorld();
    const listener = await live(world, { keys: ['none'] });
    await happen(world, 3);
    world.clock.advance(1000);
    await fork(world, 1);
    assert.deepEqual(listener.kinds, ['ready', 'progress', 'reset']);
  });

  test('goes on when it heard of nothing that was lost', async () => {
    const world = await openWorld();
    const listener = await live(world, { keys: ['k'] });
    await happen(world, 3);
    await fork(world, 1);
    world.set(0, 'k');
    world.catchUp();
    await turns();
    assert.deepEqual(listener.kinds, ['ready', 'events']);
    assertUpToDate(world, listener);
  });

  test('is never told what arrived in the same turn as its loss', async () => {
    const world = await openWorld();
    const listener = await live(world);
    world.set(0, 'kept');
    world.set(0, 'lost');
    world.catchUp();
    await fork(world, 1);
    assert.deepEqual(listener.numbers, [1]);
    assert.deepEqual(resetsOf(listener), []);
  });

  test('is told a new change under the number of a lost one', async () => {
    const world = await openWorld();
    const listener = await live(world, { keys: ['again'] });
    await happen(world, 2);
    world.log.fork(0, 2);
    world.set(0, 'again');
    world.catchUp();
    await turns();
    assert.deepEqual(listener.numbers, [2]);
    assertUpToDate(world, listener);
  });

  test('a fork elsewhere is nothing to it', async () => {
    const world = await openWorld({ partitions: 3, homes: [[0, 1], [2]] });
    const listener = await live(world);
    await happen(world, 2, 1);
    world.set(2, 'k', world.namespaces[1]);
    world.catchUp();
    await fork(world, 1, 2);
    await fork(world, 0, 0);
    assert.deepEqual([listener.numbers, resetsOf(listener)], [[1, 2], []]);
  });

  test('begins anew when changes were missed, and when the history is another one', async () => {
    const world = await openWorld();
    const listener = await live(world);
    await happen(world, 1);
    world.set(0, 'missed');
    world.node.store.miss(0);
    await turns();
    assert.deepEqual(resetsOf(listener), [ResetReason.HISTORY_GONE]);
    assertUpToDate(world, listener);
    world.log.replace(0);
    world.catchUp();
    await turns();
    assert.deepEqual(resetsOf(listener), [ResetReason.HISTORY_GONE, ResetReason.HISTORY_GONE]);
    await happen(world, 1);
    assertUpToDate(world, listener);
  });
});

describe('a subscriber that reads slowly', () => {
  /** Up to date, with a message on its way that holds change 1. */
  async function stalled(world: FleetWorld, wish: ListenerWish = {}): Promise<Listener> {
    const listener = await live(world, wish);
    listener.stalled = true;
    await happen(world, 1);
    assert.deepEqual(listener.numbers, [1]);
    return listener;
  }

  test('is not sent what waited for it and was lost', async () => {
    const world = await openWorld();
    const listener = await stalled(world);
    await happen(world, 3);
    await fork(world, 2);
    await happen(world, 1);
    await readAll(listener);
    assert.deepEqual([listener.numbers, resetsOf(listener)], [[1, 2, 4], []]);
    assertUpToDate(world, listener);
  });

  test('begins anew when the message on its way was lost', async () => {
    const world = await openWorld();
    const listener = await stalled(world);
    await happen(world, 2);
    await fork(world, 3);
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'reset']);
    assertUpToDate(world, listener);
  });

  test('what waits of other partitions stays', async () => {
    const world = await openWorld({ partitions: 2 });
    const listener = await stalled(world);
    await happen(world, 2, 1);
    await happen(world, 1, 0);
    await fork(world, 1, 0);
    await readAll(listener);
    assert.deepEqual([listener.numbers, resetsOf(listener)], [[1, 1, 2], []]);
  });

  test('begins anew when what was lost stood for older changes', async () => {
    const world = await openWorld();
    const listener = await stalled(world);
    await fillWithLong(world, 1100, 0);
    await fork(world, 1);
    await readAll(listener);
    assert.deepEqual([listener.numbers, resetsOf(listener)], [[1], [ResetReason.HISTORY_GONE]]);
    assertUpToDate(world, listener);
  });

  test('begins anew when it was sent what was lost ahead of its token', async () => {
    const world = await openWorld({ partitions: 2 });
    const listener = await stalled(world);
    // The changes of partition 0 fit into the next message; older ones of partition 1 gave way to those behind them.
    await fillWithLong(world, 50, 0);
    await fillWithLong(world, 1050, 1);
    listener.read();
    await turns();
    assert.deepEqual(
      world.momentOf(listener.token).map(({ position }) => position.number),
      [1, 0],
    );
    assert.ok(listener.numbers.includes(51));
    await fork(world, 10, 0);
    await readAll(listener);
    assert.deepEqual(resetsOf(listener), [ResetReason.HISTORY_GONE]);
  });

  test('going away, it is told where it is, and goes on elsewhere', async () => {
    const world = await openWorld({ partitions: 1, nodes: 2 });
    const listener = await stalled(world);
    await happen(world, 2);
    world.node.hub.drain();
    await fork(world, 1);
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'goingAway']);
    const resumed = world.subscribe({ resumeToken: listener.token }, { node: world.nodes[1]! });
    await turns();
    assert.deepEqual([resumed.kinds[0], resumed.numbers], ['ready', [2]]);
  });

  test('what it was sent and lost is found out elsewhere if it must go before it is told', async () => {
    const world = await openWorld({ partitions: 1, nodes: 2 });
    const listener = await stalled(world);
    await fork(world, 1);
    world.node.hub.drain();
    await readAll(listener);
    assert.deepEqual(listener.kinds, ['ready', 'events', 'goingAway']);
    const resumed = world.subscribe({ resumeToken: listener.token }, { node: world.nodes[1]! });
    await turns();
    assert.deepEqual(resumed.kinds, ['reset', 'ready']);
  });
});

describe('a replay', () => {
  async function replaying(world: OneNode, after: number): Promise<Listener> {
    await happen(world, 6);
    world.node.store.hold();
    const position = { ...world.log.head(0), number: after };
    const listener = world.subscribe({ resumeToken: world.tokenOf([{ partition: 0, position }]) });
    await turns();
    assert.deepEqual([listener.kinds, world.node.store.pagesHeld], [['ready'], 1]);
    return listener;
  }

  test('a page that was on its way when the history forked is thrown away', async () => {
    const world = await openWorld();
    const listener = await replaying(world, 2);
    await fork(world, 2);
    world.set(0, 'new');
    world.catchUp();
    world.node.store.release();
    await turns(10);
    assert.deepEqual([listener.numbers, resetsOf(listener)], [[3, 4, 6], []]);
    assertUpToDate(world, listener);
  });

  test('forks that follow each other ask for one page', async () => {
    const world = await openWorld();
    const listener = await replaying(world, 2);
    for (let i = 0; i < 3; i++) {
      world.log.fork(0, 0);
      world.catchUp();
    }
    await turns();
    assert.equal(world.node.store.pagesHeld, 2, 'the one that is thrown away, and the one that counts');
    world.node.store.release();
    await turns(10);
    assert.deepEqual(listener.numbers, [3, 4, 5, 6]);
  });

  test('one that began beyond the fork begins anew', async () => {
    const world = await openWorld();
    const listener = await replaying(world, 5);
    await fork(world, 2);
    world.node.store.release();
    await turns(10);
    await happen(world, 1);
    assert.deepEqual(listener.kinds, ['ready', 'reset', 'events']);
    assertUpToDate(world, listener);
  });

  test('a page that was on its way when changes were missed is thrown away', async () => {
    const world = await openWorld();
    const listener = await replaying(world, 2);
    world.set(0, 'missed');
    world.node.store.miss(0);
    world.node.store.release();
    await turns(10);
    assert.deepEqual(listener.kinds, ['ready', 'reset']);
    assertUpToDate(world, listener);
  });

  test('a page of a history that the node does not know yet is not taken', async () => {
    const world = await openWorld();
    const listener = await replaying(world, 2);
    const later = await openFleetWorld({ partitions: 1 });
    for (let i = 0; i < 3; i++) later.log.replace(0);
    const foreign = later.log.pathTo(later.log.head(0));
    world.node.store.changesSince = async () => foreign;
    world.set(0, 'more');
    world.catchUp();
    world.node.store.release();
    await turns(10);
    assert.deepEqual(listener.numbers, [3, 4, 5, 6]);
    assert.deepEqual(resetsOf(listener), [ResetReason.HISTORY_GONE]);
  });

  test('pages of which nothing concerns anyone lead on', async () => {
    const world = await openWorld({ partitions: 1, homes: [[0], [0]] });
    for (let i = 0; i < 600; i++) world.set(0, `k${i}`, world.namespaces[1]);
    for (let i = 0; i < 3; i++) world.log.fork(0, 0);
    world.set(0, 'k');
    world.catchUp();
    const position = { ...world.log.head(0), number: 0 };
    const listener = world.subscribe({ resumeToken: world.tokenOf([{ partition: 0, position }]) });
    await turns(20);
    assert.deepEqual([listener.numbers, resetsOf(listener)], [[604], []]);
  });
});
