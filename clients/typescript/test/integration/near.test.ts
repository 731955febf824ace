import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Client, CodecError, connect, type NearCacheOptions, rawCodec } from '../../src/index.ts';
import { patient } from '../support/patient.ts';
import { startProxy } from '../support/proxy.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

// The near cache against a real server and another client that changes things.

let server: Server;
let writer: Client;

before(async () => {
  server = await startServer();
  writer = await connect(server.address, { timeoutMs: 20_000 });
});
after(async () => {
  writer.close();
  await server[Symbol.asyncDispose]();
});

async function openNear(nearCache: NearCacheOptions = {}, address = server.address): Promise<Client> {
  const client = await connect(address, { ...patient, nearCache });
  await serving(client);
  return client;
}

const serving = (client: Client): Promise<void> =>
  until(() => client.nearStats()?.serving === true, 'the near cache to be proven');

/** Reads until the near cache answers. */
async function warm(client: Client, key: string): Promise<void> {
  const hits = client.nearStats()!.hits;
  await until(async () => {
    await client.get(key);
    return client.nearStats()!.hits > hits;
  }, `the near cache to have ${key}`);
}

test('what was read is served from here, until anybody changes it', async () => {
  await using client = await openNear();
  const change: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['SET', () => writer.set('near:k', 2, { tags: ['near-t'] })],
    ['TOUCH', () => writer.touch('near:k')],
    ['KEY', () => writer.invalidateKeys(['near:k'])],
    ['TAG', () => writer.invalidateTags(['near-t'])],
    ['PREFIX', () => writer.invalidatePrefix('near:')],
    ['NAMESPACE', () => writer.invalidateAll()],
    ['MARK_STALE', () => writer.invalidateTags(['near-t'], { mode: 'MARK_STALE' })],
    ['DELETE', () => writer.delete('near:k')],
  ];
  for (const [name, make] of change) {
    await writer.set('near:k', 1, { tags: ['near-t'] });
    await until(async () => (await client.get('near:k')).valueOr(0) === 1, 'the value');
    await warm(client, 'near:k');
    assert.equal(client.nearStats()!.entries, 1, name);
    await make();
    await until(() => client.nearStats()!.entries === 0, `the ${name} to drop the entry`);
  }
});

test('negative answers are served from here too, with tags where they are asked for', async () => {
  await using client = await openNear();
  await writer.setNegative('near:neg', { ttlMs: 30_000, tags: ['x'] });
  await warm(client, 'near:neg');
  const found = await client.get('near:neg', { withTags: true });
  assert.ok(found.kind === 'negative' && found.tags?.[0] === 'x' && found.revision !== '');
  assert.ok(!('tags' in (await client.get('near:neg'))));
});

test('own writes are read at once', async () => {
  await using client = await openNear();
  for (let i = 0; i < 200; i++) {
    await client.set('near:own', i);
    assert.equal((await client.get('near:own')).valueOr(-1), i);
    assert.equal((await client.get('near:own')).valueOr(-1), i);
  }
  await client.delete('near:own');
  assert.equal((await client.get('near:own')).kind, 'miss');
});

test('nobody sees what was replaced longer ago than maxLagMs', async () => {
  const maxLagMs = 1000;
  await using client = await openNear({ maxLagMs });
  let written = 0;
  const acknowledgedMs: number[] = [];
  const write = async (): Promise<void> => {
    for (let i = 0; i < 300; i++) {
      await writer.set('near:count', i);
      acknowledgedMs[i] = performance.now();
      written = i;
    }
  };
  const writing = write();
  let reads = 0;
  while (written < 299) {
    const sentMs = performance.now();
    const value = (await client.get<number>('near:count')).valueOr(0);
    reads++;
    const nextMs = acknowledgedMs[value + 1];
    assert.ok(nextMs === undefined || sentMs - nextMs <= maxLagMs, `${value} was replaced ${sentMs - nextMs!} ms ago`);
    // Near hits never leave the turn of the event loop: the stream must be heard too.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writing;
  assert.ok(reads > 0);
});

test('a frozen network ends serving within maxLagMs, and what changed meanwhile is not served after it', async () => {
  await using proxy = await startProxy(server.port);
  await using client = await openNear({}, proxy.address);
  await writer.set('near:frozen', 'old');
  await warm(client, 'near:frozen');
  proxy.freeze();
  await writer.set('near:frozen', 'new');
  const changedMs = performance.now();
  for (;;) {
    const sentMs = performance.now();
    const found = await client.get('near:frozen', { timeoutMs: 200 }).catch(() => undefined);
    if (found === undefined) break;
    assert.ok(sentMs - changedMs <= 1000, 'served although nothing proved it');
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(client.nearStats()!.serving, false);
  proxy.thaw();
  await until(async () => (await client.get('near:frozen').catch(() => undefined))?.kind === 'hit', 'the network');
  assert.equal((await client.get('near:frozen')).valueOr(''), 'new');
  await serving(client);
});

test('a server with another history empties it', async () => {
  const first = await startServer();
  await using client = await openNear({}, first.address);
  await client.set('near:a', 1);
  await warm(client, 'near:a');
  await first.kill();
  await using second = await startServer({ port: first.port });
  await until(() => client.nearStats()!.resets === 1, 'the Reset');
  assert.equal(client.nearStats()!.entries, 0);
  await serving(client);
  assert.equal((await client.get('near:a')).kind, 'miss');
  assert.equal(second.port, first.port);
});

test('only keys with the prefixes are kept, and changes elsewhere do not matter', async () => {
  await using client = await openNear({ prefixes: ['near:p:'] });
  await writer.set('near:p:1', 1);
  await writer.set('other:1', 1);
  await warm(client, 'near:p:1');
  await client.get('other:1');
  await client.get('other:1');
  assert.equal(client.nearStats()!.entries, 1);
  await writer.set('near:p:1', 2);
  await until(() => client.nearStats()!.entries === 0, 'the SET to drop the entry');
});

test('readers of bytes and of decoded values each have their own, unless they share', async () => {
  await using own = await openNear();
  await writer.set('near:obj', { list: [1] });
  await writer.set('near:raw', Uint8Array.of(1, 2), { codec: rawCodec });
  for (const key of ['near:obj', 'near:raw']) await warm(own, key);
  const first = (await own.get<Uint8Array>('near:raw')).valueOr(new Uint8Array());
  first[0] = 9;
  assert.deepEqual((await own.get('near:raw')).valueOr(undefined), Uint8Array.of(1, 2));
  assert.notEqual((await own.get('near:obj')).valueOr(undefined), (await own.get('near:obj')).valueOr(undefined));
  await using shared = await openNear({ shareDecoded: true });
  await warm(shared, 'near:obj');
  assert.equal((await shared.get('near:obj')).valueOr(undefined), (await shared.get('near:obj')).valueOr(undefined));
});

test('peek says what is here and asks nobody', async () => {
  await using client = await connect(server.address, { nearCache: { maxLagMs: 6000 }, timeoutMs: 20_000 });
  await serving(client);
  await writer.set('near:peek', { list: [1] }, { tags: ['x'] });
  await writer.setNegative('near:none', { ttlMs: 30_000 });
  await writer.set('near:foreign', Uint8Array.of(1), { codec: { ...rawCodec, contentType: 'x/foreign' } });
  const { misses } = client.nearStats()!;
  assert.equal(client.peek('near:peek'), undefined);
  assert.equal(client.nearStats()!.misses, misses, 'nobody was asked');
  for (const key of ['near:peek', 'near:none']) await warm(client, key);
  await until(async () => {
    const found = await client.get('near:foreign', { unknownAsBytes: true });
    return found.kind === 'hit' && client.peek('near:foreign', { unknownAsBytes: true }) !== undefined;
  }, 'the near cache to have what no codec knows');
  const { hits } = client.nearStats()!;
  const found = client.peek<object>('near:peek');
  assert.ok(found?.kind === 'hit' && found.freshForMs > 0 && !found.stale && !('tags' in found));
  assert.deepEqual([found.key, found.value, found.valueOr(0)], ['near:peek', { list: [1] }, { list: [1] }]);
  const withTags = client.peek('near:peek', { withTags: true });
  assert.ok(withTags?.kind === 'hit' && withTags.tags?.[0] === 'x' && withTags.value !== found.value);
  assert.equal(client.peek('near:none')?.kind, 'negative');
  assert.throws(() => client.peek('near:foreign'), CodecError);
  assert.equal(client.nearStats()!.hits, hits + 4);
  // What no codec knows fails as a promise, too.
  await assert.rejects(client.get('near:foreign'), CodecError);
  await client.set('near:peek', 1);
  assert.equal(client.peek('near:peek'), undefined, 'an own write drops it');
  client.close();
  assert.equal(client.peek('near:none'), undefined);
  assert.equal(writer.peek('near:none'), undefined, 'no near cache');
});

test('tokens and `latest` go to the server; getMany and getOrCompute use what is here', async () => {
  await using client = await openNear({ maxLagMs: 6000 });
  await writer.set('near:m', 1);
  await warm(client, 'near:m');
  const before = client.nearStats()!.hits;
  await client.get('near:m', { latest: true });
  const set = await writer.set('near:n', 1);
  await client.get('near:m', { atLeast: set.kind === 'stored' ? set.token : '' });
  assert.equal(client.nearStats()!.hits, before);
  const [here, there] = await client.getMany(['near:m', 'near:n']);
  assert.ok(here?.kind === 'hit' && there?.kind === 'hit');
  assert.equal(await client.getOrCompute('near:m', {}, () => assert.fail()), 1);
  assert.equal(client.nearStats()!.hits, before + 2);
  assert.equal(await client.getOrCompute('near:computed', {}, () => 7), 7);
  await warm(client, 'near:computed');
});
