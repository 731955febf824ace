// Goal: all partitions work on a cluster, spread evenly, for a service with no more rights than it needs. Method: a real
// cluster with an ACL; every script once in partitions of different primaries, then a change in every partition.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { appliedChange, NS, openBench, registration, somePartitionWrite } from '../../support/partition-bench.ts';
import { openCluster } from '../../support/redis/cluster.ts';
import { type RedisRig, STEADY_MS } from '../../support/redis/rig.ts';
import { until } from '../../support/until.ts';

let rig: RedisRig;
before(async () => {
  rig = await openCluster({ acl: true, downAfterMs: STEADY_MS });
});
after(() => rig.stop());

test('every script runs in partitions of every primary', async () => {
  await using bench = await openBench(rig);
  const { store } = bench;
  for (const partition of [0, 100, 255]) {
    const heard: string[] = [];
    await store.listen(partition, {
      onChange: ({ kind }) => heard.push(kind),
      onReleased: () => {},
      onAsked: () => {},
      onGap: () => {},
    });
    const once = { requestId: 'r' };
    const ref = { namespaceId: NS, key: 'a:{b}' };
    const { position } = appliedChange(await store.write(partition, somePartitionWrite(ref.key, { once })));
    const wish = { ...ref, holdMs: 1000, voidBelow: undefined, seen: position, stamp: position };
    const lease = await store.acquireLease(partition, wish);
    assert.ok(lease.kind === 'granted' && (await store.releaseLease(partition, ref, lease.leaseId)));
    const retime = { ...ref, ttlMs: 1000, staleWindowMs: 0, guard: { kind: 'none' } } as const;
    const { position: retimed } = appliedChange(await store.retime(partition, retime));
    await store.invalidate(partition, { namespaceId: NS, selector: { kind: 'prefix', prefix: 'a:' }, mode: 'remove' });
    assert.ok((await store.read(partition, NS, [ref.key])).newestWatermark > 0);
    assert.equal((await store.table(partition, NS)).rows.length, 1);
    assert.equal((await store.list(partition, NS, '', 10)).found.length, 1);
    assert.equal(await store.settle(partition, ref, retimed, 'removed'), true);
    await store.remove(partition, { ...ref, cause: 'deleted' });
    assert.equal((await store.recall(partition, ref, 'r'))?.repeated, true);
    const beat = await store.beat(partition, {
      after: 0,
      changesMax: 10,
      node: registration('n', { applied: position }),
    });
    assert.equal(beat.inForce, true);
    await until(() => heard.length === beat.head);
    assert.deepEqual(
      heard,
      beat.changes.map(({ kind }) => kind),
    );
    await store.drop(partition, NS);
    assert.equal(await store.count(partition, NS), 0);
  }
});

test('a change in every partition, and the primaries share them evenly', async () => {
  await using bench = await openBench(rig);
  const { store } = bench;
  const servers = new Map<string, number>();
  for (let partition = 0; partition < store.partitions; partition++) {
    const { server } = appliedChange(await store.write(partition, somePartitionWrite('k')));
    servers.set(server, (servers.get(server) ?? 0) + 1);
  }
  const shares = [...servers.values()];
  assert.ok(shares.length > 1 && Math.max(...shares) - Math.min(...shares) <= 1, `${shares}`);
});
