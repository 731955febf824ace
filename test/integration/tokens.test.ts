// Goal: tokens are honoured where they belong and refused, saying why, everywhere else (promise AtLeastAsFresh).
// Method: real gRPC; tokens of every kind of change carried to reads here, in other namespaces and on other servers.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { status } from '@grpc/grpc-js';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { atLeast, type CacheCalls, cacheCalls, only, onlyIf, textOf, textValue } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startServerProcess } from '../support/server-process.ts';
import type { TestServer } from '../support/test-server.ts';
import { startTestServer } from '../support/test-server.ts';

/** Every kind of token that there is, fresh. */
async function allTokens(server: Pick<TestServer, 'call'>, cache: CacheCalls): Promise<Record<string, string>> {
  const item = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
  const { call } = server;
  return {
    set: (await cache.stored('k', '1')).token,
    touch: only(await cache.touch('k'), 'touched').token,
    increment: (await cache.counted('k', 1n)).token,
    delete: (await cache.delete('k')).token,
    'touch of an absent key': only(await cache.touch('k'), 'notTouched').token,
    fence: (await cache.miss('k')).fence,
    'invalidated keys': await cache.remove({ keys: ['a', 'b'] }),
    'invalidated tags': await cache.remove({ tags: ['a', 'b'] }),
    'invalidated prefix': await cache.markStale({ prefix: 'a:' }),
    'invalidated namespace': await cache.markStale({ all: true }),
    batchSet: (await call(CacheServiceService.batchSet, { items: [{ ...item, key: 'b', content: textValue('1') }] }))
      .token,
    batchGet: (await call(CacheServiceService.batchGet, { keys: ['b'] })).token,
    batchDelete: (await call(CacheServiceService.batchDelete, { keys: ['b', 'c'] })).token,
  };
}

async function refusedWhy(reading: Promise<unknown>): Promise<string | undefined> {
  const { reason, code, metadata } = await errorOf(reading);
  assert.deepEqual([reason, code], ['TOKEN_UNUSABLE', status.FAILED_PRECONDITION]);
  return metadata['why'];
}

test('tokens of every kind are honoured by every kind of read', async () => {
  await using server = await startTestServer();
  const cache = cacheCalls(server);
  const tokens = await allTokens(server, cache);
  await cache.stored('k', 'v');
  for (const [kind, token] of Object.entries(tokens)) {
    const consistency = atLeast(token);
    assert.notEqual(token, '', kind);
    assert.equal(textOf(await cache.hit('k', { consistency })), 'v', kind);
    assert.equal((await server.call(CacheServiceService.exists, { key: 'k', consistency })).exists, true, kind);
    const batch = await server.call(CacheServiceService.batchGet, { keys: ['k'], consistency });
    assert.equal(batch.results[0]?.result?.$case, 'hit', kind);
  }
});

test('a token of an item in a batch is empty: the call’s token serves', async () => {
  await using server = await startTestServer();
  const { results, token } = await server.call(CacheServiceService.batchGet, { keys: ['a', 'b'] });
  assert.deepEqual(
    results.map(({ result }) => result?.$case === 'miss' && result.value.fence),
    ['', ''],
  );
  await cacheCalls(server).stored('a', 'v', { condition: onlyIf({ $case: 'fence', value: token }) });
});

test('a batch without any change has no token', async () => {
  await using server = await startTestServer();
  assert.equal((await server.call(CacheServiceService.batchDelete, { keys: [''] })).token, '');
});

test('sixteen tokens are honoured together, and one bad one among them is refused', async () => {
  await using server = await startTestServer();
  const cache = cacheCalls(server);
  const tokens = await Promise.all(
    Array.from({ length: 16 }, async (_, i) => (await cache.stored(`k${i}`, 'v')).token),
  );
  await cache.hit('k0', { consistency: atLeast(...tokens) });
  tokens[15] = 'forged';
  assert.equal(await refusedWhy(cache.get('k0', { consistency: atLeast(...tokens) })), 'FOREIGN');
});

test('`any` and `latest` need no token', async () => {
  await using server = await startTestServer();
  const cache = cacheCalls(server);
  await cache.stored('k', 'v');
  await cache.hit('k', { consistency: { level: { $case: 'any', value: {} } } });
  await cache.hit('k', { consistency: { level: { $case: 'latest', value: {} } } });
  await cache.hit('k', { consistency: { level: undefined } });
});

test('garbage is FOREIGN, for reads and for fences', async () => {
  await using server = await startTestServer();
  const cache = cacheCalls(server);
  const { token } = await cache.stored('k', 'v');
  const flipped = token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.slice(-1);
  for (const bad of ['x', 'AQ', '\u{1f600}', token.slice(1), token.slice(0, -4), flipped, `${token}${token}`]) {
    assert.equal(await refusedWhy(cache.get('k', { consistency: atLeast(bad) })), 'FOREIGN', bad);
    const condition = onlyIf({ $case: 'fence', value: bad });
    assert.equal(await refusedWhy(cache.set('k', 'w', { condition })), 'FOREIGN', bad);
  }
});

test('a token of another deployment is FOREIGN', async () => {
  await using there = await startTestServer();
  await using here = await startTestServer();
  const { token } = await cacheCalls(there).stored('k', 'v');
  assert.equal(await refusedWhy(cacheCalls(here).get('k', { consistency: atLeast(token) })), 'FOREIGN');
});

test('a token of another namespace is OTHER_NAMESPACE', async () => {
  await using server = await startTestServer();
  await createNamespace(server, 'n');
  const { fence } = await cacheCalls(server, 'n').miss('k');
  const cache = cacheCalls(server);
  assert.equal(await refusedWhy(cache.get('k', { consistency: atLeast(fence) })), 'OTHER_NAMESPACE');
  const condition = onlyIf({ $case: 'fence', value: fence });
  assert.equal(await refusedWhy(cache.set('k', 'v', { condition })), 'OTHER_NAMESPACE');
});

test('a token of a namespace that was deleted and created again is OTHER_NAMESPACE', async () => {
  await using server = await startTestServer();
  const cache = cacheCalls(server, 'n');
  await createNamespace(server, 'n');
  const { token } = await cache.stored('k', 'v');
  await server.call(AdminServiceService.deleteNamespace, { name: 'n' });
  await createNamespace(server, 'n');
  assert.equal(await refusedWhy(cache.get('k', { consistency: atLeast(token) })), 'OTHER_NAMESPACE');
});

test('a token of the time before a restart with the same state is UNKNOWN_EPOCH', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'reprise-tokens-'));
  try {
    const flags = ['--state', directory];
    let token: string;
    {
      await using before = await startServerProcess({ flags });
      await createNamespace(before, 'n');
      token = (await cacheCalls(before, 'n').stored('k', 'v')).token;
      before.kill('SIGTERM');
      assert.equal((await before.ended).code, 0);
    }
    await using after = await startServerProcess({ flags });
    const cache = cacheCalls(after, 'n');
    assert.equal(await refusedWhy(cache.get('k', { consistency: atLeast(token) })), 'UNKNOWN_EPOCH');
    assert.equal((await cache.get('k')).$case, 'miss');
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('a token of the time before a restart without state is FOREIGN', async () => {
  await using before = await startServerProcess();
  await using after = await startServerProcess();
  const { token } = await cacheCalls(before).stored('k', 'v');
  assert.equal(await refusedWhy(cacheCalls(after).get('k', { consistency: atLeast(token) })), 'FOREIGN');
});

test('tokens tell nothing to those who look at them', async () => {
  await using server = await startTestServer();
  const tokens = [(await cacheCalls(server).stored('k', 'v')).token, (await cacheCalls(server).stored('k', 'v')).token];
  assert.ok(tokens.every((token) => /^[\w-]{60,200}$/.test(token)));
  assert.notEqual(tokens[0]!.slice(2, 40), tokens[1]!.slice(2, 40));
});
