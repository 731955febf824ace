// Goal: every fixed limit holds: at the limit the call is answered, one past it is refused with its reason and facts.
// Method: a table over src/base/limits.ts, real gRPC. A limit that is in no list here fails the last test.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { defaults, limits } from '../../src/base/limits.ts';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { type InvalidationMode, InvalidationServiceService } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { atLeast, milliseconds, negative, textValue } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { type Limit, reaches } from '../support/limit-reaches.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';

const { batchSet, set } = CacheServiceService;
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);

for (const { limit, what, call, reason, field, metadata, ...reach } of reaches) {
  const past = reach.past ?? limits[limit] + (reach.atLeast ? -1 : 1);

  test(`${limits[limit]} ${what}: answered`, async () => {
    await using t = await startTimedServer();
    await call(t, limits[limit]);
  });

  test(`${past} ${what}: ${reason}`, async () => {
    await using t = await startTimedServer();
    const facts = await errorOf(call(t, past));
    assert.deepEqual([facts.reason, facts.domain], [reason, 'reprise']);
    if (field !== undefined) assert.deepEqual(facts.fields, [field]);
    if (metadata !== undefined) assert.deepEqual(facts.metadata, metadata);
  });
}

/** Calls below the least or besides the form of what is allowed, beyond the limits of the table. */
const refused: readonly [what: string, reason: string, call: (t: TimedServer) => Promise<unknown>][] = [
  ['an empty key', 'KEY_INVALID', (t) => t.cache.get('')],
  ['a key with a line end', 'KEY_INVALID', (t) => t.cache.stored('a\nb', 'v')],
  ['a key with a C1 control character', 'KEY_INVALID', (t) => t.cache.delete('a\u0085b')],
  ['an empty tag', 'TAG_INVALID', (t) => t.cache.stored('k', 'v', { tags: [''] })],
  ['a tag with a tab', 'TAG_INVALID', (t) => t.cache.remove({ tags: ['a\tb'] })],
  ['a content type with a line end', 'CONTENT_TYPE_INVALID', (t) => t.cache.stored('k', 'v', { contentType: 'a\nb' })],
  ['an empty batch', 'BATCH_TOO_LARGE', (t) => t.server.call(batchSet, { items: [] })],
  ['a read at least as fresh as nothing', 'TOO_MANY_TOKENS', (t) => t.cache.get('k', { consistency: atLeast() })],
  ['a TTL of 0', 'TTL_OUT_OF_RANGE', (t) => t.cache.set('k', 'v', { ttl: milliseconds(0) })],
  ['a negative TTL', 'TTL_OUT_OF_RANGE', (t) => t.cache.set('k', 'v', { ttl: { seconds: -1n, nanos: 0 } })],
  ['a TTL of mixed signs', 'TTL_OUT_OF_RANGE', (t) => t.cache.set('k', 'v', { ttl: { seconds: 1n, nanos: -1 } })],
  ['an endless TTL', 'TTL_OUT_OF_RANGE', (t) => t.cache.set('k', 'v', { ttl: { seconds: 2n ** 63n - 1n, nanos: 0 } })],
  [
    'a negative stale window',
    'STALE_WINDOW_OUT_OF_RANGE',
    (t) => t.cache.set('k', 'v', { staleWindow: { seconds: -1n, nanos: 0 } }),
  ],
  [
    'a negative entry of the default TTL’s limit and 1 ms',
    'TTL_OUT_OF_RANGE',
    (t) => t.cache.set('k', '', { content: negative, ttl: milliseconds(defaults.negativeTtlMs + 1) }),
  ],
  ['a hold of 0', 'LEASE_OUT_OF_RANGE', (t) => t.cache.get('k', { lease: { hold: milliseconds(0), wait: undefined } })],
  ['an empty namespace name', 'NAMESPACE_NAME_INVALID', (t) => createNamespace(t.server, '')],
  ['an upper case namespace name', 'NAMESPACE_NAME_INVALID', (t) => createNamespace(t.server, 'Abc')],
  ['a namespace name that begins with a dot', 'NAMESPACE_NAME_INVALID', (t) => createNamespace(t.server, '.a')],
  ['a negative jitter ratio', 'SETTING_OUT_OF_RANGE', (t) => createNamespace(t.server, 'n', { ttlJitterRatio: -0.1 })],
  [
    'a namespace without room for a value',
    'SETTING_OUT_OF_RANGE',
    (t) => createNamespace(t.server, 'n', { valueBytesMax: 0 }),
  ],
  [
    'a default TTL beyond the namespace’s own maximum',
    'SETTING_OUT_OF_RANGE',
    (t) => createNamespace(t.server, 'n', { defaultTtl: milliseconds(2), maxTtl: milliseconds(1) }),
  ],
  [
    'a page token of somebody else',
    'PAGE_INVALID',
    (t) => t.server.call(AdminServiceService.listNamespaces, { pageToken: '%%' }),
  ],
];

for (const [what, reason, call] of refused) {
  test(`${what}: ${reason}`, async () => {
    await using t = await startTimedServer();
    assert.equal((await errorOf(call(t))).reason, reason);
  });
}

test('a value of 4 194 305 bytes, one more than grpc’s default limit, goes both ways', async () => {
  await using t = await startTimedServer();
  const value = Buffer.alloc(4_194_305, 'x');
  await t.server.call(set, { key: 'k', content: { $case: 'value', value } });
  const { content } = await t.cache.hit('k');
  assert.ok(content?.$case === 'value' && content.value.equals(value));
});

test('a value of the limit goes both ways', async () => {
  await using t = await startTimedServer();
  const value = Buffer.alloc(limits.valueBytesMax, 'x');
  await t.server.call(set, { key: 'k', content: { $case: 'value', value } });
  const { content } = await t.cache.hit('k');
  assert.ok(content?.$case === 'value' && content.value.equals(value));
});

test('a repeated tag and a repeated key count once', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { tags: [...names(16), ...names(16)] });
  await t.cache.remove({ tags: [...names(100), ...names(100)] });
});

test('a namespace may set its own smaller limits', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n', { valueBytesMax: 3, maxTtl: milliseconds(9), defaultTtl: milliseconds(9) });
  const write = (text: string, ms: number): Promise<unknown> =>
    t.server.call(set, { namespace: 'n', key: 'k', content: textValue(text), ttl: milliseconds(ms) });
  await write('abc', 9);
  const tooLarge = await errorOf(write('abcd', 9));
  assert.deepEqual(tooLarge.metadata, { valueBytes: '4', valueBytesMax: '3' });
  const tooLong = await errorOf(write('abc', 10));
  assert.deepEqual(tooLong.metadata, { ttlMs: '10', ttlMsMax: '9' });
});

test('an unknown invalidation mode is refused', async () => {
  await using t = await startTimedServer();
  const mode = 7 as InvalidationMode;
  const request = { selector: { $case: 'wholeNamespace', value: {} } as const, mode };
  assert.equal((await errorOf(t.server.call(InvalidationServiceService.invalidate, request))).fields[0], 'mode');
});

/** Limits that are not in the table, and the file that tests each at the limit and one past it. */
const elsewhere: Partial<Record<Limit, string>> = {
  absencesPerNamespaceMax: 'test/unit/store/tiered/memory-tier.test.ts',
  acknowledgedAgeMsMin: 'test/unit/store/tiered/acknowledged-invalidations.test.ts',
  acknowledgedInvalidationsMax: 'test/unit/store/tiered/acknowledged-invalidations.test.ts',
  advanceMsMax: 'test/integration/testing-mode.test.ts',
  injectedDelayMsMax: 'test/integration/testing-mode.test.ts',
  recordedCallsMax: 'test/integration/testing-mode.test.ts',
  recordedRequestBytesMax: 'test/integration/testing-mode.test.ts',
  conditionAttemptsMax: 'test/integration/contention.test.ts',
  deadlineMsMax: 'test/integration/bounds.test.ts',
  eventsMessageBytesMax: 'test/unit/invalidation/batch.test.ts',
  fenceAgeMsMax: 'test/integration/fences.test.ts',
  callsInFlightMax: 'test/unit/api/load-shedder.test.ts',
  entriesPerNamespaceMax: 'test/unit/store/memory-store.test.ts',
  goingAwayRetryMsMax: 'test/unit/invalidation/going-away.test.ts',
  leaseWaitersMax: 'test/integration/bounds.test.ts',
  leasesPerNamespaceMax: 'test/unit/store/leases.test.ts',
  localBytesPerNamespaceMax: 'test/unit/cache/local-entries.test.ts',
  spoolBytesMax: 'test/unit/store/file/spool.test.ts',
  spooledInvalidationsMax: 'test/unit/store/file/spool.test.ts',
  loopDelayMsMax: 'test/unit/api/load-shedder.test.ts',
  namespacesMax: 'test/integration/bounds.test.ts',
  recentKeysPerPartitionMax: 'test/unit/store/tiered/follower.test.ts',
  requestIdAgeMsMax: 'test/integration/request-ids.test.ts',
  requestIdsMax: 'test/unit/store/request-ids.test.ts',
  ringBytesMax: 'test/unit/store/change-ring.test.ts',
  refusalsPerSecondMax: 'test/unit/api/load-shedder.test.ts',
  ringChangesMax: 'test/unit/store/change-ring.test.ts',
  // What nghttp2 holds can't be seen from outside: there huge metadata and frames must not harm other callers.
  sessionMegabytesMax: 'test/integration/malformed.test.ts',
  streamsPerConnectionMax: 'test/integration/bounds.test.ts',
  subscriberQueueBytesMax: 'test/unit/invalidation/event-queue.test.ts',
  subscriberQueueEventsMax: 'test/unit/invalidation/event-queue.test.ts',
  subscriptionsMax: 'test/unit/invalidation/live-delivery.test.ts',
  tokenBytesMax: 'test/unit/cache/token-sealer.test.ts',
  tombstonesPerNamespaceMax: 'test/unit/store/tombstones.test.ts',
  watermarksPerNamespaceMax: 'test/integration/bounds.test.ts',
};

test('every limit is tested, here or in a file that is there', () => {
  const here = reaches.map(({ limit }) => limit);
  assert.deepEqual([...new Set([...here, ...Object.keys(elsewhere)])].sort(), Object.keys(limits).sort());
  for (const file of Object.values(elsewhere)) {
    assert.ok(existsSync(new URL(`../../${file}`, import.meta.url)), file);
  }
});
