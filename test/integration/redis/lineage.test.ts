// Goal: a new epoch begins exactly when the history may have been lost. Method: real servers that are restarted, emptied,
// promoted and made replicas; or the remembered replication id is overwritten, which a script can't tell from another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inHistory } from '../../../src/cache/rules/epoch-chain.ts';
import {
  appliedChange,
  NS,
  openBench,
  type PartitionBench,
  registration,
  somePartitionWrite,
} from '../../support/partition-bench.ts';
import { openPlainLink } from '../../support/redis/plain-link.ts';
import { startRedis } from '../../support/redis/redis-process.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { until } from '../../support/until.ts';

const LEASE = { namespaceId: NS, key: 'k', holdMs: 9, voidBelow: undefined } as const;
const BEAT = { after: undefined, changesMax: 10, node: registration('n') } as const;

/** Has the partition remember another replication id, as a restart or a promotion would. */
async function forgetReplicationId(bench: PartitionBench, redis: (c: string, ...a: (string | number)[]) => unknown) {
  await redis('SETRANGE', `${bench.own}meta`, 36, '0'.repeat(40));
}

async function put(bench: PartitionBench, key: string) {
  return appliedChange(await bench.store.write(0, somePartitionWrite(key)));
}

test('a restart that kept the data forks at the head, and the change of the new epoch takes a number', async () => {
  await using rig = await openStandalone({ save: true });
  await using bench = await openBench(rig);
  const { position } = await put(bench, 'k');
  await rig.servers[0]!.restart();
  await until(async () => {
    const answer = await bench.store.beat(0, BEAT).catch(() => undefined);
    return answer !== undefined && answer.chain.epoch !== position.epoch;
  });
  const { chain, head, changes } = await bench.store.beat(0, { ...BEAT, after: 1 });
  assert.deepEqual(chain.ancestors, [{ epoch: position.epoch, fork: position.number }]);
  assert.equal(head, position.number + 1);
  assert.deepEqual(
    changes.map(({ kind, position }) => [kind, position]),
    [
      ['set', position],
      ['epoch', { epoch: chain.epoch, number: head }],
    ],
  );
  assert.ok(inHistory(chain, position));
  await until(async () => (await put(bench, 'k').catch(() => undefined))?.existed === true);
});

test('an emptied server begins a history of its own', async () => {
  await using rig = await openStandalone();
  await using bench = await openBench(rig);
  const { position } = await put(bench, 'k');
  await rig.flush();
  const { chain, head } = await bench.store.beat(0, BEAT);
  assert.notEqual(chain.epoch, position.epoch);
  assert.deepEqual(chain.ancestors, []);
  assert.equal(head, 1);
});

test('a lost meta begins a history that believes nothing of the old one', async () => {
  await using rig = await openStandalone();
  await using bench = await openBench(rig);
  const { chain, head, nowMs } = await bench.store.read(0, NS, ['k']);
  await put(bench, 'k');
  await bench.store.invalidate(0, { namespaceId: NS, selector: { kind: 'tag', tag: 't' }, mode: 'remove' });
  await rig.servers[0]!.command('DEL', `${bench.own}meta`);
  const fence = { head: { epoch: chain.epoch, number: head }, givenAtMs: nowMs };
  const late = somePartitionWrite('new', { guard: { kind: 'fence', fence }, tags: ['t'] });
  assert.equal((await bench.store.write(0, late)).kind, 'guarded');
  assert.deepEqual((await bench.store.table(0, NS)).rows, []);
  const fresh = await put(bench, 'new');
  assert.equal(fresh.position.number, 2);
  await bench.store.invalidate(0, { namespaceId: NS, selector: { kind: 'tag', tag: 'u' }, mode: 'remove' });
  assert.equal((await bench.store.table(0, NS)).rows.length, 1);
});

test('every script that changes something begins the new epoch itself', async () => {
  await using rig = await openStandalone();
  await using bench = await openBench(rig);
  const { store } = bench;
  const { position } = await put(bench, 'k');
  const guard = { kind: 'none' } as const;
  const scripts = [
    () => put(bench, 'k'),
    () => store.retime(0, { namespaceId: NS, key: 'k', ttlMs: 1000, staleWindowMs: 0, guard }),
    () => store.remove(0, { namespaceId: NS, key: 'k', cause: 'deleted' }),
    () => store.invalidate(0, { namespaceId: NS, selector: { kind: 'namespace' }, mode: 'remove' }),
    () => store.acquireLease(0, { ...LEASE, seen: position, stamp: position }),
    () => store.beat(0, BEAT),
  ];
  for (const [i, run] of scripts.entries()) {
    await forgetReplicationId(bench, (c, ...a) => rig.servers[0]!.command(c, ...a));
    await run();
    assert.equal((await store.read(0, NS, [])).chain.ancestors.length, i + 1);
  }
  const { changes } = await store.changesSince(0, 0, 100);
  const numbers = changes.map((change) => change.position.number);
  assert.deepEqual(
    numbers,
    Array.from({ length: numbers.length }, (_, at) => at + 1),
  );
});

test('a read begins no epoch', async () => {
  await using rig = await openStandalone();
  await using bench = await openBench(rig);
  const { chain } = await put(bench, 'k');
  await forgetReplicationId(bench, (c, ...a) => rig.servers[0]!.command(c, ...a));
  assert.deepEqual((await bench.store.read(0, NS, ['k'])).chain, chain);
  assert.deepEqual((await bench.store.covering(0, NS, [])).chain, chain);
});

test('the newest sixteen ancestors are remembered, each fence and lease of its own epoch', async () => {
  await using rig = await openStandalone();
  await using bench = await openBench(rig);
  const epochs: string[] = [];
  const fences = [];
  for (let i = 0; i < 18; i++) {
    const { chain, head, nowMs } = await bench.store.beat(0, BEAT);
    epochs.unshift(chain.epoch);
    fences.unshift({ head: { epoch: chain.epoch, number: head }, givenAtMs: nowMs });
    await forgetReplicationId(bench, (c, ...a) => rig.servers[0]!.command(c, ...a));
  }
  const { chain } = await bench.store.beat(0, BEAT);
  assert.deepEqual(
    chain.ancestors.map(({ epoch }) => epoch),
    epochs.slice(0, 16),
  );
  const held = [];
  for (const [i, fence] of fences.entries()) {
    held.push((await bench.store.write(0, somePartitionWrite(`k${i}`, { guard: { kind: 'fence', fence } }))).kind);
  }
  assert.deepEqual(held, [...Array(16).fill('applied'), 'guarded', 'guarded']);
  const beyond = { head: { epoch: chain.ancestors[0]!.epoch, number: chain.ancestors[0]!.fork + 1 }, givenAtMs: 0 };
  const { nowMs } = await bench.store.read(0, NS, []);
  const guard = { kind: 'fence', fence: { ...beyond, givenAtMs: nowMs } } as const;
  assert.equal((await bench.store.write(0, somePartitionWrite('x', { guard }))).kind, 'guarded');
});

test('a replica tells what it holds and is not in force; promoted, it forks where it was', async () => {
  await using rig = await openStandalone();
  await using replica = await startRedis();
  const own = { prefix: `${rig.prefix}replica:` };
  await using bench = await openBench(rig, own);
  const { position } = await put(bench, 'k');
  await replica.command('REPLICAOF', '127.0.0.1', rig.servers[0]!.port);
  await until(async () => (await replica.command('EXISTS', `${own.prefix}{0}:r:${NS}:k`)) === 1);
  await using other = await openBench(rig, { ...own, link: openPlainLink(replica.port) });
  const beat = await other.store.beat(0, BEAT);
  assert.equal(beat.inForce, false);
  assert.equal(beat.chain.epoch, position.epoch);
  await assert.rejects(other.store.write(0, somePartitionWrite('k')), /STORE_UNAVAILABLE/);
  await replica.command('REPLICAOF', 'NO', 'ONE');
  const lost = await put(bench, 'k');
  const promoted = await put(other, 'k');
  assert.deepEqual(promoted.chain.ancestors[0], { epoch: beat.chain.epoch, fork: beat.head });
  assert.ok(inHistory(promoted.chain, position));
  assert.ok(!inHistory(promoted.chain, lost.position));
});
