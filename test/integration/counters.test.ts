// Goal: Increment counts as the proto's comments say, to the ends of int64. Method: real gRPC, a clock that the test
// moves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { NotIncrementedReason } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls, msOf, negative, only, seconds, textOf } from '../support/cache-calls.ts';
import { startTimedServer } from '../support/timed-server.ts';

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

test('an absent counter counts from `initial`', async () => {
  await using t = await startTimedServer();
  const { value, freshFor } = await t.cache.counted('k', 5n, { initial: 100n, ttl: seconds(9) });
  assert.deepEqual([value, msOf(freshFor)], [105n, 9000]);
  assert.equal((await t.cache.counted('k', -6n, { initial: 100n })).value, 99n);
});

test('a counter is a decimal text that Set can write and Get can read', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', '-41', { contentType: 'x/y', tags: ['t'] });
  await t.cache.counted('k', -1n);
  const hit = await t.cache.hit('k', { withTags: true });
  assert.deepEqual([textOf(hit), hit.contentType, hit.tags], ['-42', 'x/y', ['t']]);
});

test('an increment does not lengthen a counter’s life', async () => {
  await using t = await startTimedServer();
  await t.cache.counted('k', 1n, { ttl: seconds(10) });
  t.clock.advance(4000);
  const { freshFor, keepFor } = await t.cache.counted('k', 1n, { ttl: seconds(50) });
  assert.deepEqual([msOf(freshFor), msOf(keepFor)], [6000, 6000]);
});

test('a stale, an invalidated and a negative counter are absent', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('stale', '7', { ttl: seconds(1), staleWindow: seconds(60) });
  await t.cache.stored('invalidated', '7', { tags: ['t'] });
  await t.cache.stored('negative', '', { content: negative });
  await t.cache.remove({ tags: ['t'] });
  t.clock.advance(1000);
  for (const key of ['stale', 'invalidated', 'negative']) assert.equal((await t.cache.counted(key, 1n)).value, 1n);
});

for (const [from, delta, sum] of [
  [INT64_MAX - 1n, 1n, INT64_MAX],
  [INT64_MIN + 1n, -1n, INT64_MIN],
  [INT64_MIN, INT64_MAX, -1n],
  [INT64_MAX, INT64_MIN, -1n],
  [0n, INT64_MIN, INT64_MIN],
] as const) {
  test(`${from} + ${delta} = ${sum}`, async () => {
    await using t = await startTimedServer();
    assert.equal((await t.cache.counted('k', delta, { initial: from })).value, sum);
    assert.equal(textOf(await t.cache.hit('k')), String(sum));
  });
}

for (const [from, delta] of [
  [INT64_MAX, 1n],
  [INT64_MIN, -1n],
  [INT64_MAX, INT64_MAX],
  [INT64_MIN, INT64_MIN],
] as const) {
  test(`${from} + ${delta} is an OVERFLOW and changes nothing`, async () => {
    await using t = await startTimedServer();
    const { revision } = await t.cache.stored('k', String(from));
    const refused = only(await t.cache.increment('k', delta), 'notIncremented');
    assert.deepEqual(refused, { reason: NotIncrementedReason.OVERFLOW, revision });
    assert.equal(textOf(await t.cache.hit('k')), String(from));
  });
}

test('an absent counter can overflow too', async () => {
  await using t = await startTimedServer();
  const refused = only(await t.cache.increment('k', 1n, { initial: INT64_MAX }), 'notIncremented');
  assert.deepEqual(refused, { reason: NotIncrementedReason.OVERFLOW, revision: '' });
  assert.equal(await t.cache.exists('k'), false);
});

for (const text of ['', ' 1', '+1', '1.0', '0x10', '1e3', 'one', '9223372036854775808', '-9223372036854775809', '١']) {
  test(`"${text}" is NOT_A_COUNTER`, async () => {
    await using t = await startTimedServer();
    const { revision } = await t.cache.stored('k', text);
    const refused = only(await t.cache.increment('k', 1n), 'notIncremented');
    assert.deepEqual(refused, { reason: NotIncrementedReason.NOT_A_COUNTER, revision });
    assert.equal(textOf(await t.cache.hit('k')), text);
  });
}

test('a thousand concurrent increments count to a thousand', async () => {
  await using t = await startTimedServer();
  const sums = await Promise.all(Array.from({ length: 1000 }, () => t.cache.counted('k', 1n)));
  assert.equal(new Set(sums.map(({ value }) => value)).size, 1000);
  assert.equal(textOf(await t.cache.hit('k')), '1000');
});

test('counters of two namespaces are two counters', async () => {
  await using t = await startTimedServer();
  await t.cache.counted('k', 3n);
  assert.equal((await cacheCalls(t.server, 'default').counted('k', 4n)).value, 7n, '`default` is the empty name');
});
