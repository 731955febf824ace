// Goal: every outcome of Set, Delete and Touch is as the proto's comments say. Method: real gRPC, a clock that the test
// moves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { NotStoredReason } from '../../src/gen/reprise/v1/entry.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { cacheCalls, msOf, negative, only, onlyIf, seconds, textOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startTimedServer } from '../support/timed-server.ts';

const absent = onlyIf({ $case: 'absent', value: {} });
const present = onlyIf({ $case: 'present', value: {} });
const staleSoon = { ttl: seconds(1), staleWindow: seconds(60) };

test('each change of an entry gives it a revision of its own', async () => {
  await using t = await startTimedServer();
  const revisions = [
    (await t.cache.stored('k', '1')).revision,
    (await t.cache.stored('k', '1')).revision,
    only(await t.cache.touch('k'), 'touched').revision,
    (await t.cache.counted('k', 1n)).revision,
  ];
  assert.equal(new Set(revisions).size, 4);
  assert.equal((await t.cache.hit('k')).revision, revisions[3]);
});

test('a Set replaces content, content type, tags and times', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { contentType: 'a/b', tags: ['t'], ttl: seconds(5), staleWindow: seconds(5) });
  await t.cache.stored('k', 'w');
  const hit = await t.cache.hit('k', { withTags: true });
  assert.deepEqual([textOf(hit), hit.contentType, hit.tags], ['w', '', []]);
  assert.deepEqual([msOf(hit.freshFor), msOf(hit.keepFor)], [3_600_000, 3_600_000]);
});

test('a Set without TTL takes the namespace’s defaults', async () => {
  await using t = await startTimedServer();
  const settings = { defaultTtl: seconds(7), defaultStaleWindow: seconds(3), negativeTtl: seconds(2) };
  await createNamespace(t.server, 'n', settings);
  const cache = cacheCalls(t.server, 'n');
  const stored = await cache.stored('k', 'v');
  const stored2 = await cache.stored('k', '', { content: negative });
  assert.deepEqual(
    [stored, stored2].flatMap((s) => [msOf(s.freshFor), msOf(s.keepFor)]),
    [7000, 10_000, 2000, 2000],
  );
});

test('expire_time is the instant at which the entry becomes stale', async () => {
  await using t = await startTimedServer();
  const { expireTime } = await t.cache.stored('k', 'v', { ttl: seconds(30), staleWindow: seconds(30) });
  assert.equal(Number(expireTime!.seconds) * 1000 + expireTime!.nanos / 1e6, t.clock.nowMs() + 30_000);
});

test('jitter shortens TTLs within its bounds, and differently', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n', { ttlJitterRatio: 0.2 });
  const cache = cacheCalls(t.server, 'n');
  const stored = await Promise.all(
    Array.from({ length: 500 }, (_, i) => cache.stored(`k${i}`, 'v', { ttl: seconds(100) })),
  );
  const freshMs = stored.map(({ freshFor }) => msOf(freshFor));
  assert.ok(Math.min(...freshMs) >= 80_000 && Math.max(...freshMs) <= 100_000, 'within 80 to 100 s');
  assert.ok(Math.min(...freshMs) < 85_000 && Math.max(...freshMs) > 95_000, 'spread over the whole range');
});

test('`absent` lets one writer in, and tells the others the revision', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'first', { condition: absent });
  const second = only(await t.cache.set('k', 'second', { condition: absent }), 'notStored');
  assert.deepEqual(second, { reason: NotStoredReason.PRESENT, revision });
  assert.equal(textOf(await t.cache.hit('k')), 'first');
});

test('`present` refuses where there is nothing', async () => {
  await using t = await startTimedServer();
  const nothing = only(await t.cache.set('k', 'v', { condition: present }), 'notStored');
  assert.deepEqual(nothing, { reason: NotStoredReason.ABSENT, revision: '' });
  assert.equal((await t.cache.get('k')).$case, 'miss');
});

test('`present` replaces a fresh entry', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v');
  await t.cache.stored('k', 'w', { condition: present });
  assert.equal(textOf(await t.cache.hit('k')), 'w');
});

test('a negative entry is present', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', '', { content: negative });
  assert.equal(await t.cache.refusal('k', 'v', { condition: absent }), NotStoredReason.PRESENT);
  await t.cache.stored('k', 'v', { condition: present });
});

test('a stale entry counts as absent, also one that was marked stale', async () => {
  await using t = await startTimedServer();
  for (const key of ['expired', 'marked']) await t.cache.stored(key, 'v', staleSoon);
  await t.cache.markStale({ keys: ['marked'] });
  assert.equal(await t.cache.refusal('marked', 'w', { condition: present }), NotStoredReason.ABSENT);
  t.clock.advance(1000);
  assert.equal(await t.cache.refusal('expired', 'w', { condition: present }), NotStoredReason.ABSENT);
  for (const key of ['expired', 'marked']) await t.cache.stored(key, 'w', { condition: absent });
});

test('an invalidated entry counts as absent', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { tags: ['t'] });
  await t.cache.remove({ tags: ['t'] });
  const refused = only(await t.cache.set('k', 'w', { condition: present }), 'notStored');
  assert.deepEqual(refused, { reason: NotStoredReason.ABSENT, revision: '' });
  await t.cache.stored('k', 'w', { condition: absent });
});

test('`revision` replaces exactly what was seen', async () => {
  await using t = await startTimedServer();
  const seen = onlyIf({ $case: 'revision', value: (await t.cache.stored('k', 'v')).revision });
  const { revision } = await t.cache.stored('k', 'w', { condition: seen });
  const late = only(await t.cache.set('k', 'x', { condition: seen }), 'notStored');
  assert.deepEqual(late, { reason: NotStoredReason.REVISION_MISMATCH, revision });
});

test('`revision` matches a stale entry too', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'v', staleSoon);
  t.clock.advance(1000);
  await t.cache.stored('k', 'w', { condition: onlyIf({ $case: 'revision', value: revision }) });
});

test('`revision` is refused where the entry is gone', async () => {
  await using t = await startTimedServer();
  const condition = onlyIf({ $case: 'revision', value: (await t.cache.stored('k', 'v')).revision });
  await t.cache.delete('k');
  const refused = only(await t.cache.set('k', 'w', { condition }), 'notStored');
  assert.deepEqual(refused, { reason: NotStoredReason.REVISION_MISMATCH, revision: '' });
});

test('the fence of a miss lets one fill in', async () => {
  await using t = await startTimedServer();
  const condition = onlyIf({ $case: 'fence', value: (await t.cache.miss('k')).fence });
  const { revision } = await t.cache.stored('k', 'v', { condition });
  const late = only(await t.cache.set('k', 'w', { condition }), 'notStored');
  assert.deepEqual(late, { reason: NotStoredReason.FENCE_OVERTAKEN, revision });
});

test('a lease id that never was is void', async () => {
  await using t = await startTimedServer();
  const condition = onlyIf({ $case: 'leaseId', value: 'never' });
  assert.equal(await t.cache.refusal('k', 'v', { condition }), NotStoredReason.LEASE_VOID);
});

test('content and a chosen condition are required', async () => {
  await using t = await startTimedServer();
  const noContent = await errorOf(t.cache.set('k', '', { content: undefined }));
  const noKind = await errorOf(t.cache.set('k', 'v', { condition: { kind: undefined } }));
  const noRevision = await errorOf(t.cache.set('k', 'v', { condition: onlyIf({ $case: 'revision', value: '' }) }));
  assert.deepEqual(
    [noContent, noKind, noRevision].map(({ reason, metadata }) => [reason, metadata['field']]),
    [
      ['FIELD_REQUIRED', 'content'],
      ['FIELD_REQUIRED', 'condition.kind'],
      ['FIELD_REQUIRED', 'condition.revision'],
    ],
  );
});

test('Delete tells whether something visible was removed', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('fresh', 'v');
  await t.cache.stored('stale', 'v', staleSoon);
  await t.cache.stored('invalidated', 'v', { tags: ['t'] });
  await t.cache.stored('gone', 'v', { ttl: seconds(1) });
  await t.cache.remove({ tags: ['t'] });
  t.clock.advance(1000);
  const keys = ['fresh', 'stale', 'invalidated', 'gone', 'never'];
  const existed = await Promise.all(keys.map(async (key) => (await t.cache.delete(key)).existed));
  assert.deepEqual(existed, [true, true, false, false, false]);
  assert.equal((await t.cache.get('fresh')).$case, 'miss');
});

test('Touch gives a fresh entry a new lifetime and keeps its content', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(5), tags: ['t'], contentType: 'a/b' });
  t.clock.advance(4000);
  const touched = only(await t.cache.touch('k', { ttl: seconds(20), staleWindow: seconds(2) }), 'touched');
  assert.deepEqual([msOf(touched.freshFor), msOf(touched.keepFor)], [20_000, 22_000]);
  const hit = await t.cache.hit('k', { withTags: true });
  assert.deepEqual([textOf(hit), hit.contentType, hit.tags], ['v', 'a/b', ['t']]);
  assert.deepEqual([hit.revision, msOf(hit.freshFor)], [touched.revision, 20_000]);
});

test('Touch can shorten a life', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(50), staleWindow: seconds(50) });
  await t.cache.touch('k', { ttl: seconds(1) });
  t.clock.advance(1000);
  assert.equal((await t.cache.get('k', { allowStale: true })).$case, 'miss');
});

test('a stale entry is not touched back to life', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', staleSoon);
  t.clock.advance(1000);
  assert.equal(only(await t.cache.touch('k'), 'notTouched').contended, false);
  assert.equal((await t.cache.hit('k', { allowStale: true })).stale, true);
});

test('an entry that was marked stale is not touched back to life', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', staleSoon);
  await t.cache.markStale({ all: true });
  await t.cache.touch('k');
  assert.equal((await t.cache.get('k')).$case, 'miss');
});

test('a touch brings nothing back that was invalidated', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { tags: ['t'] });
  await t.cache.remove({ tags: ['t'] });
  await t.cache.touch('k');
  assert.equal((await t.cache.get('k', { allowStale: true })).$case, 'miss');
});
