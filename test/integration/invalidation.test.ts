// Goal: Invalidate covers exactly what its selector says, in both modes, and nothing else. Method: real gRPC; a small
// namespace of look-alike keys and tags, read after each invalidation.
import assert from 'node:assert/strict';
import test from 'node:test';
import { InvalidationMode, RefusedReason } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { type CacheCalls, cacheCalls, msOf, only, type Selecting, seconds, textOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { startTimedServer } from '../support/timed-server.ts';

/** Keys that a careless prefix would confuse, and the tags they carry. */
const entries: Record<string, string[]> = {
  a: ['t'],
  'a:': [],
  'a:1': ['t', 'u'],
  'a:b/2': ['u'],
  'a/b:3': ['tt'],
  'ab:4': ['T'],
  'A:5': ['t:'],
};
const KEYS = Object.keys(entries);

async function fill(cache: CacheCalls): Promise<void> {
  const lives = { ttl: seconds(100), staleWindow: seconds(100) };
  await Promise.all(KEYS.map((key) => cache.stored(key, key, { tags: entries[key]!, ...lives })));
}

async function freshKeys(cache: CacheCalls): Promise<string[]> {
  const exists = await Promise.all(KEYS.map((key) => cache.exists(key)));
  return KEYS.filter((_, i) => exists[i]);
}

async function servedKeys(cache: CacheCalls): Promise<string[]> {
  const got = await Promise.all(KEYS.map((key) => cache.get(key, { allowStale: true })));
  return KEYS.filter((_, i) => got[i]?.$case === 'hit');
}

const covered: [name: string, selector: Selecting, keys: string[]][] = [
  ['single keys', { keys: ['a', 'a:1', 'missing', 'a'] }, ['a', 'a:1']],
  ['the prefix a:', { prefix: 'a:' }, ['a:', 'a:1', 'a:b/2']],
  ['the prefix a:b/', { prefix: 'a:b/' }, ['a:b/2']],
  ['the prefix a/', { prefix: 'a/' }, ['a/b:3']],
  ['the prefix ab:', { prefix: 'ab:' }, ['ab:4']],
  ['one tag', { tags: ['t'] }, ['a', 'a:1']],
  ['any of several tags', { tags: ['tt', 'u'] }, ['a:1', 'a:b/2', 'a/b:3']],
  ['the whole namespace', { all: true }, KEYS],
];

for (const [name, selector, keys] of covered) {
  test(`REMOVE of ${name} leaves nothing of it, not even for those who allow stale entries`, async () => {
    await using t = await startTimedServer();
    await fill(t.cache);
    await t.cache.remove(selector);
    const others = KEYS.filter((key) => !keys.includes(key));
    assert.deepEqual([await freshKeys(t.cache), await servedKeys(t.cache)], [others, others]);
  });

  test(`MARK_STALE of ${name} leaves it to those who allow stale entries`, async () => {
    await using t = await startTimedServer();
    await fill(t.cache);
    await t.cache.markStale(selector);
    const others = KEYS.filter((key) => !keys.includes(key));
    assert.deepEqual([await freshKeys(t.cache), await servedKeys(t.cache)], [others, KEYS]);
  });

  test(`a dry run over ${name} counts it and changes nothing`, async () => {
    await using t = await startTimedServer();
    await fill(t.cache);
    for (const mode of [InvalidationMode.REMOVE, InvalidationMode.MARK_STALE]) {
      const counted = only(await t.cache.invalidate(selector, { dryRun: true, mode }), 'counted');
      assert.deepEqual(counted, { affected: BigInt(keys.length), precision: 1 });
    }
    assert.deepEqual(await freshKeys(t.cache), KEYS);
  });
}

test('what is set after an invalidation is not covered by it', async () => {
  await using t = await startTimedServer();
  await t.cache.remove({ all: true });
  await t.cache.markStale({ all: true });
  await fill(t.cache);
  assert.deepEqual(await freshKeys(t.cache), KEYS);
});

test('an invalidation stays within its namespace', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n');
  const other = cacheCalls(t.server, 'n');
  await Promise.all([fill(t.cache), fill(other)]);
  for (const [, selector] of covered) await other.remove(selector);
  assert.deepEqual([await freshKeys(t.cache), await freshKeys(other)], [KEYS, []]);
});

test('marking stale again and again never lengthens a life', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { ttl: seconds(10), staleWindow: seconds(5) });
  for (let at = 0; at < 14; at++) {
    await t.cache.markStale({ keys: ['k'] });
    await t.cache.markStale({ all: true });
    const hit = await t.cache.hit('k', { allowStale: true });
    assert.deepEqual([hit.stale, msOf(hit.keepFor)], [true, 15_000 - at * 1000]);
    t.clock.advance(1000);
  }
  t.clock.advance(1000);
  assert.equal((await t.cache.get('k', { allowStale: true })).$case, 'miss');
});

test('REMOVE wins over a later MARK_STALE', async () => {
  await using t = await startTimedServer();
  await fill(t.cache);
  await t.cache.remove({ tags: ['t'] });
  await t.cache.markStale({ all: true });
  assert.deepEqual(
    await servedKeys(t.cache),
    KEYS.filter((key) => !entries[key]!.includes('t')),
  );
});

test('a replaced entry is covered by its new tags only', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { tags: ['old'] });
  await t.cache.stored('k', 'w', { tags: ['new'] });
  await t.cache.remove({ tags: ['old'] });
  assert.equal(textOf(await t.cache.hit('k')), 'w');
  await t.cache.remove({ tags: ['new'] });
  assert.equal((await t.cache.get('k')).$case, 'miss');
});

test('a count leaves out what is gone or already invalidated, and marking leaves out what is stale', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('fresh', 'v');
  await t.cache.stored('gone', 'v', { ttl: seconds(1) });
  await t.cache.stored('stale', 'v', { ttl: seconds(1), staleWindow: seconds(60) });
  await t.cache.stored('removed', 'v', { tags: ['t'] });
  await t.cache.remove({ tags: ['t'] });
  t.clock.advance(1000);
  const counts: bigint[] = [];
  for (const selector of [{ all: true } as const, { keys: ['fresh', 'gone', 'stale', 'removed'] }]) {
    for (const mode of [InvalidationMode.REMOVE, InvalidationMode.MARK_STALE]) {
      counts.push(only(await t.cache.invalidate(selector, { dryRun: true, mode }), 'counted').affected);
    }
  }
  assert.deepEqual(counts, [2n, 1n, 2n, 1n]);
});

for (const [name, selector, keys] of covered) {
  test(`affected_max refuses one too many of ${name}, and lets as many through`, async () => {
    await using t = await startTimedServer();
    await fill(t.cache);
    const tooFew = { affectedMax: BigInt(keys.length - 1) };
    const refused = only(await t.cache.invalidate(selector, tooFew), 'refused');
    assert.equal(refused.reason, RefusedReason.TOO_MANY_AFFECTED);
    assert.deepEqual(await freshKeys(t.cache), KEYS, 'nothing was invalidated');
    only(await t.cache.invalidate(selector, { affectedMax: BigInt(keys.length) }), 'invalidated');
    assert.equal((await freshKeys(t.cache)).length, KEYS.length - keys.length);
  });
}

test('affected_max 0 lets through what hits nothing', async () => {
  await using t = await startTimedServer();
  await fill(t.cache);
  only(await t.cache.invalidate({ tags: ['none'] }, { affectedMax: 0n }), 'invalidated');
  only(await t.cache.invalidate({ all: true }, { affectedMax: 0n }), 'refused');
});

for (const prefix of ['', 'a', 'a:b', ':a', 'a: ', 'a:b/c', '1:2:3:4:5:6:7:8:9:', '::::::::/']) {
  test(`"${prefix}" is no scope prefix`, async () => {
    await using t = await startTimedServer();
    const facts = await errorOf(t.cache.remove({ prefix }));
    assert.deepEqual([facts.reason, facts.fields], ['PREFIX_NOT_A_SCOPE', ['prefix']]);
  });
}

for (const prefix of [':', '/', 'a:/', '1:2:3:4:5:6:7:8:', 'é:']) {
  test(`"${prefix}" is a scope prefix`, async () => {
    await using t = await startTimedServer();
    await t.cache.stored(`${prefix}9:k`, 'v');
    await t.cache.stored(prefix, 'v');
    await t.cache.remove({ prefix });
    assert.deepEqual([await t.cache.exists(`${prefix}9:k`), await t.cache.exists(prefix)], [false, false]);
  });
}

test('selector and mode must be chosen', async () => {
  await using t = await startTimedServer();
  const noMode = await errorOf(t.cache.invalidate({ all: true }, { mode: InvalidationMode.UNSPECIFIED }));
  const noSelector = await errorOf(t.cache.invalidate({ all: true }, { selector: undefined }));
  const noTags = await errorOf(t.cache.invalidate({ tags: [] }));
  const noKeys = await errorOf(t.cache.invalidate({ keys: [] }));
  assert.deepEqual(
    [noMode, noSelector, noTags, noKeys].map(({ reason, fields }) => [reason, fields[0]]),
    [
      ['FIELD_REQUIRED', 'mode'],
      ['FIELD_REQUIRED', 'selector'],
      ['FIELD_REQUIRED', 'tags.tags'],
      ['BATCH_TOO_LARGE', 'keys.keys'],
    ],
  );
});
