// Goal: a count over a large namespace ends with its call: at the deadline it says how far it came, a caller who leaves
// ends it. Method: real gRPC over a store whose pages take as long as the test says.
import assert from 'node:assert/strict';
import test from 'node:test';
import { status } from '@grpc/grpc-js';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import {
  CountPrecision,
  InvalidationMode,
  InvalidationServiceService,
  RefusedReason,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { only, textValue } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';
import { within } from '../support/until.ts';

const ENTRIES = 3500;

async function filled(): Promise<TimedServer> {
  const timed = await startTimedServer();
  const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
  for (let at = 0; at < ENTRIES; at += 500) {
    const items = Array.from({ length: 500 }, (_, i) => ({ ...item, key: `a:${at + i}`, content: textValue('v') }));
    await timed.server.call(CacheServiceService.batchSet, { items });
  }
  return timed;
}

/** Makes each page of a list take so long. Returns how many were read. */
function slowPages({ server, clock }: TimedServer, pageMs: number): { readonly count: number } {
  const list = server.store.list.bind(server.store);
  const pages = { count: 0 };
  server.store.list = (...asked) => {
    pages.count++;
    clock.advance(pageMs);
    return list(...asked);
  };
  return pages;
}

test('a count that ends in time is exact', async () => {
  await using t = await filled();
  const counted = only(await t.cache.invalidate({ prefix: 'a:' }, { dryRun: true }), 'counted');
  assert.deepEqual(counted, { affected: BigInt(ENTRIES), precision: CountPrecision.EXACT });
});

test('a count that the deadline ended says AT_LEAST', async () => {
  await using t = await filled();
  slowPages(t, 3000);
  const { affected, precision } = only(await t.cache.invalidate({ all: true }, { dryRun: true }), 'counted');
  assert.equal(precision, CountPrecision.AT_LEAST);
  assert.ok(affected > 0n && affected < BigInt(ENTRIES));
});

test('affected_max refuses what was not counted to the end: COUNT_INCOMPLETE', async () => {
  await using t = await filled();
  slowPages(t, 3000);
  const refused = only(await t.cache.invalidate({ all: true }, { affectedMax: 1_000_000n }), 'refused');
  assert.equal(refused.reason, RefusedReason.COUNT_INCOMPLETE);
  assert.equal(await t.cache.exists('a:0'), true);
});

test('affected_max stops counting when it knows enough', async () => {
  await using t = await filled();
  const pages = slowPages(t, 0);
  const refused = only(await t.cache.invalidate({ all: true }, { affectedMax: 10n }), 'refused');
  assert.equal(refused.reason, RefusedReason.TOO_MANY_AFFECTED);
  assert.equal(pages.count, 1);
});

test('without a count even a call without any time left invalidates', async () => {
  await using t = await filled();
  const pages = slowPages(t, 3000);
  await t.cache.remove({ prefix: 'a:' });
  assert.equal(pages.count, 0);
  assert.equal(await t.cache.exists('a:0'), false);
});

test('a caller who leaves ends the count', async () => {
  await using t = await startTimedServer();
  const leaving = new AbortController();
  let pages = 0;
  // Pages without end: a count that nobody stops would keep the server from draining.
  t.server.store.list = (_, from) => {
    if (++pages === 10) leaving.abort();
    return { entries: [], next: from + 1, nowMs: t.clock.nowMs() };
  };
  const request = { selector: { $case: 'wholeNamespace', value: {} }, mode: InvalidationMode.REMOVE } as const;
  const counting = t.server.call(
    InvalidationServiceService.invalidate,
    { ...request, dryRun: true },
    { signal: leaving.signal },
  );
  assert.equal((await errorOf(counting)).code, status.CANCELLED);
  assert.equal(await within(t.server.server.drain(), { what: 'the end of the count' }), true);
});
