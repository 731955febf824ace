// Goal: get, set, delete, touch and incr do what their help says, with exact bytes, outcomes and exit codes. Method: the
// real command in processes of its own against a real server.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type CacheCalls, cacheCalls, seconds, textOf, textValue } from '../support/cache-calls.ts';
import { type CliEnd, type CliOptions, jsonLines, runCli } from '../support/cli-process.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
let cache: CacheCalls;

before(async () => {
  server = await startTestServer();
  cache = cacheCalls(server);
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

function reprise(args: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  return runCli(args, { server: server.address, ...options });
}

test('a value is printed as text with a line feed, and nothing else where no terminal is', async () => {
  await cache.stored('text', 'Karma Police');
  const { code, text, stderr } = await reprise(['get', 'text']);
  assert.deepEqual([code, text, stderr], [0, 'Karma Police\n', '']);
});

test('--raw writes exactly the bytes, whatever they are', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await cache.set('raw', '', { content: { $case: 'value', value: bytes } });
  const { code, stdout, stderr } = await reprise(['get', 'raw', '--raw']);
  assert.deepEqual([code, stdout, stderr], [0, bytes, '']);
});

test('bytes that are no text are not printed as text: the notice says how to get them', async () => {
  await cache.set('binary', '', { content: { $case: 'value', value: Buffer.from([0xff, 0xfe]) } });
  const { code, text, stderr } = await reprise(['get', 'binary']);
  assert.deepEqual([code, text], [2, '']);
  assert.match(stderr, /2 bytes.*--raw.*--json/);
});

test('--json tells a hit, bytes, an empty value, a negative entry and a miss apart', async () => {
  await cache.stored('hit', 'v', { tags: ['t'], contentType: 'text/plain' });
  await cache.stored('empty', '');
  await cache.set('bytes', '', { content: { $case: 'value', value: Buffer.from([0xff]) } });
  await cache.set('negative', '', { content: { $case: 'negative', value: {} } });
  const end = await reprise(['get', 'hit', 'bytes', 'empty', 'negative', 'miss', '--json']);
  const [hit, bytes, empty, negative, miss] = jsonLines(end);
  assert.equal(end.code, 3);
  assert.deepEqual(
    [hit?.['outcome'], hit?.['value'], hit?.['contentType'], hit?.['tags'], hit?.['stale']],
    ['hit', 'v', 'text/plain', ['t'], false],
  );
  assert.ok(Number(hit?.['freshForMs']) > 3_500_000);
  assert.deepEqual([bytes?.['outcome'], bytes?.['value'], bytes?.['valueBase64']], ['hit', undefined, '/w==']);
  assert.deepEqual([empty?.['outcome'], empty?.['value']], ['hit', '']);
  assert.deepEqual([negative?.['outcome'], negative?.['value']], ['negative', undefined]);
  assert.deepEqual(miss, { key: 'miss', outcome: 'miss', reason: 'UNKNOWN' });
});

test('a miss ends with 3 and a negative entry with 5, and both write nothing to standard output', async () => {
  await cache.set('nothing', '', { content: { $case: 'negative', value: {} } });
  for (const [key, expected, notice] of [
    ['none', 3, 'miss: UNKNOWN\n'],
    ['nothing', 5, 'negative: the source has nothing under this key\n'],
  ] as const) {
    for (const more of [[], ['--raw']]) {
      const { code, text, stderr } = await reprise(['get', key, ...more]);
      assert.deepEqual([code, text, stderr], [expected, '', notice]);
    }
  }
});

test('several keys are a table', async () => {
  await cache.stored('row', 'a "quoted"\nline');
  const { code, text } = await reprise(['get', 'row', 'norow']);
  assert.equal(code, 3);
  const [header, row, norow] = text.split('\n');
  assert.match(header!, /^KEY +OUTCOME +VALUE +FRESH FOR +REVISION$/);
  assert.match(row!, /^row +hit +"a \\"quoted\\"\\nline" +59m\d+s +\S+$/);
  assert.match(norow!, /^norow +miss +\(UNKNOWN\)$/);
});

test('values that no single message holds are read all the same', async () => {
  const value = Buffer.alloc(6 * 1024 * 1024, 'x');
  for (const key of ['large1', 'large2', 'large3']) await cache.set(key, '', { content: { $case: 'value', value } });
  const end = await reprise(['get', 'large1', 'large2', 'large3', '--json']);
  assert.deepEqual(
    jsonLines(end).map((line) => String(line['value']).length),
    [value.length, value.length, value.length],
  );
});

test('a read honours tokens, --latest and --if-revision-not', async () => {
  const { token, revision } = await cache.stored('fresh', 'v');
  assert.equal((await reprise(['get', 'fresh', '--at-least', token, '--at-least', token])).text, 'v\n');
  assert.equal((await reprise(['get', 'fresh', '--latest'])).text, 'v\n');
  const same = await reprise(['get', 'fresh', '--if-revision-not', revision]);
  assert.deepEqual([same.code, same.text], [3, '']);
  const foreign = await reprise(['get', 'fresh', '--at-least', 'AAAA']);
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /\[TOKEN_UNUSABLE\]\n.*repeat without it/);
});

test('--allow-stale serves what was marked stale', async () => {
  await cache.stored('old', 'v', { staleWindow: seconds(60) });
  await cache.markStale({ keys: ['old'] });
  assert.equal((await reprise(['get', 'old'])).code, 3);
  const [line] = jsonLines(await reprise(['get', 'old', '--allow-stale', '--json']));
  assert.deepEqual([line?.['outcome'], line?.['stale']], ['hit', true]);
});

test('a value comes from the argument, a file or standard input, byte for byte', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reprise-cli-'));
  t.after(() => rm(folder, { recursive: true }));
  const bytes = Buffer.from([0, 0xff, 10, 13]);
  await writeFile(join(folder, 'value'), bytes);
  await reprise(['set', 'argument', 'ü 1']);
  await reprise(['set', 'file', '--file', join(folder, 'value')]);
  await reprise(['set', 'input', '-'], { input: bytes });
  assert.equal(textOf(await cache.hit('argument')), 'ü 1');
  for (const key of ['file', 'input']) {
    assert.deepEqual((await cache.hit(key)).content, { $case: 'value', value: bytes });
  }
});

test('set passes on what it is told, and prints what it got', async () => {
  const options = ['--ttl', '10m', '--stale-window', '1m', '--tag', 'a', '--tag', 'b', '--content-type', 'text/plain'];
  const [line] = jsonLines(await reprise(['set', 'full', 'v', ...options, '--json']));
  assert.deepEqual([line?.['outcome'], line?.['freshForMs'], line?.['keepForMs']], ['stored', 600_000, 660_000]);
  const { tags, contentType, revision } = await cache.hit('full', { withTags: true });
  assert.deepEqual([tags, contentType, revision], [['a', 'b'], 'text/plain', line?.['revision']]);
  const { text } = await reprise(['set', 'full', 'v', '--ttl', '10m']);
  assert.match(text, /^stored +full\nrevision +\S+\nfresh for +10m, until \S+Z\nkept for +10m\ntoken +\S+\n$/);
});

test('set --negative remembers that there is nothing', async () => {
  assert.equal((await reprise(['set', 'gone', '--negative'])).code, 0);
  assert.equal((await cache.hit('gone')).content?.$case, 'negative');
});

test('a condition that does not hold ends with 3 and changes nothing', async () => {
  const { revision } = await cache.stored('there', 'v');
  const refusals = [
    [['there', '--if-absent'], 'PRESENT'],
    [['nowhere', '--if-present'], 'ABSENT'],
    [['there', '--if-revision', 'other'], 'REVISION_MISMATCH'],
  ] as const;
  for (const [[key, ...condition], reason] of refusals) {
    const { code, text, stderr } = await reprise(['set', key, 'w', ...condition]);
    assert.deepEqual([code, text], [3, '']);
    assert.match(stderr, new RegExp(`^not stored: ${reason}`));
  }
  assert.equal((await reprise(['set', 'there', 'w', '--if-revision', revision])).code, 0);
});

test('a fence of a miss is honoured until something changes', async () => {
  const [miss] = jsonLines(await reprise(['get', 'fenced', '--json']));
  await cache.remove({ keys: ['fenced'] });
  const late = await reprise(['set', 'fenced', 'v', '--if-fence', String(miss?.['fence']), '--json']);
  assert.deepEqual([late.code, jsonLines(late)[0]?.['reason']], [3, 'FENCE_OVERTAKEN']);
});

test('a request id makes a retry harmless', async () => {
  const set = ['incr', 'once', '--request-id', 'r1', '--json'];
  const [first, again] = [jsonLines(await reprise(set))[0], jsonLines(await reprise(set))[0]];
  assert.deepEqual([first?.['value'], again?.['value']], ['1', '1']);
});

test('set refuses no value, two values, and a file that is not there', async () => {
  for (const args of [['k'], ['k', 'v', '--negative'], ['k', '--file', '/nonexistent']]) {
    const { code, stderr } = await reprise(['set', ...args]);
    assert.equal(code, 2);
    assert.match(stderr, /^reprise: .*(--file)/);
  }
  const large = await reprise(['set', 'k', '-'], { input: Buffer.alloc(8 * 1024 * 1024 + 1) });
  assert.equal(large.code, 2);
  assert.match(large.stderr, /at most 8MiB/);
});

test('incr counts from --initial, by any whole number of 64 bits', async () => {
  assert.match((await reprise(['incr', 'c'])).text, /^incremented +c\nvalue +1\n/);
  assert.match((await reprise(['incr', 'c', '-5'])).text, /\nvalue +-4\n/);
  const max = '9223372036854775807';
  const [line] = jsonLines(await reprise(['incr', 'big', '0', '--initial', max, '--ttl', '1m', '--json']));
  assert.deepEqual([line?.['value'], line?.['freshForMs']], [max, 60_000]);
  const over = await reprise(['incr', 'big']);
  assert.deepEqual([over.code, over.text], [3, '']);
  assert.match(over.stderr, /^not incremented: OVERFLOW/);
  assert.equal((await reprise(['incr', 'c', '9223372036854775808'])).code, 2);
});

test('touch gives a new lifetime, and ends with 3 where nothing is', async () => {
  await cache.set('touched', '', { content: textValue('v'), ttl: seconds(5) });
  const [line] = jsonLines(await reprise(['touch', 'touched', '--ttl', '1h', '--json']));
  assert.deepEqual([line?.['outcome'], line?.['freshForMs']], ['touched', 3_600_000]);
  const none = await reprise(['touch', 'untouched']);
  assert.deepEqual([none.code, none.text, none.stderr], [3, '', 'not touched: ABSENT\n']);
});

test('delete removes one key or several, and tells which there were', async () => {
  for (const key of ['d1', 'd2', 'd3']) await cache.stored(key, 'v');
  assert.match((await reprise(['delete', 'd1'])).text, /^deleted +d1\ntoken +\S+\n$/);
  const several = await reprise(['delete', 'd1', 'd2', 'd3', '--json']);
  assert.equal(several.code, 0);
  assert.deepEqual(
    jsonLines(several).map(({ key, existed }) => [key, existed]),
    [
      ['d1', false],
      ['d2', true],
      ['d3', true],
    ],
  );
  await cache.miss('d2');
});
