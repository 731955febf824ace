// Goal: a receipt says of every node how far it has come, and what it says is so. Method: complete nodes over a real Redis;
// nodes are put behind or fall silent, subscribers read or don't, and each node is asked afterwards.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { only, type Selecting } from '../../support/cache-calls.ts';
import { errorOf } from '../../support/call.ts';
import { type CliEnd, runCli } from '../../support/cli-process.ts';
import { type FleetNode, openFleet, openThree } from '../../support/fleet.ts';
import { connectMany } from '../../support/lease-calls.ts';
import { receiptOf, statesIn } from '../../support/receipts.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { subscribed } from '../../support/subscriber.ts';
import { until } from '../../support/until.ts';

const SHAPES = { 'one partition': {}, 'four partitions': { partitions: 4, spread: 4 } } as const;
/** Long enough for a busy machine; the first receipt of a fleet waits for it. */
const LAG_MS = 2000;
const ALL: Selecting = { all: true };
const NAMES = ['node-1', 'node-2', 'node-3'];

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

function all(state: string): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [name, state]));
}

/** Makes changes whose news are more than a client takes that does not read: its buffers hold a megabyte. */
async function clog({ call }: FleetNode): Promise<void> {
  for (let i = 0; i < 45; i++) {
    const keys = Array.from({ length: 50 }, (_, j) => `${i} ${j} ${'k'.repeat(1000)}`);
    await call(CacheServiceService.batchDelete, { keys });
  }
}

/** Runs the command line until it gets an answer in time: on a busy machine it may come too late. */
async function answered(args: readonly string[], server: string): Promise<CliEnd> {
  const end = await runCli(args, { server });
  return end.code === 4 ? answered(args, server) : end;
}

for (const [shape, redis] of Object.entries(SHAPES)) {
  describe(`over ${shape}`, () => {
    test('NODES: every node has applied it, and serves nothing older', async () => {
      await using fleet = await openThree({ rig, redis, maxLagMs: LAG_MS });
      const keys = Array.from({ length: 20 }, (_, i) => `k:${i}`);
      for (let round = 0; round < 3; round++) {
        const [writer, ...others] = [...fleet.nodes.slice(round), ...fleet.nodes.slice(0, round)] as FleetNode[];
        for (const key of keys) await writer!.cache.stored(key, 'v', { tags: ['t'] });
        for (const { cache } of others) for (const key of keys) await cache.hit(key);
        const covering: Selecting[] = [{ keys }, { tags: ['t'] }, { prefix: 'k:' }];
        const receipt = await receiptOf(writer!, covering[round]!, { wait: 'NODES' });
        assert.deepEqual(statesIn(receipt), all('APPLIED'));
        assert.deepEqual(Object.keys(receipt), NAMES);
        for (const { silentMs } of Object.values(receipt)) assert.ok(silentMs !== undefined && silentMs >= 0);
        for (const { cache } of fleet.nodes) for (const key of keys) await cache.miss(key);
      }
    });

    test('STREAMS: every subscriber of every node was told, or the node that has another one says only APPLIED', async () => {
      await using fleet = await openThree({ rig, redis, maxLagMs: LAG_MS });
      using apart = connectMany(fleet.nodes[1].address, 1);
      using streams = new DisposableStack();
      const subscribers = await Promise.all(fleet.nodes.map((node) => subscribed(node)));
      for (const each of subscribers) streams.use(each);
      assert.deepEqual(statesIn(await receiptOf(fleet.nodes[0], ALL, { wait: 'STREAMS' })), all('STREAMED'));
      using stalled = await subscribed({ client: apart.clients[0]! });
      stalled.pause();
      await clog(fleet.nodes[2]);
      const inVain = await receiptOf(fleet.nodes[0], ALL, { wait: 'STREAMS', deadlineMs: 3000 });
      assert.deepEqual(statesIn(inVain), { ...all('STREAMED'), 'node-2': 'APPLIED' });
      assert.deepEqual(statesIn(await receiptOf(fleet.nodes[0], ALL, { wait: 'NODES' })), all('APPLIED'));
      stalled.resume();
      assert.deepEqual(statesIn(await receiptOf(fleet.nodes[0], ALL, { wait: 'STREAMS' })), all('STREAMED'));
    });
  });
}

test('nobody who waits for less, or only counts, gets a receipt', async () => {
  await using fleet = await openFleet({ rig, nodes: 1 });
  const [a] = fleet.nodes as [FleetNode];
  for (const wait of [0, 1] as const) {
    const { receipt } = only(await a.cache.invalidate({ keys: ['k'] }, { wait }), 'invalidated');
    assert.equal(receipt, undefined);
  }
  only(await a.cache.invalidate({ keys: ['k'] }, { wait: 2, dryRun: true }), 'counted');
});

test('a wait that does not exist is refused, and nothing is invalidated', async () => {
  await using fleet = await openFleet({ rig, nodes: 1 });
  const [a] = fleet.nodes as [FleetNode];
  await a.cache.stored('k', 'v');
  const error = await errorOf(a.cache.invalidate({ keys: ['k'] }, { wait: 9 as never }));
  assert.deepEqual([error.reason, error.fields], ['FIELD_REQUIRED', ['wait']]);
  await a.cache.hit('k');
});

test('a node that beats and does not catch up is named BEHIND when the deadline comes', async () => {
  await using fleet = await openThree({ rig, maxLagMs: LAG_MS });
  const [a, b] = fleet.nodes;
  await receiptOf(a, ALL, { wait: 'NODES' });
  b.lanes.bells.passage = 'lost';
  b.lanes.beats.passage = 'lost';
  const receipt = await receiptOf(a, ALL, { wait: 'NODES', deadlineMs: 3000 });
  assert.deepEqual(statesIn(receipt), { ...all('APPLIED'), 'node-2': 'BEHIND' });
  const { code, text } = await answered(['invalidate', '--tag', 't', '--wait', 'nodes', '--timeout', '5s'], a.address);
  assert.equal(code, 3);
  assert.match(text, /^NODE +STATE +SILENT FOR\nnode-1 +APPLIED +\S+\nnode-2 +BEHIND +\S+\nnode-3 +APPLIED +\S+\n$/m);
  b.lanes.bells.release();
  b.lanes.beats.release();
  assert.deepEqual(statesIn(await receiptOf(a, ALL, { wait: 'NODES' })), all('APPLIED'));
});

test('a node that falls silent is waited for as long as it may serve from memory', async () => {
  await using fleet = await openThree({ rig, maxLagMs: LAG_MS });
  const [a, b] = fleet.nodes;
  await a.cache.stored('k', 'v');
  await b.cache.hit('k');
  await receiptOf(a, { keys: ['other'] }, { wait: 'NODES' });
  b.lanes.bells.passage = 'lost';
  b.lanes.beats.passage = 'held';
  await until(() => b.lanes.beats.held > 0, { what: 'a heartbeat that is held' });
  const receipt = await receiptOf(a, ALL, { wait: 'NODES' });
  assert.deepEqual(statesIn(receipt), { ...all('APPLIED'), 'node-2': 'SILENT' });
  assert.ok(receipt['node-2']!.silentMs! > LAG_MS);
  const { reason } = await errorOf(b.cache.get('k'));
  assert.equal(reason, 'STORE_UNAVAILABLE', 'it serves nothing from memory');
});

test('a node that was closed is not named, and one that joined is', async () => {
  await using fleet = await openThree({ rig, maxLagMs: LAG_MS });
  const [a, b] = fleet.nodes;
  await b.stop();
  assert.deepEqual(statesIn(await receiptOf(a, ALL, { wait: 'NODES' })), { 'node-1': 'APPLIED', 'node-3': 'APPLIED' });
  await fleet.add();
  assert.deepEqual(Object.keys(await receiptOf(a, ALL, { wait: 'NODES' })), ['node-1', 'node-3', 'node-4']);
});

for (const [what, selecting] of Object.entries<Selecting>({ key: { keys: ['a:k'] }, prefix: { prefix: 'a:' } })) {
  test(`who reads after the receipt joins no read from before the invalidation by ${what}`, async () => {
    await using fleet = await openThree({ rig, maxLagMs: LAG_MS });
    const [a, b] = fleet.nodes;
    await a.cache.stored('a:k', 'v');
    b.lanes.reads.passage = 'held';
    const before = b.cache.get('a:k');
    await until(() => b.lanes.reads.held === 1, { what: 'a read that is held' });
    assert.equal(statesIn(await receiptOf(a, selecting, { wait: 'NODES' }))['node-2'], 'APPLIED');
    const afterwards = b.cache.get('a:k');
    await until(() => b.lanes.reads.held === 2, { what: 'a read of its own' });
    b.lanes.reads.release();
    await before;
    assert.equal((await afterwards).$case, 'miss');
  });
}

test('a repeated request gets a receipt of its own', async () => {
  await using fleet = await openFleet({ rig, nodes: 1, maxLagMs: LAG_MS });
  const [a] = fleet.nodes as [FleetNode];
  for (let i = 0; i < 2; i++) {
    const receipt = await receiptOf(a, { tags: ['t'] }, { wait: 'NODES', requestId: 'r' });
    assert.deepEqual(statesIn(receipt), { 'node-1': 'APPLIED' });
  }
});
