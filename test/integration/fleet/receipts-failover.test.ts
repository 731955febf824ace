// Goal: what a receipt says is so over a failover that loses the tail, too. Method: three complete nodes over a primary and
// a replica that is led to; invalidations before, while and after they are, and each node is asked afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FleetNode, openThree } from '../../support/fleet.ts';
import { receiptOf, type Standings, statesIn } from '../../support/receipts.ts';
import { openPair } from '../../support/redis/pair.ts';
import { until } from '../../support/until.ts';

const ALL_APPLIED = { 'node-1': 'APPLIED', 'node-2': 'APPLIED', 'node-3': 'APPLIED' };

/** Returns the receipt of an invalidation; `undefined` where the store could not be reached. */
function receiptIfAny(node: FleetNode, key: string): Promise<Standings | undefined> {
  return receiptOf(node, { keys: [key] }, { wait: 'NODES' }).catch(() => undefined);
}

/** Stores a key and lets every node hold it, however often that takes. */
async function hold(nodes: readonly FleetNode[], key: string): Promise<void> {
  const held = async (): Promise<boolean> => {
    await nodes[0]!.cache.stored(key, 'v');
    for (const { cache } of nodes) await cache.hit(key);
    return true;
  };
  await until(() => held().catch(() => false), { what: `${key} on all nodes` });
}

/** Fails if some node answers with the value. One that can't answer now serves nothing older either. */
async function assertGone(nodes: readonly FleetNode[], key: string): Promise<void> {
  for (const { cache } of nodes) {
    const result = await cache.get(key).catch(() => undefined);
    assert.notEqual(result?.$case, 'hit', `${key} is invalidated by the word of all nodes`);
  }
}

test('what every node has applied stays so when the primary goes and takes it along', async () => {
  await using pair = await openPair();
  await using fleet = await openThree({ rig: pair.rig, maxLagMs: 2000 });
  const { nodes } = fleet;
  await hold(nodes, 'lost');
  await hold(nodes, 'midst');
  await pair.part();
  const before = await receiptOf(nodes[0], { keys: ['lost'] }, { wait: 'NODES' });
  assert.deepEqual(statesIn(before), ALL_APPLIED);
  await assertGone(nodes, 'lost');
  const midst = receiptIfAny(nodes[1], 'midst');
  await pair.switchOver();
  const told = await midst;
  if (told !== undefined && Object.values(told).every(({ state }) => state === 'APPLIED' || state === 'SILENT')) {
    await assertGone(nodes, 'midst');
  }
  await hold(nodes, 'after');
  let receipt: Standings | undefined;
  const allApplied = async (): Promise<boolean> => {
    receipt = await receiptIfAny(nodes[2], 'after');
    return receipt !== undefined && Object.values(receipt).every(({ state }) => state === 'APPLIED');
  };
  await until(allApplied, { what: 'a receipt of the new primary' });
  // By now every node follows the new epoch, and what was lost with the old one was made again.
  for (const key of ['lost', 'after']) await assertGone(nodes, key);
});
