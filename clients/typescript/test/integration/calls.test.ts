import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Client,
  CodecError,
  connect,
  InvalidArgumentError,
  msgpackCodec,
  NotFoundError,
  RepriseError,
  rawCodec,
} from '../../src/index.ts';
import { patient } from '../support/patient.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

// Every call against a real server: outcomes, codecs, errors.

let server: Server;
let client: Client;
let count = 0;
const newKey = (): string => `calls:${count++}`;

before(async () => {
  server = await startServer();
  client = await connect(server.address, patient);
});
after(async () => {
  client.close();
  await server[Symbol.asyncDispose]();
});

test('what is set is read, with all that is known of it', async () => {
  const key = newKey();
  const set = await client.set(key, { a: [1, null, 'ü'] }, { ttlMs: 60_000, staleWindowMs: 5000, tags: ['t1'] });
  assert.ok(set.kind === 'stored' && set.token !== '' && !set.local);
  assert.ok(set.freshForMs > 0 && set.freshForMs <= 60_000 && set.keepForMs > set.freshForMs);
  const found = await client.get<{ a: unknown[] }>(key, { withTags: true });
  assert.ok(found.kind === 'hit');
  assert.deepEqual(found.value, { a: [1, null, 'ü'] });
  assert.deepEqual(found.tags, ['t1']);
  assert.equal(found.revision, set.revision);
  assert.deepEqual([found.stale, found.unverified, found.key], [false, false, key]);
  assert.ok(found.freshForMs > 0 && found.freshForMs <= 60_000);
  assert.equal((await client.get(key)).kind === 'hit' && 'tags' in (await client.get(key)), false);
});

test('null, zero bytes, negative and a miss are four different answers', async () => {
  const [nothing, empty, negative, missing] = [newKey(), newKey(), newKey(), newKey()];
  await client.set(nothing, null);
  await client.set(empty, new Uint8Array(), { codec: rawCodec });
  await client.setNegative(negative, { ttlMs: 10_000 });
  const [a, b, c, d] = await Promise.all([nothing, empty, negative, missing].map((key) => client.get(key)));
  assert.ok(a?.kind === 'hit' && a.value === null && a.valueOr('other') === null);
  assert.ok(b?.kind === 'hit' && b.value instanceof Uint8Array && b.value.length === 0);
  assert.ok(c?.kind === 'negative' && c.valueOr('other') === 'other' && c.revision !== '');
  assert.ok(d?.kind === 'miss' && d.reason === 'UNKNOWN' && d.valueOr(7) === 7 && d.fence !== '');
});

test('bytes are decoded by their content type, whatever codec the reader writes with', async () => {
  const [json, raw, packed] = [newKey(), newKey(), newKey()];
  await client.set(json, [1]);
  await client.set(raw, Uint8Array.of(1, 2), { codec: rawCodec });
  await client.set(packed, { at: new Date(5), bytes: Uint8Array.of(3) }, { codec: msgpackCodec });
  await using other = await connect(server.address, { ...patient, codec: rawCodec });
  assert.deepEqual((await other.get(json)).valueOr(undefined), [1]);
  assert.deepEqual((await other.get(raw)).valueOr(undefined), Uint8Array.of(1, 2));
  assert.deepEqual((await other.get(packed)).valueOr(undefined), { at: new Date(5), bytes: Uint8Array.of(3) });
});

test('an unknown content type is an error, and bytes where the caller asks for them', async () => {
  const key = newKey();
  await client.increment(key, { delta: 41n });
  await assert.rejects(client.get(key), CodecError);
  const found = await client.get<Uint8Array>(key, { unknownAsBytes: true });
  assert.equal(Buffer.from(found.kind === 'hit' ? found.value : []).toString(), '41');
  await using other = await connect(server.address, { ...patient, unknownAsBytes: true });
  assert.ok((await other.get(key)).valueOr(undefined) instanceof Uint8Array);
});

test('conditions that fail are results', async () => {
  const key = newKey();
  const absent = await client.set(key, 1, { condition: { present: true } });
  assert.deepEqual(absent, { kind: 'notStored', reason: 'ABSENT', revision: '' });
  const first = await client.set(key, 1, { condition: { absent: true } });
  assert.ok(first.kind === 'stored');
  const second = await client.set(key, 2, { condition: { absent: true } });
  assert.deepEqual(second, { kind: 'notStored', reason: 'PRESENT', revision: first.revision });
  assert.equal((await client.set(key, 3, { condition: { revision: first.revision } })).kind, 'stored');
  const lost = await client.set(key, 4, { condition: { revision: first.revision } });
  assert.ok(lost.kind === 'notStored' && lost.reason === 'REVISION_MISMATCH');
  const other = newKey();
  const missed = await client.get(other);
  await client.set(other, 'newer');
  const late = await client.set(other, 'older', { condition: { fence: missed.kind === 'miss' ? missed.fence : '' } });
  assert.ok(late.kind === 'notStored' && late.reason === 'FENCE_OVERTAKEN');
});

test('delete, touch, exists', async () => {
  const key = newKey();
  assert.deepEqual(await client.exists(key), { exists: false, negative: false });
  assert.equal((await client.touch(key)).kind, 'notTouched');
  await client.set(key, 1, { ttlMs: 60_000 });
  assert.deepEqual(await client.exists(key), { exists: true, negative: false });
  const touched = await client.touch(key, { ttlMs: 5000 });
  assert.ok(touched.kind === 'touched' && touched.freshForMs <= 5000 && touched.token !== '');
  const gone = await client.delete(key);
  assert.ok(gone.kind === 'deleted' && gone.existed && gone.token !== '');
  const again = await client.delete(key);
  assert.ok(again.kind === 'deleted' && !again.existed);
  const missed = await client.get(key);
  assert.ok(missed.kind === 'miss' && missed.reason === 'DELETED');
});

test('counters have 64 bits', async () => {
  const key = newKey();
  const big = 2n ** 62n;
  const first = await client.increment(key, { delta: big, initial: big - 1n });
  assert.ok(first.kind === 'incremented' && first.value === 2n ** 63n - 1n);
  const over = await client.increment(key);
  assert.ok(over.kind === 'notIncremented' && over.reason === 'OVERFLOW');
  const down = await client.increment(key, { delta: -1 });
  assert.ok(down.kind === 'incremented' && down.value === 2n ** 63n - 2n);
  await client.set(key, 'text');
  const none = await client.increment(key);
  assert.ok(none.kind === 'notIncremented' && none.reason === 'NOT_A_COUNTER');
  await assert.rejects(client.increment(key, { delta: 2n ** 63n }), RangeError);
});

test('invalidations by key, tag, prefix and all; dry runs, limits, receipts', async () => {
  await using own = await connect(server.address, patient);
  const reason = async (key: string): Promise<string> => {
    const found = await own.get(key);
    return found.kind === 'miss' ? found.reason : found.kind;
  };
  for (const key of ['inv:1', 'inv:2', 'inv:3', 'other:4']) await own.set(key, 1, { tags: [`tag-${key}`] });
  assert.equal((await own.invalidateKeys(['inv:1'])).kind, 'invalidated');
  assert.equal(await reason('inv:1'), 'INVALIDATED');
  const tagged = await own.invalidateTags(['tag-inv:2'], { wait: 'STREAMS' });
  assert.ok(tagged.kind === 'invalidated' && tagged.receipt?.[0]?.state === 'STREAMED');
  assert.equal(await reason('inv:2'), 'INVALIDATED');
  const counted = await own.invalidatePrefix('inv:', { dryRun: true });
  assert.ok(counted.kind === 'counted' && counted.affected >= 1n && counted.precision === 'EXACT');
  const refused = await own.invalidatePrefix('inv:', { affectedMax: 0 });
  assert.ok(refused.kind === 'refused' && refused.reason === 'TOO_MANY_AFFECTED');
  assert.equal(await reason('inv:3'), 'hit');
  await own.invalidatePrefix('inv:');
  assert.equal(await reason('inv:3'), 'INVALIDATED');
  assert.equal(await reason('other:4'), 'hit');
  await own.set('stale:5', 1, { staleWindowMs: 60_000 });
  await own.invalidateAll({ mode: 'MARK_STALE' });
  assert.equal(await reason('stale:5'), 'INVALIDATED');
  const stale = await own.get('stale:5', { allowStale: true });
  assert.ok(stale.kind === 'hit' && stale.stale && stale.freshForMs === 0);
});

test('batches tell the outcome of each item, also beyond a call`s thousand', async () => {
  const keys = Array.from({ length: 1500 }, (_, i) => `many:${i}`);
  const set = await client.setMany(keys.map((key, i) => ({ key, value: i })));
  assert.ok(set.length === 1500 && set.every(({ kind }) => kind === 'stored'));
  const found = await client.getMany<number>([...keys, 'many:none', '']);
  assert.deepEqual(
    found.slice(0, 1500).map((one) => one.valueOr(-1)),
    keys.map((_, i) => i),
  );
  assert.equal(found[1500]?.kind, 'miss');
  const failed = found[1501];
  assert.ok(failed?.kind === 'error' && failed.error instanceof InvalidArgumentError);
  const mixed = await client.setMany([
    { key: 'many:a', value: NaN },
    { key: 'many:b', negative: true },
    { key: 'many:c', value: 1, condition: { present: true } },
    { key: '', value: 1 },
  ]);
  assert.deepEqual(
    mixed.map(({ kind }) => kind),
    ['error', 'stored', 'notStored', 'error'],
  );
  assert.ok(mixed[0]?.kind === 'error' && mixed[0].error instanceof CodecError && mixed[0].key === 'many:a');
  const gone = await client.deleteMany([...keys, 'many:none']);
  assert.deepEqual(gone.filter((one) => one.kind === 'deleted' && one.existed).length, 1500);
});

test('large values: batches that pass the limit of a message are asked for again', async () => {
  const value = new Uint8Array(5 * 1024 * 1024).fill(7);
  const keys = ['large:1', 'large:2', 'large:3', 'large:4', 'large:5'];
  const set = await client.setMany(
    keys.map((key) => ({ key, value, codec: rawCodec })),
    { timeoutMs: 30_000 },
  );
  assert.ok(
    set.every(({ kind }) => kind === 'stored'),
    JSON.stringify(set.map(({ kind }) => kind)),
  );
  const found = await client.getMany<Uint8Array>(keys, { timeoutMs: 30_000 });
  for (const one of found) assert.ok(one.kind === 'hit' && one.value.length === value.length, one.kind);
  await client.deleteMany(keys);
  await assert.rejects(client.set('large:6', new Uint8Array(9 * 1024 * 1024), { codec: rawCodec, timeoutMs: 30_000 }), {
    reason: 'VALUE_TOO_LARGE',
  });
});

test('errors carry code, reason and facts, and no keys', async () => {
  const long = 'k'.repeat(2000);
  await assert.rejects(client.get(long), (error: unknown) => {
    assert.ok(error instanceof InvalidArgumentError && error instanceof RepriseError);
    assert.deepEqual(
      [error.name, error.code, error.reason],
      ['InvalidArgumentError', 'INVALID_ARGUMENT', 'KEY_TOO_LONG'],
    );
    assert.equal(error.metadata['keyBytesMax'], '1024');
    return !error.message.includes(long);
  });
  await assert.rejects(client.set('ttl', 1, { ttlMs: 1e12 }), { reason: 'TTL_OUT_OF_RANGE' });
  await assert.rejects(client.invalidatePrefix('no-scope'), { reason: 'PREFIX_NOT_A_SCOPE' });
  await assert.rejects(client.get('half \ud800 pair'), { reason: 'KEY_INVALID' });
  await using nowhere = await connect(server.address, { ...patient, namespace: 'nowhere' });
  await assert.rejects(nowhere.get('a'), NotFoundError);
});

test('concurrent gets become one BatchGet, and stay apart where batching is off', async () => {
  const keys = Array.from({ length: 250 }, (_, i) => `auto:${i}`);
  await client.setMany(keys.map((key, i) => ({ key, value: i })));
  await using plain = await connect(server.address, { ...patient, batching: false });
  for (const one of [client, plain]) {
    const found = await Promise.all(keys.map((key) => one.get<number>(key)));
    assert.deepEqual(
      found.map((each) => each.valueOr(-1)),
      keys.map((_, i) => i),
    );
  }
  const outcomes = await Promise.allSettled([client.get('auto:0'), client.get(''), client.get('auto:1')]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});

test('an aborted signal ends the wait with its reason', async () => {
  const reason = new Error('enough');
  await assert.rejects(client.get('a', { signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(client.set('a', 1, { signal: AbortSignal.abort(reason) }), reason);
  const abort = new AbortController();
  const waiting = client.get('a', { signal: abort.signal });
  abort.abort(reason);
  await assert.rejects(waiting, reason);
});

test('a closed client answers nothing', async () => {
  const closing = await connect(server.address, patient);
  await closing.set('a', 1);
  const running = closing.get('a', { latest: true });
  closing.close();
  await assert.rejects(running, { code: 'CANCELLED' });
  await assert.rejects(closing.get('a'), { code: 'CANCELLED' });
  await assert.rejects(
    closing.getOrCompute('a', {}, () => 1),
    { code: 'CANCELLED' },
  );
  assert.throws(() => closing.subscribe(), { code: 'CANCELLED' });
  closing.close();
});

test('a client passes everything through where it is told to, and says so', async () => {
  await using off = await connect('127.0.0.1:1', { passThrough: true });
  const missed = await off.get('a');
  assert.ok(missed.kind === 'miss' && missed.reason === 'PASS_THROUGH');
  assert.deepEqual(
    (await off.getMany(['a', 'b'])).map(({ kind }) => kind),
    ['miss', 'miss'],
  );
  for (const changed of [
    await off.set('a', 1),
    await off.setNegative('a'),
    await off.delete('a'),
    await off.touch('a'),
  ]) {
    assert.equal(changed.kind, 'passedThrough');
  }
  assert.equal((await off.increment('a')).kind, 'passedThrough');
  assert.equal((await off.invalidateAll()).kind, 'passedThrough');
  assert.equal((await off.setMany([{ key: 'a', value: 1 }]))[0]?.kind, 'passedThrough');
  assert.equal((await off.deleteMany(['a']))[0]?.kind, 'passedThrough');
  assert.deepEqual(await off.exists('a'), { exists: false, negative: false });
  let computed = 0;
  for (const _ of [1, 2]) assert.equal(await off.getOrCompute('a', {}, () => ++computed && 'v'), 'v');
  assert.equal(computed, 2);
  await assert.rejects(off.set('a', NaN), CodecError);
  await using quiet = off.subscribe();
  assert.equal(quiet.state, 'CONNECTING');
});

test('reads carry the tokens they are asked to', async () => {
  const key = newKey();
  const set = await client.set(key, 1);
  await using other = await connect(server.address, patient);
  const token = set.kind === 'stored' ? set.token : '';
  assert.equal((await other.get(key, { atLeast: token })).kind, 'hit');
  assert.equal((await other.get(key, { latest: true })).kind, 'hit');
  await assert.rejects(other.get(key, { atLeast: 'no token' }), { reason: 'TOKEN_UNUSABLE' });
  assert.equal((await other.getMany([key], { atLeast: [token] }))[0]?.kind, 'hit');
});

test('an entry past its TTL is stale, then gone', async () => {
  const key = newKey();
  await client.set(key, 1, { ttlMs: 50, staleWindowMs: 60_000 });
  await until(async () => (await client.get(key)).kind === 'miss', 'the TTL to be over');
  const stale = await client.get(key, { allowStale: true });
  assert.ok(stale.kind === 'hit' && stale.stale);
});
