// Goal: a stream waits for a node that lags behind its token, and nothing is sent before. Method: hubs over doubles of
// fleet nodes; while the stream waits the node catches up, forks, drains or fails, the caller leaves, the namespace goes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import { type FleetNode, type FleetWorld, openFleetWorld } from '../../support/fleet-log/fleet-world.ts';
import { type Listener, turns } from '../../support/hub-world.ts';

interface TwoNodes extends FleetWorld {
  readonly ahead: FleetNode;
  readonly behind: FleetNode;
  /** What the first node told a stream before the second one heard of it. */
  readonly token: string;
  readonly listener: Listener;
}

/** Five changes, of which the second node has applied three, and there a stream with the token of the fifth. */
async function waiting(partitions = 1): Promise<TwoNodes> {
  const world = await openFleetWorld({ partitions, nodes: 2 });
  const [ahead, behind] = [world.nodes[0]!, world.nodes[1]!];
  const first = world.subscribe({}, { node: ahead });
  await turns();
  for (let i = 0; i < 3; i++) world.set(0, `k${i}`);
  world.catchUp();
  for (let i = 3; i < 5; i++) world.set(0, `k${i}`);
  ahead.store.catchUp(0);
  await turns();
  const listener = world.subscribe({ resumeToken: first.token }, { node: behind });
  await turns();
  assert.deepEqual([listener.kinds, behind.store.waiting], [[], 1]);
  return { ...world, ahead, behind, token: first.token, listener };
}

const numberOf = (moment: Moment, partition = 0): number | undefined => {
  return moment.find((placed) => placed.partition === partition)?.position.number;
};

describe('a stream that waits', () => {
  test('begins when its node has caught up, with the token that was presented', async () => {
    const world = await waiting();
    world.behind.store.catchUp(0, 1);
    await turns();
    assert.deepEqual(world.listener.kinds, []);
    world.set(0, 'next');
    world.behind.store.catchUp(0);
    await turns();
    assert.equal(world.listener.kinds[0], 'ready');
    assert.equal(numberOf(world.momentOf(world.listener.messages[0]!.value.token)), 5);
    assert.deepEqual(world.listener.numbers, [6]);
  });

  test('is told no progress meanwhile', async () => {
    const world = await waiting();
    world.clock.advance(10_000);
    await turns();
    assert.deepEqual(world.listener.kinds, []);
  });

  test('begins with a Reset when what it heard of turns out to be lost', async () => {
    const world = await waiting();
    world.log.fork(0, 1);
    world.behind.store.catchUp(0);
    await turns();
    assert.deepEqual(world.listener.kinds, ['reset', 'ready']);
    assert.deepEqual(world.momentOf(world.listener.token), [{ partition: 0, position: world.log.head(0) }]);
  });

  test('goes on across a fork that lost nothing it heard of', async () => {
    const world = await waiting();
    world.set(0, 'lost');
    world.log.fork(0, 1);
    world.behind.store.catchUp(0);
    world.set(0, 'next');
    world.behind.store.catchUp(0);
    await turns();
    assert.deepEqual([world.listener.kinds, world.listener.numbers], [['ready', 'events'], [7]]);
  });

  test('a fork between the answer and the beginning is not overlooked', async () => {
    const world = await waiting();
    world.behind.store.catchUp(0);
    world.log.fork(0, 1);
    world.behind.store.catchUp(0);
    await turns();
    assert.deepEqual(world.listener.kinds, ['reset', 'ready']);
  });

  test('goes elsewhere when the server drains, with what was presented', async () => {
    const world = await waiting();
    world.behind.hub.drain();
    await turns();
    assert.deepEqual([world.listener.kinds, world.listener.ended], [['ready', 'goingAway'], { error: undefined }]);
    assert.deepEqual([world.behind.store.waiting, world.clock.timers], [0, 1]);
    for (const { value } of world.listener.messages) assert.equal(numberOf(world.momentOf(value.token)), 5);
    world.behind.store.catchUp(0);
    await turns();
    assert.equal(world.listener.kinds.length, 2);
  });

  test('that comes while the server drains goes elsewhere too', async () => {
    const world = await waiting();
    world.behind.hub.drain();
    const late = world.subscribe({ resumeToken: world.token }, { node: world.behind });
    await turns();
    assert.deepEqual(late.kinds, ['ready', 'goingAway']);
  });

  test('ends with its namespace', async () => {
    const world = await waiting();
    world.behind.hub.endNamespace(world.namespaces[0]!.id);
    assert.equal(world.listener.ended?.error?.reason, 'NAMESPACE_NOT_FOUND');
    world.behind.store.catchUp(0);
    await turns();
    assert.deepEqual([world.listener.kinds, world.behind.store.waiting, world.behind.hub.count], [[], 0, 0]);
  });

  test('may be left: nobody waits for it then', async () => {
    const world = await waiting();
    world.listener.close();
    assert.equal(world.behind.store.waiting, 0);
    world.behind.store.catchUp(0);
    await turns();
    assert.deepEqual([world.listener.kinds, world.behind.hub.count], [[], 0]);
  });

  test('counts as open', async () => {
    const world = await waiting();
    assert.equal(world.behind.hub.count, 1);
    assert.equal(world.namespaces[0]!.counters.streams.open, 2);
  });
});

describe('a store that fails', () => {
  const away = new OperatingError('STORE_UNAVAILABLE', 'away');

  test('while it is asked about a token: the stream ends with its error', async () => {
    const world = await waiting();
    world.behind.store.failWith(away);
    const listener = world.subscribe({ resumeToken: world.token }, { node: world.behind });
    await turns();
    assert.deepEqual([listener.kinds, listener.ended?.error?.reason], [[], 'STORE_UNAVAILABLE']);
  });

  test('while the past is read: the stream ends with its error', async () => {
    const world = await openFleetWorld({ partitions: 1 });
    const start = world.tokenOf([{ partition: 0, position: world.log.head(0) }]);
    world.set(0);
    world.catchUp();
    const listener = world.subscribe({ resumeToken: start });
    world.nodes[0]!.store.hold();
    await turns();
    world.nodes[0]!.store.failWith(away);
    world.nodes[0]!.store.release();
    const next = world.subscribe({ resumeToken: start });
    await turns();
    assert.deepEqual([listener.kinds, listener.ended], [['ready', 'events'], undefined]);
    assert.equal(next.ended?.error?.reason, 'STORE_UNAVAILABLE');
  });
});

describe('partitions', () => {
  test('a token names all partitions of its namespace, and no others', async () => {
    const world = await openFleetWorld({ partitions: 5, homes: [[3, 1], [2]] });
    const listener = world.subscribe();
    await turns();
    world.set(3);
    world.set(2, 'k', world.namespaces[1]);
    world.catchUp();
    await turns();
    world.clock.advance(1000);
    for (const { value } of listener.messages) {
      assert.deepEqual(
        world.momentOf(value.token).map(({ partition }) => partition),
        [1, 3],
      );
    }
  });

  test('a token that does not name every partition begins in the others at what is told', async () => {
    const world = await openFleetWorld({ partitions: 3 });
    for (const partition of [0, 1, 2, 2]) world.set(partition);
    world.catchUp();
    await turns();
    const { epoch } = world.log.head(2);
    const resumeToken = world.tokenOf([{ partition: 2, position: { epoch, number: 1 } }]);
    const listener = world.subscribe({ resumeToken });
    await turns();
    const ready = world.momentOf(listener.messages[0]!.value.token);
    assert.deepEqual(
      [0, 1, 2].map((partition) => numberOf(ready, partition)),
      [1, 1, 1],
    );
    assert.deepEqual(listener.numbers, [2]);
    for (const partition of [0, 1, 2]) world.set(partition);
    world.catchUp();
    await turns();
    assert.deepEqual(listener.numbers, [2, 2, 2, 3]);
  });

  test('the past of all partitions is told', async () => {
    const world = await openFleetWorld({ partitions: 3 });
    const first = world.subscribe();
    await turns();
    const { token } = first;
    for (let i = 0; i < 600; i++) for (const partition of [0, 1, 2]) world.set(partition, `k${i}`);
    world.catchUp();
    const listener = world.subscribe({ resumeToken: token });
    await turns(40);
    for (const partition of [0, 1, 2]) {
      const { epoch } = world.log.head(partition);
      const told = listener.revisions.filter((revision) => revision.startsWith(epoch));
      assert.deepEqual(
        told,
        Array.from({ length: 600 }, (_, i) => `${epoch}-${i + 1}`),
      );
    }
  });

  test('partitions that the node began to follow later are asked for', async () => {
    const world = await openFleetWorld({ partitions: 2, homes: [[0], [1]], later: [1] });
    const [node, namespace] = [world.nodes[0]!, world.namespaces[1]!];
    world.log.set({ namespaceId: namespace.id, partition: 1, key: 'before' });
    node.store.follow(1);
    const listener = world.subscribe({}, { node, namespace });
    assert.deepEqual(listener.kinds, []);
    await turns();
    assert.deepEqual(listener.kinds, ['ready']);
    world.set(1, 'after', namespace);
    node.store.catchUp(1);
    await turns();
    assert.deepEqual(listener.numbers, [2]);
  });

  test('a node that does not follow a partition says so, and gives no token without it', async () => {
    const world = await openFleetWorld({ partitions: 2, later: [1] });
    const listener = world.subscribe();
    await turns();
    assert.deepEqual([listener.kinds, listener.ended?.error?.reason], [[], 'STORE_UNAVAILABLE']);
    const draining = world.subscribe();
    world.nodes[0]!.hub.drain();
    await turns();
    assert.deepEqual([draining.kinds, draining.ended?.error?.reason], [[], 'STORE_UNAVAILABLE']);
    assert.equal(world.nodes[0]!.hub.count, 0);
  });
});
