// Goal: invalidate, namespaces and stats do what their help says, for people and as JSON. Method: the real command against a
// real server; terminals by script(1).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type CacheCalls, cacheCalls, seconds } from '../support/cache-calls.ts';
import { type CliEnd, jsonLines, runCli, startCli } from '../support/cli-process.ts';
import { inTerminal } from '../support/terminal.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

let server: TestServer;
let cache: CacheCalls;

before(async () => {
  server = await startTestServer();
  cache = cacheCalls(server);
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

function reprise(...args: string[]): Promise<CliEnd> {
  return runCli(args, { server: server.address });
}

test('invalidate removes by key, tag, prefix and as a whole', async () => {
  for (const selector of [
    ['--key', 'i:k', '--key', 'other'],
    ['--tag', 'it'],
    ['--prefix', 'i:'],
    ['--all', '--yes'],
  ]) {
    await cache.stored('i:k', 'v', { tags: ['it'] });
    const { code, text } = await reprise('invalidate', ...selector);
    assert.equal(code, 0);
    assert.match(text, /^invalidated +yes\ntoken +\S+\n$/);
    await cache.miss('i:k');
  }
});

test('--mode mark-stale keeps entries for those who allow stale ones', async () => {
  await cache.stored('stale', 'v', { staleWindow: seconds(60) });
  assert.equal((await reprise('invalidate', '--key', 'stale', '--mode', 'mark-stale')).code, 0);
  assert.equal((await cache.hit('stale', { allowStale: true })).stale, true);
});

test('--wait prints how far every node has come, as a table and as JSON', async () => {
  const { code, text } = await reprise('invalidate', '--tag', 'it', '--wait', 'streams');
  assert.equal(code, 0);
  assert.match(text, /^invalidated +yes\ntoken +\S+\nNODE +STATE +SILENT FOR\nsolo +STREAMED +0s\n$/);
  const [receipt] = jsonLines(await reprise('invalidate', '--tag', 'it', '--wait', 'nodes', '--json'));
  assert.deepEqual(
    { ...receipt, token: '' },
    {
      outcome: 'invalidated',
      token: '',
      receipt: [{ node: 'solo', state: 'APPLIED', silentForMs: 0 }],
    },
  );
  const plain = await reprise('invalidate', '--tag', 'it', '--wait', 'accepted');
  assert.match(plain.text, /^invalidated +yes\ntoken +\S+\n$/);
});

test('--dry-run counts and --affected-max refuses', async () => {
  for (const key of ['n:1', 'n:2']) await cache.stored(key, 'v');
  assert.equal((await reprise('invalidate', '--prefix', 'n:', '--dry-run')).text, 'would affect  2 entries\n');
  const [counted] = jsonLines(await reprise('invalidate', '--prefix', 'n:', '--dry-run', '--json'));
  assert.deepEqual(counted, { outcome: 'counted', affected: 2, precision: 'EXACT' });
  const refused = await reprise('invalidate', '--prefix', 'n:', '--affected-max', '1');
  assert.deepEqual([refused.code, refused.text], [3, '']);
  assert.match(refused.stderr, /^refused: TOO_MANY_AFFECTED/);
  await cache.hit('n:1');
});

test('invalidate needs exactly one selector, a known mode, and --yes for --all where nobody can be asked', async () => {
  for (const [args, stderr] of [
    [[], /needs one of --key, --tag, --prefix and --all/],
    [['--tag', 'a', '--key', 'b'], /cannot be used with/],
    [['--tag', 'a', '--mode', 'hide'], /Allowed choices are remove, mark-stale/],
    [['--tag', 'a', '--wait', 'long'], /Allowed choices are accepted, nodes, streams/],
    [['--all'], /--yes/],
  ] as const) {
    const end = await reprise('invalidate', ...args);
    assert.equal(end.code, 2);
    assert.match(end.stderr, stderr);
  }
});

for (const [answer, keys, code, outcome] of [
  ['yes', 'y\r', 0, 'miss'],
  ['no', 'n\r', 3, 'hit'],
  ['nothing', '\r', 3, 'hit'],
  ['Ctrl-C', '\u0003', 3, 'hit'],
  ['Ctrl-D', '\u0004', 3, 'hit'],
] as const) {
  test(`on a terminal --all asks first, and ${answer} counts as ${code === 0 ? 'yes' : 'no'}`, async () => {
    await cache.stored('asked', 'v');
    await using terminal = inTerminal(['invalidate', '--all'], { server: server.address });
    await until(() => terminal.text().includes('[y/N]'), { what: 'the question' });
    terminal.type(keys);
    assert.equal(await terminal.code, code, terminal.text());
    assert.equal((await cache.get('asked')).$case, outcome);
  });
}

test('namespaces are created, shown, listed, changed and deleted', async () => {
  const settings = [
    '--default-ttl',
    '1m',
    '--capacity',
    '16MiB',
    '--ttl-jitter-ratio',
    '0.1',
    '--value-bytes-max',
    '1KiB',
    '--read-fallback',
    'stale',
  ];
  const [created] = jsonLines(await reprise('namespaces', 'create', 'music', ...settings, '--json'));
  assert.deepEqual(created?.['settings'], {
    defaultTtlMs: 60_000,
    maxTtlMs: 2_592_000_000,
    negativeTtlMs: 30_000,
    defaultStaleWindowMs: 0,
    ttlJitterRatio: 0.1,
    valueBytesMax: 1024,
    capacityBytes: 16_777_216,
    readFallback: 'stale',
    writeFallback: 'refuse',
    localTtlMs: 10_000,
  });
  const shown = await reprise('namespaces', 'get', 'music');
  assert.match(
    shown.text,
    /^name +music\ndefaultTtl +1m\n[\s\S]*\ncapacity +16MiB\nreadFallback +stale\nwriteFallback +refuse\nlocalTtl +10s\nentries +0\n/,
  );
  const list = await reprise('namespaces', 'list');
  assert.match(
    list.text,
    /^NAME +ENTRIES +MEMORY +CAPACITY +DEFAULT TTL +DURABLE +MANAGED BY\ndefault .*\nmusic .*\n$/,
  );
  const [changed] = jsonLines(
    await reprise('namespaces', 'update', 'music', '--max-ttl', '1d', '--if-version', '1', '--json'),
  );
  const changedSettings = changed?.['settings'] as Record<string, number>;
  assert.deepEqual([changedSettings['maxTtlMs'], changedSettings['defaultTtlMs']], [86_400_000, 60_000]);
  const local = ['--write-fallback', 'local', '--local-ttl', '1m'];
  const [localised] = jsonLines(await reprise('namespaces', 'update', 'music', ...local, '--json'));
  const { readFallback, writeFallback, localTtlMs } = localised!['settings'] as Record<string, unknown>;
  assert.deepEqual([readFallback, writeFallback, localTtlMs], ['stale', 'local', 60_000]);
  const none = await reprise('namespaces', 'update', 'music', '--read-fallback', 'hope');
  assert.match(none.stderr, /--read-fallback: expected one of error, miss, stale, found "hope"/);
  const late = await reprise('namespaces', 'update', 'music', '--max-ttl', '2d', '--if-version', '1');
  assert.equal(late.code, 1);
  assert.match(late.stderr, /^reprise namespaces update: .*\[VERSION_MISMATCH\]/);
  assert.equal((await reprise('namespaces', 'delete', 'music')).code, 2);
  assert.equal((await reprise('namespaces', 'delete', 'music', '--yes')).text, 'deleted  music\n');
  assert.match((await reprise('namespaces', 'get', 'music')).stderr, /\[NAMESPACE_NOT_FOUND\]/);
});

test('a setting out of range is refused with its option, before any call', async () => {
  const { code, stderr } = await runCli(['namespaces', 'create', 'x', '--capacity', '1KiB'], { server: 'localhost:1' });
  assert.equal(code, 2);
  assert.match(stderr, /^reprise: --capacity: expected 64KiB to /);
});

test('-n and REPRISE_NAMESPACE choose the namespace, the flag first', async () => {
  for (const name of ['one', 'two']) await reprise('namespaces', 'create', name);
  await runCli(['set', 'k', 'v'], { server: server.address, env: { REPRISE_NAMESPACE: 'one' } });
  await runCli(['set', 'k', 'w', '-n', 'two'], { server: server.address, env: { REPRISE_NAMESPACE: 'one' } });
  const valueIn = async (name: string): Promise<string> => (await reprise('get', 'k', '--namespace', name)).text;
  assert.deepEqual([await valueIn('one'), await valueIn('two')], ['v\n', 'w\n']);
});

test('stats shows all namespaces as a table, or one in full, or as JSON', async () => {
  await reprise('namespaces', 'create', 'counted');
  const calls = cacheCalls(server, 'counted');
  await calls.stored('k', 'v');
  await calls.hit('k');
  await calls.miss('none');
  const table = await reprise('stats');
  assert.match(table.text, /^NAMESPACE +ENTRIES +MEMORY +HIT RATIO +HITS +MISSES/);
  assert.match(table.text, /\ncounted +1 +\d+B of 64MiB +50\.0% +1 +1 +1 +0 +0 +0 +0\n/);
  assert.match((await reprise('stats', 'counted')).text, /^namespace +counted\nentries +1\n[\s\S]*\nhits +1\n/);
  const [figures] = jsonLines(await reprise('stats', 'counted', '--json'));
  assert.deepEqual([figures?.['hits'], figures?.['misses'], figures?.['sets']], [1, 1, 1]);
  assert.equal((await reprise('stats', 'none')).code, 1);
});

test('stats --watch repeats with rates until it is interrupted', async () => {
  await using running = startCli(['stats', 'default', '--watch', '100ms', '--json'], { server: server.address });
  await running.line(/"ratesPerSecond":\{"hits":0/);
  await cache.stored('w', 'v');
  await running.line(/"ratesPerSecond":.*"sets":[1-9]/);
  running.kill('SIGINT');
  assert.equal((await running.ended).code, 0);
});

test('output that nobody reads any more ends quietly', async () => {
  const main = new URL('../../src/main.ts', import.meta.url).pathname;
  const script = `set -o pipefail; '${process.execPath}' '${main}' stats --watch 100ms | head -1`;
  const env = { PATH: process.env['PATH'], REPRISE_SERVER: server.address };
  const child = spawn('bash', ['-c', script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^NAMESPACE/);
});
