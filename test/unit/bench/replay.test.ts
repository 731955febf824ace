// Goal: a replay gets each key once, sets on a miss, and counts. Method: a plain LRU behind the target's interface.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directHits } from '../../../bench/demo/direct-hits.ts';
import { planReplay, type ReplayPlan } from '../../../bench/demo/plan.ts';
import { type ReplayResult, type ReplayTarget, replay } from '../../../bench/demo/replay.ts';
import { DirectLru } from '../../../bench/traces/direct-lru.ts';
import { traceOf } from '../../../bench/traces/trace.ts';
import { systemClock } from '../../../src/base/clock.ts';

function lruTarget(plan: ReplayPlan): ReplayTarget {
  const lru = new DirectLru(plan.capacityBytes);
  const weightOf = new Map(Array.from(plan.trace.keys, (key, index) => [key, plan.weightBytesAt(index)]));
  return { get: async (key) => lru.get(key), set: async (key) => lru.set(key, weightOf.get(key)!) };
}

function replayPlan(
  plan: ReplayPlan,
  target: ReplayTarget,
  signal = new AbortController().signal,
): Promise<ReplayResult> {
  return replay({ ...plan, target, concurrency: 1, clock: systemClock, signal, onProgress: () => {} });
}

test('gets are all requests, sets the misses, hits those of the direct LRU', async () => {
  const keys = Array.from({ length: 4000 }, (_, index) => (index * index) % 1009);
  const plan = planReplay(traceOf('t', keys), { capacityEntries: 200, valueBytes: 100 });
  const result = await replayPlan(plan, lruTarget(plan));
  assert.equal(result.requests, 4000);
  assert.equal(result.get.count, 4000);
  assert.equal(result.set.count, 4000 - result.hits);
  assert.equal(result.hits, directHits(plan));
});

test('values that the cache refuses are counted', async () => {
  const plan = planReplay(traceOf('t', [0, 1, 0]), { capacityEntries: 1, valueBytes: 100 });
  const result = await replayPlan(plan, { get: async () => false, set: async () => false });
  assert.deepEqual([result.hits, result.refused], [0, 3]);
});

test('a failing call ends the replay', async () => {
  const plan = planReplay(traceOf('t', [0, 1]), { capacityEntries: 1, valueBytes: 100 });
  const target: ReplayTarget = { get: () => Promise.reject(new Error('gone')), set: async () => true };
  await assert.rejects(replayPlan(plan, target), /gone/);
});

test('the capacity is exactly as many entries as asked for, or what a namespace needs at least', () => {
  const trace = traceOf('t', [0, 1, 999]);
  const plan = planReplay(trace, { capacityEntries: 5000, valueBytes: 100 });
  assert.equal(plan.keyDigits, 3);
  assert.equal(plan.capacityBytes, 5000 * plan.weightBytesAt(0));
  const least = planReplay(trace, { capacityEntries: 1, valueBytes: 100 });
  assert.ok(least.capacityBytes >= 65_536 && least.capacityBytes < 65_536 + least.weightBytesAt(0));
});
