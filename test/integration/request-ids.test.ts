// Goal: a change that is repeated with its request id is applied once and answered alike (promise OnceOnly). Method:
// real gRPC; what happened between the two tries must survive the second.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { cacheCalls, msOf, onlyIf, resultOf, seconds, textOf, textValue } from '../support/cache-calls.ts';
import { startTimedServer } from '../support/timed-server.ts';

const requestId = 'r-1';

test('a repeated Set does not overwrite what came between, and is answered alike', async () => {
  await using t = await startTimedServer();
  const first = await t.cache.stored('k', 'mine', { requestId, ttl: seconds(9) });
  await t.cache.stored('k', 'other');
  t.clock.advance(1000);
  const second = await t.cache.stored('k', 'mine', { requestId, ttl: seconds(9) });
  assert.deepEqual({ ...second, token: '' }, { ...first, token: '' });
  assert.equal(textOf(await t.cache.hit('k')), 'other');
});

test('a repeated conditional Set is answered with its success, not with its own effect', async () => {
  await using t = await startTimedServer();
  const condition = onlyIf({ $case: 'absent', value: {} });
  const first = await t.cache.stored('k', 'v', { requestId, condition });
  assert.equal((await t.cache.stored('k', 'v', { requestId, condition })).revision, first.revision);
});

test('a repeated Set under a lease is stored, although the lease has ended with the first', async () => {
  await using t = await startTimedServer();
  const { lease } = await t.cache.miss('k', { lease: { hold: undefined, wait: undefined } });
  const condition = onlyIf({ $case: 'leaseId', value: lease!.id });
  const first = await t.cache.stored('k', 'v', { requestId, condition });
  assert.equal((await t.cache.stored('k', 'v', { requestId, condition })).revision, first.revision);
});

test('a repeated Set under a fence is stored, although the first overtook it', async () => {
  await using t = await startTimedServer();
  const condition = onlyIf({ $case: 'fence', value: (await t.cache.miss('k')).fence });
  const first = await t.cache.stored('k', 'v', { requestId, condition });
  assert.equal((await t.cache.stored('k', 'v', { requestId, condition })).revision, first.revision);
});

test('a repeated Increment counts once', async () => {
  await using t = await startTimedServer();
  const first = await t.cache.counted('k', 5n, { requestId });
  await t.cache.counted('k', 1n);
  const second = await t.cache.counted('k', 5n, { requestId });
  assert.deepEqual([second.value, second.revision], [5n, first.revision]);
  assert.equal(textOf(await t.cache.hit('k')), '6');
});

test('a repeated Delete does not remove what was set between', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'old');
  const first = await t.cache.delete('k', { requestId });
  await t.cache.stored('k', 'new');
  const second = await t.cache.delete('k', { requestId });
  assert.deepEqual([first.existed, second.existed], [true, true]);
  assert.equal(textOf(await t.cache.hit('k')), 'new');
});

test('a repeated Touch does not lengthen a life again', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v');
  const first = await t.cache.touch('k', { requestId, ttl: seconds(10) });
  t.clock.advance(3000);
  const second = await t.cache.touch('k', { requestId, ttl: seconds(10) });
  assert.ok(first.$case === 'touched' && second.$case === 'touched');
  assert.equal(second.value.revision, first.value.revision);
  assert.equal(msOf((await t.cache.hit('k')).freshFor), 7000);
});

test('a repeated Touch of an absent key stays an answer about an absent key', async () => {
  await using t = await startTimedServer();
  await t.cache.touch('k', { requestId });
  await t.cache.stored('k', 'v');
  assert.equal((await t.cache.touch('k', { requestId })).$case, 'notTouched');
});

test('a repeated Invalidate does not remove what was set between', async () => {
  await using t = await startTimedServer();
  for (const selecting of [{ keys: ['k'] }, { tags: ['t'] }, { prefix: 'k' }, { all: true } as const]) {
    const selector = 'prefix' in selecting ? { prefix: 'k:' } : selecting;
    const id = { requestId: JSON.stringify(selector) };
    await t.cache.invalidate(selector, id);
    await t.cache.stored('k', 'v', { tags: ['t'] });
    await t.cache.stored('k:1', 'v');
    await t.cache.invalidate(selector, id);
    assert.equal(textOf(await t.cache.hit('k')), 'v');
    assert.equal(textOf(await t.cache.hit('k:1')), 'v');
  }
});

test('a repeated BatchSet is applied once, item by item, and answered alike', async () => {
  await using t = await startTimedServer();
  const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
  const items = ['a', 'b', 'a'].map((key, i) => ({ ...item, key, content: textValue(`${key}${i}`) }));
  const first = await t.server.call(CacheServiceService.batchSet, { items, requestId });
  await t.cache.stored('b', 'other');
  const second = await t.server.call(CacheServiceService.batchSet, { items, requestId });
  assert.deepEqual(second.results, first.results);
  assert.equal(textOf(await t.cache.hit('a')), 'a2');
  assert.equal(textOf(await t.cache.hit('b')), 'other');
});

test('a repeated BatchDelete is applied once and answered alike', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('a', 'old');
  const first = await t.server.call(CacheServiceService.batchDelete, { keys: ['a', 'b'], requestId });
  await t.cache.stored('a', 'new');
  const second = await t.server.call(CacheServiceService.batchDelete, { keys: ['a', 'b'], requestId });
  assert.deepEqual(second.results, first.results);
  assert.equal(textOf(await t.cache.hit('a')), 'new');
});

test('concurrent tries of one change are one change', async () => {
  await using t = await startTimedServer();
  const tries = await Promise.all(Array.from({ length: 100 }, () => t.cache.counted('k', 1n, { requestId })));
  assert.deepEqual(new Set(tries.map(({ value }) => value)), new Set([1n]));
});

test('an id belongs to its key and namespace', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n');
  await t.cache.stored('a', '1', { requestId });
  await t.cache.stored('b', '2', { requestId });
  await cacheCalls(t.server, 'n').stored('a', '3', { requestId });
  const texts = [t.cache.hit('a'), t.cache.hit('b'), cacheCalls(t.server, 'n').hit('a')];
  assert.deepEqual((await Promise.all(texts)).map(textOf), ['1', '2', '3']);
});

test('an id is remembered for a minute, and then means a new change', async () => {
  await using t = await startTimedServer();
  await t.cache.counted('k', 1n, { requestId });
  t.clock.advance(60_000);
  assert.equal((await t.cache.counted('k', 1n, { requestId })).value, 1n);
  t.clock.advance(1);
  assert.equal((await t.cache.counted('k', 1n, { requestId })).value, 2n);
});

test('a refused change is judged anew when it is repeated', async () => {
  await using t = await startTimedServer();
  const condition = onlyIf({ $case: 'present', value: {} });
  assert.equal((await t.cache.set('k', 'v', { requestId, condition })).$case, 'notStored');
  await t.cache.stored('k', 'other');
  const retried = resultOf({ result: await t.cache.set('k', 'v', { requestId, condition }) });
  assert.equal(retried.$case, 'stored');
});
