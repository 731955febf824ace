// Goal: a batch answers for each item by index and key, one bad item spoils no other, and the answer fits into a
// message. Method: real gRPC, batches with one of everything and batches at the limits.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ErrorInfo } from '../../src/gen/google/rpc/error_details.ts';
import type { Status } from '../../src/gen/google/rpc/status.ts';
import { type BatchSetItem, CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { MissReason, NotStoredReason } from '../../src/gen/reprise/v1/entry.ts';
import { atLeast, negative, onlyIf, seconds, textOf, textValue } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';

const { batchDelete, batchGet, batchSet } = CacheServiceService;
const LONG_KEY = 'k'.repeat(1025);

function item(key: string, more: Partial<BatchSetItem> = {}): BatchSetItem {
  const rest = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
  return { ...rest, key, content: textValue(`${key}!`), ...more };
}

function reasonOf(status: Status): string {
  const info = status.details.find(({ typeUrl }) => typeUrl.endsWith('.ErrorInfo'));
  return ErrorInfo.decode(info!.value).reason;
}

/** Returns an item's outcome in a word: its case, or the reason of its error. */
function outcomeOf({ result }: { result?: { $case: string; value: unknown } | undefined }): string | undefined {
  return result?.$case === 'error' ? reasonOf(result.value as Status) : result?.$case;
}

test('every item has its index and key, in the order of the request, also where keys repeat', async () => {
  await using t = await startTimedServer();
  const keys = ['b', 'a', 'b', ''];
  const got = (await t.server.call(batchGet, { keys })).results;
  const set = (await t.server.call(batchSet, { items: keys.map((key) => item(key)) })).results;
  const deleted = (await t.server.call(batchDelete, { keys })).results;
  for (const results of [got, set, deleted]) {
    assert.deepEqual(
      results.map(({ index, key }) => [index, key]),
      keys.map((key, index) => [index, key]),
    );
  }
});

test('a bad item of a BatchSet does not spoil the others', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('there', 'old');
  const items = [
    item('good', { ttl: seconds(5), tags: ['t'], contentType: 'a/b' }),
    item(''),
    item(LONG_KEY),
    item('no content', { content: undefined }),
    item('ttl', { ttl: seconds(0) }),
    item('tags', { tags: Array.from({ length: 17 }, (_, i) => `t${i}`) }),
    item('there', { condition: onlyIf({ $case: 'absent', value: {} }) }),
    item('negative', { content: negative }),
    item('fence', { condition: onlyIf({ $case: 'fence', value: 'forged' }) }),
    item('last'),
  ];
  const { results } = await t.server.call(batchSet, { items });
  assert.deepEqual(results.map(outcomeOf), [
    'stored',
    'KEY_INVALID',
    'KEY_TOO_LONG',
    'FIELD_REQUIRED',
    'TTL_OUT_OF_RANGE',
    'TOO_MANY_TAGS',
    'notStored',
    'stored',
    'TOKEN_UNUSABLE',
    'stored',
  ]);
  const refused = results[6]?.result;
  assert.ok(refused?.$case === 'notStored' && refused.value.reason === NotStoredReason.PRESENT);
  assert.equal(textOf(await t.cache.hit('last')), 'last!');
});

test('a bad key of a BatchGet does not spoil the others', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('hit', 'v', { tags: ['t'] });
  await t.cache.delete('deleted');
  const keys = ['hit', '', 'deleted', LONG_KEY, 'a\u0000b', 'hit'];
  const { results } = await t.server.call(batchGet, { keys, withTags: true });
  const outcomes = ['hit', 'KEY_INVALID', 'miss', 'KEY_TOO_LONG', 'KEY_INVALID', 'hit'];
  assert.deepEqual(results.map(outcomeOf), outcomes);
  const [hit, , miss] = results.map(({ result }) => result);
  assert.ok(hit?.$case === 'hit' && hit.value.tags[0] === 't' && textOf(hit.value) === 'v');
  assert.ok(miss?.$case === 'miss' && miss.value.reason === MissReason.DELETED);
});

test('a bad key of a BatchDelete does not spoil the others', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('a', 'v');
  const { results } = await t.server.call(batchDelete, { keys: ['', 'a', 'b'] });
  assert.deepEqual(results.map(outcomeOf), ['KEY_INVALID', 'existed', 'existed']);
  assert.deepEqual(
    results.map(({ result }) => result?.$case === 'existed' && result.value),
    [false, true, false],
  );
});

test('stale entries are among the hits only where they are allowed', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { staleWindow: seconds(60) });
  await t.cache.markStale({ all: true });
  const strict = await t.server.call(batchGet, { keys: ['k'] });
  const lax = await t.server.call(batchGet, { keys: ['k'], allowStale: true });
  assert.deepEqual([strict.results[0]?.result?.$case, lax.results[0]?.result?.$case], ['miss', 'hit']);
});

test('a batch of 1000 is read, written and deleted', async () => {
  await using t = await startTimedServer();
  const keys = Array.from({ length: 1000 }, (_, i) => `k${i}`);
  const set = await t.server.call(batchSet, { items: keys.map((key) => item(key)) });
  const got = await t.server.call(batchGet, { keys, consistency: atLeast(set.token) });
  assert.ok(got.results.every(({ result, key }) => result?.$case === 'hit' && textOf(result.value) === `${key}!`));
  const deleted = await t.server.call(batchDelete, { keys });
  assert.ok(deleted.results.every(({ result }) => result?.$case === 'existed' && result.value));
});

test('a batch’s token covers all its changes', async () => {
  await using t = await startTimedServer();
  const { token } = await t.server.call(batchSet, { items: [item('a'), item(''), item('b')] });
  await t.cache.stored('c', 'v', { condition: onlyIf({ $case: 'fence', value: token }) });
  assert.equal((await t.cache.hit('b', { consistency: atLeast(token) })).stale, false);
});

test('an unusable token fails the whole batch', async () => {
  await using t = await startTimedServer();
  const reading = t.server.call(batchGet, { keys: ['a'], consistency: atLeast('forged') });
  assert.equal((await errorOf(reading)).reason, 'TOKEN_UNUSABLE');
});

test('an unknown namespace fails the whole batch', async () => {
  await using t = await startTimedServer();
  const facts = await errorOf(t.server.call(batchSet, { namespace: 'none', items: [item('a')] }));
  assert.equal(facts.reason, 'NAMESPACE_NOT_FOUND');
});

async function storeLarge(t: TimedServer, keys: readonly string[], valueBytes: number): Promise<void> {
  for (const key of keys) await t.cache.stored(key, 'x'.repeat(valueBytes));
}

test('what does not fit into the answer is RESPONSE_FULL; smaller items behind it still fit', async () => {
  await using t = await startTimedServer();
  const keys = ['a', 'b', 'c', 'small', 'missing', 'd'];
  await storeLarge(t, ['a', 'b', 'c', 'd'], 6 * 1024 * 1024);
  await t.cache.stored('small', 'v');
  const { results } = await t.server.call(batchGet, { keys });
  assert.deepEqual(results.map(outcomeOf), ['hit', 'hit', 'RESPONSE_FULL', 'hit', 'miss', 'RESPONSE_FULL']);
  const rest = await t.server.call(batchGet, { keys: ['c', 'd'] });
  assert.deepEqual(rest.results.map(outcomeOf), ['hit', 'hit']);
});

test('one value of 8 MiB beside 999 small ones fits', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('large', 'x'.repeat(8 * 1024 * 1024));
  const keys = ['large', ...Array.from({ length: 999 }, (_, i) => `k${i}`)];
  await t.server.call(batchSet, { items: keys.slice(1).map((key) => item(key)) });
  const { results } = await t.server.call(batchGet, { keys });
  assert.ok(results.every(({ result }) => result?.$case === 'hit'));
});

test('an item that fails in a batch of writes is not written', async () => {
  await using t = await startTimedServer();
  const { results } = await t.server.call(batchSet, { items: [item('k', { ttl: seconds(31 * 86_400) })] });
  assert.equal(outcomeOf(results[0]!), 'TTL_OUT_OF_RANGE');
  assert.equal(await t.cache.exists('k'), false);
});
