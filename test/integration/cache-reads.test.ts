// Goal: every outcome of Get and Exists is as the proto's comments say. Method: real gRPC, a clock that the test moves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { MissReason } from '../../src/gen/reprise/v1/entry.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { cacheCalls, msOf, negative, only, seconds, textOf } from '../support/cache-calls.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';

test('a miss, an empty value, a negative entry and a value are four different answers', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('empty', '');
  await t.cache.stored('negative', '', { content: negative });
  await t.cache.stored('value', 'v');
  assert.equal((await t.cache.get('missing')).$case, 'miss');
  assert.deepEqual((await t.cache.hit('empty')).content, { $case: 'value', value: Buffer.alloc(0) });
  assert.deepEqual((await t.cache.hit('negative')).content, { $case: 'negative', value: {} });
  assert.equal(textOf(await t.cache.hit('value')), 'v');
});

test('a hit gives back the content type, the revision of the Set and the times left', async () => {
  await using t = await startTimedServer();
  const stored = await t.cache.stored('k', 'v', { contentType: 'text/x', ttl: seconds(10), staleWindow: seconds(5) });
  t.clock.advance(4000);
  const hit = await t.cache.hit('k');
  assert.equal(hit.contentType, 'text/x');
  assert.equal(hit.revision, stored.revision);
  assert.deepEqual([msOf(hit.freshFor), msOf(hit.keepFor)], [6000, 11_000]);
  assert.deepEqual(hit.expireTime, stored.expireTime);
  assert.equal(hit.stale, false);
  assert.equal(hit.lease, undefined);
});

test('tags are returned only when asked for', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { tags: ['b', 'a', 'b'] });
  assert.deepEqual((await t.cache.hit('k')).tags, []);
  assert.deepEqual((await t.cache.hit('k', { withTags: true })).tags.toSorted(), ['a', 'b']);
});

test('a key is compared byte by byte, without Unicode normalisation', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('caf\u00e9', 'composed');
  assert.equal((await t.cache.get('cafe\u0301')).$case, 'miss');
  assert.equal(textOf(await t.cache.hit('caf\u00e9')), 'composed');
});

test('an entry is fresh until its TTL, to the millisecond', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(1) });
  t.clock.advance(999);
  assert.equal(msOf((await t.cache.hit('k')).freshFor), 1);
  t.clock.advance(1);
  assert.equal((await t.cache.miss('k')).reason, MissReason.EXPIRED);
});

test('a stale entry is served only to those who allow it, and marked', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(1), staleWindow: seconds(2) });
  t.clock.advance(1000);
  assert.equal((await t.cache.miss('k')).reason, MissReason.EXPIRED);
  const hit = await t.cache.hit('k', { allowStale: true });
  assert.equal(hit.stale, true);
  assert.deepEqual([msOf(hit.freshFor), msOf(hit.keepFor)], [0, 2000]);
});

test('past its stale window an entry is gone for everybody', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(1), staleWindow: seconds(2) });
  t.clock.advance(2999);
  await t.cache.hit('k', { allowStale: true });
  t.clock.advance(1);
  assert.equal((await t.cache.miss('k', { allowStale: true })).reason, MissReason.EXPIRED);
});

test('an entry that was marked stale is served within its own gone time', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(10), staleWindow: seconds(5) });
  await t.cache.markStale({ keys: ['k'] });
  assert.equal((await t.cache.miss('k')).reason, MissReason.INVALIDATED);
  const hit = await t.cache.hit('k', { allowStale: true });
  assert.deepEqual([hit.stale, msOf(hit.freshFor), msOf(hit.keepFor)], [true, 0, 15_000]);
});

test('a reader with the current revision is told NotModified, with the times left', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'v', { ttl: seconds(10) });
  t.clock.advance(1000);
  const same = only(await t.cache.get('k', { ifRevisionNot: revision }), 'notModified');
  assert.equal(same.revision, revision);
  assert.deepEqual([same.stale, msOf(same.freshFor)], [false, 9000]);
});

test('NotModified says so when the entry is stale', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'v', { ttl: seconds(1), staleWindow: seconds(9) });
  t.clock.advance(1000);
  const same = only(await t.cache.get('k', { ifRevisionNot: revision, allowStale: true }), 'notModified');
  assert.deepEqual([same.stale, msOf(same.freshFor), msOf(same.keepFor)], [true, 0, 9000]);
});

test('a reader with another revision gets the entry', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'v');
  await t.cache.stored('k', 'w');
  assert.equal(textOf(await t.cache.hit('k', { ifRevisionNot: revision })), 'w');
});

const missReasons: Record<string, [MissReason, (t: TimedServer) => Promise<unknown>]> = {
  'never set': [MissReason.UNKNOWN, async () => undefined],
  deleted: [MissReason.DELETED, async (t) => [await t.cache.stored('k', 'v'), await t.cache.delete('k')]],
  'deleted without ever having been set': [MissReason.DELETED, async (t) => await t.cache.delete('k')],
  'invalidated by key': [
    MissReason.INVALIDATED,
    async (t) => [await t.cache.stored('k', 'v'), await t.cache.remove({ keys: ['k'] })],
  ],
  'invalidated by tag': [
    MissReason.INVALIDATED,
    async (t) => [await t.cache.stored('k', 'v', { tags: ['t'] }), await t.cache.remove({ tags: ['t'] })],
  ],
  'invalidated with the namespace': [
    MissReason.INVALIDATED,
    async (t) => [await t.cache.stored('k', 'v'), await t.cache.remove({ all: true })],
  ],
};

for (const [how, [reason, arrange]] of Object.entries(missReasons)) {
  test(`the miss of a key that was ${how} says why`, async () => {
    await using t = await startTimedServer();
    await arrange(t);
    assert.equal((await t.cache.miss('k')).reason, reason);
  });
}

test('the miss of an evicted key says EVICTED', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'small', { capacityBytes: 65_536n });
  const cache = cacheCalls(t.server, 'small');
  await cache.stored('k', 'v');
  await cache.stored('big', 'x'.repeat(64_000));
  await cache.stored('bigger', 'x'.repeat(64_500));
  assert.equal((await cache.miss('k')).reason, MissReason.EVICTED);
});

test('a removal is forgotten after ten minutes', async () => {
  await using t = await startTimedServer();
  await t.cache.delete('k');
  t.clock.advance(600_000);
  assert.equal((await t.cache.miss('k')).reason, MissReason.DELETED);
  t.clock.advance(1);
  assert.equal((await t.cache.miss('k')).reason, MissReason.UNKNOWN);
});

test('every miss carries a fence, and no lease unless one was asked for', async () => {
  await using t = await startTimedServer();
  const miss = await t.cache.miss('k');
  assert.notEqual(miss.fence, '');
  assert.deepEqual([miss.lease, miss.retryAfter], [undefined, undefined]);
});

test('Exists tells what a Get without allow_stale would, and whether the hit is negative', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('fresh', 'v');
  await t.cache.stored('negative', '', { content: negative });
  await t.cache.stored('stale', 'v', { ttl: seconds(1), staleWindow: seconds(9) });
  await t.cache.stored('marked', 'v', { staleWindow: seconds(9) });
  await t.cache.markStale({ keys: ['marked'] });
  t.clock.advance(1000);
  const answers = await Promise.all(
    ['fresh', 'negative', 'stale', 'marked', 'missing'].map((key) =>
      t.server.call(CacheServiceService.exists, { key }),
    ),
  );
  assert.deepEqual(answers, [
    { exists: true, negative: false },
    { exists: true, negative: true },
    { exists: false, negative: false },
    { exists: false, negative: false },
    { exists: false, negative: false },
  ]);
});

test('Exists is no change and takes no lease', async () => {
  await using t = await startTimedServer();
  const { fence } = await t.cache.miss('k');
  assert.equal(await t.cache.exists('k'), false);
  await t.cache.stored('k', 'v', { condition: { kind: { $case: 'fence', value: fence } } });
});
