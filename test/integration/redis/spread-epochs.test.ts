// Goal: what a failover loses of one partition is judged by what it loses of another: entries, and the watermarks over
// them, lie on several. Method: as on one partition, with namespaces that spread over four; keys of all of them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { partitionTags } from '../../../src/store/redis/partition-tags.ts';
import { NS, put, refOf } from '../../suite/store/store-harness.ts';
import { openPairNodes, type PairNodes, putAndHold } from '../../support/pair-nodes.ts';
import { isHeld, newsOf, type StoreNode, textAt, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';

const SPREAD = { partitions: 4, spread: 4 };
const KEYS = Array.from({ length: 16 }, (_, index) => `k${index}`);
const LATER = Array.from({ length: 16 }, (_, index) => `later ${index}`);

/** Waits until a node follows the forks of all partitions, and may serve from L1 again. */
async function followed(node: StoreNode): Promise<void> {
  const partitions = (): number => new Set(newsOf(node, 'forked').map(({ partition }) => partition)).size;
  await until(() => partitions() === SPREAD.spread, { what: 'the forks' });
  await node.store.caughtUp();
  await untilPermitted(node);
}

async function holdAll({ a, b }: PairNodes, keys: readonly string[], tag: string): Promise<void> {
  for (const key of keys) await putAndHold([a, b], key, 'old', [tag]);
}

describe('a failover that loses the tails of several partitions', { concurrency: true }, () => {
  // R7.
  test('takes out of L1 what was lost, on each of them, and leaves the rest', async () => {
    await using nodes = await openPairNodes({ redis: SPREAD });
    const { pair, a, b } = nodes;
    await holdAll(nodes, KEYS, 't');
    await pair.part();
    await holdAll(nodes, LATER, 't');
    await pair.switchOver();
    for (const node of [a, b]) {
      await followed(node);
      for (const key of KEYS) assert.ok(isHeld(node, key), `${key} stays`);
      for (const key of LATER) assert.ok(!isHeld(node, key), `${key} goes`);
      for (const key of LATER) assert.equal(await textAt(node, key), undefined);
      assert.deepEqual(newsOf(node, 'restarted'), []);
    }
  });

  // R5 and R7, Accepted-is-kept: the watermark lies on the control partition, what it covers on all.
  test('has a lost invalidation made again, over the entries of all of them', async () => {
    await using nodes = await openPairNodes({ redis: SPREAD });
    const { pair, a, b } = nodes;
    await holdAll(nodes, KEYS, 't');
    await pair.part();
    await a.store.invalidate({ namespaceId: NS, selector: { kind: 'tag', tag: 't' }, mode: 'remove' });
    for (const key of KEYS) assert.equal(await textAt(a, key), undefined);
    await pair.switchOver();
    await until(() => a.store.counts.reissued === 1, { what: 'the invalidation, made again' });
    for (const node of [a, b]) {
      await followed(node);
      for (const key of KEYS) assert.equal(await textAt(node, key), undefined);
    }
    for (const key of KEYS) await put(b.store, key, { tags: ['t'] });
    await a.store.caughtUp();
    for (const key of KEYS) assert.equal(await textAt(a, key), `value of ${key}`);
  });

  // R13: one of them begins anew.
  test('is the matter of each: one that lost its control key takes only its own entries with it', async () => {
    await using nodes = await openPairNodes({ redis: SPREAD });
    const { pair, a, prefix } = nodes;
    await holdAll(nodes, KEYS, 't');
    const [control, gone] = a.store.partitionsOf(NS);
    assert.notEqual(gone, control);
    const partitionOf = new Map<string, number>();
    for (const key of KEYS) {
      const { moment } = await a.store.read(refOf(key), { kind: 'latest' });
      partitionOf.set(key, moment[0]!.partition);
    }
    await pair.primary.command('DEL', `${prefix}{${partitionTags(SPREAD.partitions)[gone!]}}:meta`);
    await until(() => newsOf(a, 'restarted').length === 1);
    await a.store.caughtUp();
    await untilPermitted(a);
    for (const key of KEYS) assert.equal(isHeld(a, key), partitionOf.get(key) !== gone, key);
    assert.ok(KEYS.some((key) => partitionOf.get(key) === gone));
  });

  // R7 and R12: the old history is nobody's.
  test('and one that loses everything leaves nothing', async () => {
    await using nodes = await openPairNodes({ redis: SPREAD });
    const { pair, a, b } = nodes;
    await holdAll(nodes, KEYS, 't');
    await pair.primary.command('FLUSHALL');
    for (const node of [a, b]) {
      await until(() => newsOf(node, 'restarted').length === SPREAD.spread);
      await untilPermitted(node);
      for (const key of KEYS) assert.ok(!isHeld(node, key));
      for (const key of KEYS) assert.equal(await textAt(node, key), undefined);
    }
  });
});
