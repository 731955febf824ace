import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Client, CodecError, connect, InvalidArgumentError } from '../../src/index.ts';
import { patient } from '../support/patient.ts';
import { startProxy } from '../support/proxy.ts';
import { type Server, startServer } from '../support/server.ts';
import { until, within } from '../support/until.ts';

// One computation for each missing value, whoever asks; values that nobody should have are not kept.

const PROCESS = fileURLToPath(new URL('../support/compute-process.ts', import.meta.url));
let server: Server;
let client: Client;
let other: Client;
let count = 0;
const newKey = (): string => `compute:${count++}`;

before(async () => {
  server = await startServer();
  [client, other] = await Promise.all([connect(server.address, patient), connect(server.address, patient)]);
});
after(async () => {
  client.close();
  other.close();
  await server[Symbol.asyncDispose]();
});

/** A computation that waits until it is let go. */
function gated<T>(value: T) {
  let begun = 0;
  let open: (() => void) | undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const fn = async (): Promise<T> => {
    begun++;
    await gate;
    return value;
  };
  return { fn, open: () => open!(), begun: () => begun };
}

const never = (): never => assert.fail('computed although there is a value');

test('a value is computed, kept, and read from then on', async () => {
  const key = newKey();
  assert.deepEqual(await client.getOrCompute(key, { ttlMs: 60_000, tags: ['t'] }, () => ({ a: 1 })), { a: 1 });
  assert.deepEqual(await client.getOrCompute(key, {}, never), { a: 1 });
  assert.deepEqual(await other.getOrCompute(key, {}, never), { a: 1 });
  const found = await other.get(key, { withTags: true });
  assert.ok(found.kind === 'hit' && found.freshForMs <= 60_000 && found.tags?.[0] === 't');
});

test('null is a value', async () => {
  const key = newKey();
  assert.equal(await client.getOrCompute(key, {}, () => null), null);
  assert.equal(await other.getOrCompute(key, {}, never), null);
});

test('nothing is remembered only where a negative TTL is given', async () => {
  const [forgotten, remembered] = [newKey(), newKey()];
  assert.equal(await client.getOrCompute(forgotten, {}, () => undefined), undefined);
  assert.equal((await client.get(forgotten)).kind, 'miss');
  // The lease went back: the next caller computes at once.
  assert.equal(await other.getOrCompute(forgotten, {}, () => 2), 2);
  assert.equal(await client.getOrCompute(remembered, { negativeTtlMs: 30_000 }, () => undefined), undefined);
  assert.equal((await client.get(remembered)).kind, 'negative');
  assert.equal(await other.getOrCompute(remembered, {}, never), undefined);
});

test('concurrent callers of one process and of another share one computation', async () => {
  const key = newKey();
  const { fn, open, begun } = gated('v');
  const mine = Array.from({ length: 50 }, () => client.getOrCompute(key, {}, fn));
  await until(() => begun() === 1, 'the computation to begin');
  const theirs = Array.from({ length: 50 }, () => other.getOrCompute(key, {}, never));
  open();
  assert.deepEqual(new Set(await Promise.all([...mine, ...theirs])), new Set(['v']));
  assert.equal(begun(), 1);
});

test('3000 callers in three processes cause one computation', async () => {
  const key = newKey();
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, [PROCESS, server.address, key], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  try {
    const lines = children.map((child) => createInterface({ input: child.stdout })[Symbol.asyncIterator]());
    for (const line of lines) assert.equal((await within(line.next(), 'a process to be ready')).value, 'ready');
    for (const child of children) child.stdin.write('go\n');
    const said = await Promise.all(lines.map((line) => within(line.next(), 'a process to be done', 60_000)));
    const results = said.map(({ value }) => JSON.parse(String(value)) as { computed: number; values: string[] });
    assert.equal(
      results.reduce((sum, { computed }) => sum + computed, 0),
      1,
    );
    for (const { values } of results) assert.deepEqual(values, ['computed']);
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
});

test('a stale value is served at once, and one caller computes the next in the background', async () => {
  const key = newKey();
  const options = { ttlMs: 60_000, staleWindowMs: 60_000 };
  await client.getOrCompute(key, options, () => 'old');
  await other.invalidateKeys([key], { mode: 'MARK_STALE' });
  const { fn, open, begun } = gated('new');
  assert.equal(await client.getOrCompute(key, options, fn), 'old');
  await until(() => begun() === 1, 'the computation to begin');
  assert.equal(await client.getOrCompute(key, options, never), 'old', 'nobody waits');
  assert.equal(await other.getOrCompute(key, options, never), 'old', 'nobody else computes');
  open();
  await until(async () => (await other.get(key)).valueOr('') === 'new', 'the new value');
});

test('an invalidation while it is computed: the caller gets the value, nobody else', async () => {
  const key = newKey();
  const { fn, open, begun } = gated('outdated');
  const asked = client.getOrCompute(key, {}, fn);
  await until(() => begun() === 1, 'the computation to begin');
  await other.invalidateKeys([key]);
  open();
  assert.equal(await asked, 'outdated');
  assert.equal((await other.get(key, { latest: true })).kind, 'miss');
});

test('a computation that fails: its error as it is, and the next caller computes', async () => {
  const key = newKey();
  const failure = new Error('no luck');
  await assert.rejects(
    client.getOrCompute(key, {}, () => Promise.reject(failure)),
    failure,
  );
  assert.equal(await other.getOrCompute(key, {}, () => 'v'), 'v');
});

test('a computation that fails, with staleIfError: the stale value', async () => {
  const key = newKey();
  await client.set(key, 'old', { ttlMs: 60_000, staleWindowMs: 60_000 });
  await client.invalidateKeys([key], { mode: 'MARK_STALE' });
  const fail = (): never => {
    throw new Error('no luck');
  };
  assert.equal(await client.getOrCompute(key, { staleIfError: true }, fail), 'old');
  await assert.rejects(client.getOrCompute(newKey(), { staleIfError: true }, fail), /no luck/);
});

test('waiting for others ends: then it is computed here as well', async () => {
  const key = newKey();
  const { fn, open, begun } = gated('slow');
  const slow = client.getOrCompute(key, {}, fn);
  await until(() => begun() === 1, 'the computation to begin');
  assert.equal(await other.getOrCompute(key, { waitMs: 100, timeoutMs: 400 }, () => 'own'), 'own');
  assert.equal((await other.get(key)).valueOr(''), 'own', 'nothing had changed: it is kept');
  open();
  assert.equal(await slow, 'slow');
  assert.equal((await other.get(key, { latest: true })).valueOr(''), 'own', 'the lease was void');
});

test('whoever gives up ends only its own waiting; the last ends the computation', async () => {
  const key = newKey();
  const { fn, open, begun } = gated('v');
  const [first, second] = [new AbortController(), new AbortController()];
  let aborted = false;
  const compute = async ({ signal }: { signal: AbortSignal }): Promise<string> => {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return fn();
  };
  const a = client.getOrCompute(key, { signal: first.signal }, compute);
  const b = client.getOrCompute(key, { signal: second.signal }, compute);
  await until(() => begun() === 1, 'the computation to begin');
  first.abort(new Error('enough'));
  await assert.rejects(a, /enough/);
  assert.equal(aborted, false);
  second.abort(new Error('enough too'));
  await assert.rejects(b, /enough too/);
  assert.equal(aborted, true);
  open();
  assert.equal(await client.getOrCompute(newKey(), {}, () => 1), 1);
});

test('the cache is away: computed once at a time, and returned', async () => {
  await using away = await connect('127.0.0.1:1', { timeoutMs: 500 });
  const { fn, open, begun } = gated('v');
  const asked = [1, 2, 3].map(() => away.getOrCompute('k', {}, fn));
  await until(() => begun() === 1, 'the computation to begin');
  open();
  assert.deepEqual(await Promise.all(asked), ['v', 'v', 'v']);
  assert.equal(begun(), 1);
});

test('the cache goes away while it is computed: the value is returned', async () => {
  await using proxy = await startProxy(server.port);
  await using through = await connect(proxy.address, { timeoutMs: 500 });
  const { fn, open, begun } = gated('v');
  const asked = through.getOrCompute(newKey(), {}, fn);
  await until(() => begun() === 1, 'the computation to begin');
  proxy.freeze();
  open();
  assert.equal(await within(asked, 'the value'), 'v');
});

test('what the caller must mend is told: values without a form, arguments that are refused', async () => {
  await assert.rejects(
    client.getOrCompute(newKey(), {}, () => Number.NaN),
    CodecError,
  );
  await assert.rejects(
    client.getOrCompute(newKey(), { ttlMs: 1e13 }, () => 1),
    InvalidArgumentError,
  );
  await assert.rejects(
    client.getOrCompute('', {}, () => 1),
    InvalidArgumentError,
  );
});

test('in the last tenth of the TTL one caller computes the next value early, while all take the hit', async () => {
  const key = newKey();
  const options = { ttlMs: 20_000 };
  await client.getOrCompute(key, options, () => 'first');
  // The rest of its life is a twentieth of what the callers name.
  await client.touch(key, { ttlMs: 1000 });
  let begun = 0;
  let value: unknown;
  for (let i = 0; i < 10_000 && begun === 0; i++) {
    value = await client.getOrCompute(key, options, () => {
      begun++;
      return 'second';
    });
    if (begun === 0) assert.equal(value, 'first');
  }
  assert.ok(begun === 1, 'nobody computed early');
  await until(async () => (await other.get(key)).valueOr('') === 'second', 'the next value');
  const found = await other.get(key);
  assert.ok(found.kind === 'hit' && found.freshForMs > 10_000);
});

test('an early refresh that something overtook is not kept', async () => {
  const key = newKey();
  const options = { ttlMs: 1_000_000 };
  await client.set(key, 'first', { ttlMs: 2000 });
  const { fn, open, begun } = gated('outdated');
  for (let i = 0; i < 10_000 && begun() === 0; i++) await client.getOrCompute(key, options, fn);
  await other.set(key, 'newer', { ttlMs: 60_000 });
  open();
  await until(async () => (await client.get(key, { latest: true })).valueOr('') === 'newer', 'the newer value');
  await client.getOrCompute(newKey(), {}, () => 1);
  assert.equal((await other.get(key, { latest: true })).valueOr(''), 'newer');
});
