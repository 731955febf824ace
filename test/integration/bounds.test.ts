// Goal: the limits on what the server holds, rather than on one request, hold too: namespaces, waiting calls, deadlines,
// watermarks, calls of a connection. Method: real gRPC up to the limit, and one more.
import assert from 'node:assert/strict';
import test from 'node:test';
import { status } from '@grpc/grpc-js';
import { defaults, limits } from '../../src/base/limits.ts';
import { MissReason } from '../../src/gen/reprise/v1/entry.ts';
import {
  CountPrecision,
  InvalidationMode,
  InvalidationServiceService,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { msOf, only, resultOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { connectMany, countHeld, leaseOf, takeLease, underLease } from '../support/lease-calls.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';
import { until } from '../support/until.ts';

test(`${limits.namespacesMax} namespaces, and one more is QUOTA_EXCEEDED`, async () => {
  await using t = await startTimedServer();
  const capacityBytes = BigInt(limits.capacityBytesMin);
  for (let count = 1; count < limits.namespacesMax; count++) {
    await createNamespace(t.server, `n${count}`, { capacityBytes });
  }
  const { code, reason } = await errorOf(createNamespace(t.server, 'more', { capacityBytes }));
  assert.deepEqual([code, reason], [status.RESOURCE_EXHAUSTED, 'QUOTA_EXCEEDED']);
});

test(`${limits.leaseWaitersMax} calls wait, and one more is answered at once`, async () => {
  await using t = await startTimedServer();
  const connections = Math.ceil((limits.leaseWaitersMax + 1) / limits.streamsPerConnectionMax);
  using many = connectMany(t.server.address, connections);
  const waiting = countHeld(t.server);
  const id = await takeLease(t.cache, 'k', 60);
  const asking = leaseOf({ waitS: 30 });
  const waiters = Array.from({ length: limits.leaseWaitersMax }, (_, i) =>
    many.caches[i % connections]!.get('k', asking),
  );
  await waiting.reached(limits.leaseWaitersMax);
  const turnedAway = await t.cache.miss('k', asking);
  assert.ok(turnedAway.lease === undefined && msOf(turnedAway.retryAfter) > 0);
  await t.cache.stored('k', 'v', underLease(id));
  assert.ok((await Promise.all(waiters)).every(({ $case }) => $case === 'hit'));
});

test(`${limits.streamsPerConnectionMax} calls of a connection are answered together, one more waits its turn`, async () => {
  await using t = await startTimedServer();
  using one = connectMany(t.server.address, 1);
  const [cache] = one.caches;
  const waiting = countHeld(t.server);
  const id = await takeLease(t.cache, 'k', 60);
  const waiters = Array.from({ length: limits.streamsPerConnectionMax }, () => cache!.get('k', leaseOf({ waitS: 30 })));
  await waiting.reached(limits.streamsPerConnectionMax);
  let answered = false;
  const oneMore = cache!.exists('k').then(() => {
    answered = true;
  });
  await t.cache.exists('k');
  assert.equal(answered, false);
  await t.cache.stored('k', 'v', underLease(id));
  await Promise.all([...waiters, oneMore]);
});

test(`${limits.watermarksPerNamespaceMax} tags are invalidated one by one, and one more folds the oldest half`, async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v');
  const perCall = limits.tagsPerSelectorMax;
  for (let at = 0; at < limits.watermarksPerNamespaceMax; at += perCall) {
    await t.cache.remove({ tags: Array.from({ length: perCall }, (_, i) => `t${at + i}`) });
  }
  await t.cache.hit('k');
  await t.cache.remove({ tags: ['one more'] });
  assert.equal((await t.cache.miss('k')).reason, MissReason.INVALIDATED, 'too much is invalidated, never too little');
  await t.cache.stored('k', 'v', { tags: ['t0', 'one more'] });
  await t.cache.hit('k');
});

/** Dry-runs a count of two pages, the first of which takes so long, under a deadline. Returns whether it came to its end. */
async function countsInTime(t: TimedServer, pageMs: number, deadline: Date | undefined): Promise<boolean> {
  let pages = 0;
  t.server.store.list = (_, from) => {
    if (++pages === 1) t.clock.advance(pageMs);
    return { entries: [], next: pages === 2 ? undefined : `${from}1`, nowMs: t.clock.nowMs() };
  };
  const selector = { $case: 'wholeNamespace', value: {} } as const;
  const request = { selector, mode: InvalidationMode.REMOVE, dryRun: true };
  const calling = deadline === undefined ? {} : { deadline };
  const response = await t.server.call(InvalidationServiceService.invalidate, request, calling);
  return only(resultOf(response), 'counted').precision === CountPrecision.EXACT;
}

/** Milliseconds before its deadline at which a count must stop, so that its answer still arrives. */
const ANSWER_MS = 50;

for (const [what, deadlineMs, askedMs] of [
  ['without a deadline takes 5 s', defaults.deadlineMs, undefined],
  ['with a longer deadline takes 60 s', limits.deadlineMsMax, 600_000],
] as const) {
  test(`a call ${what}`, async () => {
    await using t = await startTimedServer();
    const deadline = askedMs === undefined ? undefined : new Date(Date.now() + askedMs);
    assert.equal(await countsInTime(t, deadlineMs - ANSWER_MS, deadline), true, 'just in time');
    assert.equal(await countsInTime(t, deadlineMs - ANSWER_MS + 1, deadline), false, 'one millisecond late');
  });
}

test('a waiting call without a deadline is answered within 5 s', async () => {
  await using t = await startTimedServer();
  const waiting = countHeld(t.server);
  await takeLease(t.cache, 'k', 60);
  let answered = false;
  const waiter = t.cache.miss('k', leaseOf({ waitS: 30 })).then(() => {
    answered = true;
  });
  await waiting.reached(1);
  t.clock.advance(defaults.deadlineMs - 100);
  await t.cache.exists('k');
  assert.equal(answered, false);
  t.clock.advance(100);
  await until(() => answered);
  await waiter;
});
