// Goal: fences, request ids and late tries of partitions in Redis. Method: a real server; time stands where a test puts
// it, entries are taken away behind the store as an eviction would.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import {
  appliedChange,
  NS,
  openBench,
  type PartitionBench,
  registration,
  somePartitionWrite,
} from '../../support/partition-bench.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

const redis = (command: string, ...args: (string | number)[]): Promise<unknown> =>
  rig.servers[0]!.command(command, ...args);

async function fenceNow({ store }: PartitionBench) {
  const { chain, head, nowMs } = await store.read(0, NS, ['k']);
  return { kind: 'fence', fence: { head: { epoch: chain.epoch, number: head }, givenAtMs: nowMs } } as const;
}

test('a fence from before a change falls, also when Redis evicted the entry and with it all memory of the key', async () => {
  await using bench = await openBench(rig);
  const earlier = await fenceNow(bench);
  await bench.store.write(0, somePartitionWrite('k'));
  const later = await fenceNow(bench);
  await redis('DEL', `${bench.own}r:${NS}:k`);
  assert.equal((await bench.store.write(0, somePartitionWrite('k', { guard: earlier }))).kind, 'guarded');
  assert.equal((await bench.store.write(0, somePartitionWrite('k', { guard: later }))).kind, 'applied');
});

test('a retime of a key without any record makes older fences fall', async () => {
  await using bench = await openBench(rig);
  const fence = await fenceNow(bench);
  const retime = { namespaceId: NS, key: 'k', ttlMs: 1, staleWindowMs: 0, guard: { kind: 'none' } } as const;
  appliedChange(await bench.store.retime(0, retime));
  assert.equal((await bench.store.write(0, somePartitionWrite('k', { guard: fence }))).kind, 'guarded');
});

test('what is evictable has an expiry, and what must not be evicted has none', async () => {
  // Method: `volatile-*` eviction takes only what has an expiry.
  await using bench = await openBench(rig);
  await bench.store.write(0, somePartitionWrite('k', { once: { requestId: 'r' } }));
  await bench.store.remove(0, { namespaceId: NS, key: 'gone', cause: 'deleted' });
  await bench.store.invalidate(0, { namespaceId: NS, selector: { kind: 'tag', tag: 't' }, mode: 'remove' });
  const stamp = appliedChange(await bench.store.write(0, somePartitionWrite('other'))).position;
  const lease = { namespaceId: NS, key: 'leased', holdMs: 1000, seen: stamp, stamp, voidBelow: undefined };
  await bench.store.acquireLease(0, lease);
  await bench.store.beat(0, { after: undefined, changesMax: 1, node: registration('n') });
  const evictable: string[] = [];
  for (const name of (await redis('KEYS', `${bench.own}*`)) as string[]) {
    if ((await redis('PTTL', name)) !== -1) evictable.push(name.slice(bench.own.length));
  }
  assert.deepEqual(evictable.sort(), [`l:${NS}:leased`, `r:${NS}:gone`, `r:${NS}:k`, `r:${NS}:other`]);
});

test('a record outlives its entry, so that how it left is told', async () => {
  let stoppedMs = Date.now();
  await using bench = await openBench(rig, { stoppedAtMs: () => stoppedMs });
  await bench.store.write(0, somePartitionWrite('k', { ttlMs: 100 }));
  stoppedMs += 100;
  assert.equal((await bench.store.read(0, NS, ['k'])).found[0]?.absence, 'expired');
  const retime = { namespaceId: NS, key: 'k', ttlMs: 1, staleWindowMs: 0, guard: { kind: 'none' } } as const;
  appliedChange(await bench.store.retime(0, retime));
  assert.equal((await bench.store.read(0, NS, ['k'])).found[0]?.absence, 'expired');
  stoppedMs += limits.fenceAgeMsMax + 1;
  assert.equal((await bench.store.read(0, NS, ['k'])).found[0]?.absence, 'unknown');
});

test('an entry that was listed when it was gone does not come back with a clock that went back', async () => {
  let stoppedMs = Date.now();
  await using bench = await openBench(rig, { stoppedAtMs: () => stoppedMs });
  await bench.store.write(0, somePartitionWrite('k', { ttlMs: 100 }));
  stoppedMs += 100;
  assert.deepEqual((await bench.store.list(0, NS, '', 10)).found, []);
  stoppedMs -= 50;
  const { found } = await bench.store.read(0, NS, ['k']);
  assert.equal(found[0]?.entry, undefined);
  assert.equal(found[0]?.absence, 'expired');
});

test('as many request ids as may be are remembered, then changes that carry one are refused until one is old', async () => {
  let stoppedMs = 1_000_000;
  const bounds = { requestIdsMax: 2, requestIdAgeMsMax: 1000 };
  await using bench = await openBench(rig, { stoppedAtMs: () => stoppedMs, limits: bounds });
  const write = (requestId: string) => bench.store.write(0, somePartitionWrite('k', { once: { requestId } }));
  await write('r1');
  stoppedMs += 10;
  await write('r2');
  const full = { reason: 'REQUEST_IDS_FULL', detail: { retryAfterMs: 991 } };
  await assert.rejects(write('r3'), full);
  assert.equal(appliedChange(await write('r1')).repeated, true);
  await bench.store.write(0, somePartitionWrite('k'));
  stoppedMs += 991;
  assert.equal(appliedChange(await write('r3')).repeated, false);
  assert.equal(await redis('HLEN', `${bench.own}results`), 2);
  assert.equal(await redis('ZCARD', `${bench.own}results-by-time`), 2);
});

test('a repeat gives back the first result with what the partition holds now', async () => {
  let stoppedMs = 1_000_000;
  await using bench = await openBench(rig, { stoppedAtMs: () => stoppedMs });
  const once = { requestId: 'r', note: '' };
  const first = appliedChange(await bench.store.write(0, somePartitionWrite('k', { once })));
  stoppedMs += 5;
  await bench.store.write(0, somePartitionWrite('k'));
  const again = appliedChange(await bench.store.write(0, somePartitionWrite('k', { once })));
  assert.deepEqual(again, { ...first, head: first.head + 1, nowMs: stoppedMs, note: '', repeated: true });
  assert.deepEqual(await bench.store.recall(0, { namespaceId: NS, key: 'k' }, 'r'), again);
});

test('a try that comes too late is refused, and a repeat of an applied one is not', async () => {
  // Method: the link gives up before the call is sent, so that every try is late.
  const prefix = { prefix: `${rig.prefix}late:` };
  await using bench = await openBench(rig, prefix);
  await using late = await openBench(rig, { ...prefix, commandTimeoutMs: -10_000 });
  const once = { requestId: 'r' };
  await bench.store.write(0, somePartitionWrite('k', { once }));
  await assert.rejects(late.store.write(0, somePartitionWrite('k')), { reason: 'STORE_UNAVAILABLE' });
  const unknown = { reason: 'OUTCOME_UNKNOWN' };
  await assert.rejects(late.store.write(0, somePartitionWrite('k', { once: { requestId: 'r2' } })), unknown);
  assert.equal(appliedChange(await late.store.write(0, somePartitionWrite('k', { once }))).repeated, true);
  assert.equal((await bench.store.read(0, NS, ['k'])).head, 2);
});

test('a server whose clock is far ahead of the last one’s is believed at the second try', async () => {
  let stoppedMs = 1_000_000;
  await using bench = await openBench(rig, { stoppedAtMs: () => stoppedMs });
  await bench.store.write(0, somePartitionWrite('k'));
  stoppedMs += 3_600_000;
  assert.equal(appliedChange(await bench.store.write(0, somePartitionWrite('k'))).appliedAtMs, stoppedMs);
});
