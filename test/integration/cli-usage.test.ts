// Goal: the command line explains itself, refuses what makes no sense, tells failures without a stack, and starts light.
// Method: the real command in processes of its own, on a terminal by script(1), over TLS, and in a real bash.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { commandEntries } from '../../src/cli/commands.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { cacheCalls } from '../support/cache-calls.ts';
import { makeCertificates } from '../support/certificates.ts';
import { runCli } from '../support/cli-process.ts';
import { startServerProcess } from '../support/server-process.ts';
import { inTerminal } from '../support/terminal.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const ESCAPE = '\u001b[';
let server: TestServer;

before(async () => {
  server = await startTestServer();
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

test('the help of the program names every command and exit code, also without arguments', async () => {
  for (const args of [['--help'], [], ['help']]) {
    const { code, text, stderr } = await runCli(args);
    assert.deepEqual([code, stderr], [0, '']);
    for (const { name, summary } of commandEntries) assert.match(text, new RegExp(`\n  ${name} +${summary}\n`));
    for (const { code: exit, help } of Object.values(exitCodes)) assert.ok(text.includes(`  ${exit}  ${help}\n`));
  }
});

test('`help COMMAND` is the help of the command', async () => {
  const [asked, flag] = [await runCli(['help', 'set']), await runCli(['set', '--help'])];
  assert.equal(asked.text, flag.text);
  assert.match(flag.text, /^Usage: reprise set /);
});

test('the version is printed', async () => {
  assert.match((await runCli(['--version'])).text, /^\d+\.\d+\.\d+\n$/);
});

for (const [args, stderr] of [
  [['gte', 'k'], /^reprise: unknown command 'gte'\n\(Did you mean get\?\)\n/],
  [
    ['set', 'k', 'v', '--tgg', 'x'],
    /^reprise: unknown option '--tgg'\n\(Did you mean --tag\?\)\nFor help: reprise set --help\n/,
  ],
  [
    ['namespaces', 'lst'],
    /^reprise: unknown command 'lst'\n\(Did you mean list\?\)\nFor help: reprise namespaces --help\n/,
  ],
  [['serve', '--lisen', 'x'], /^reprise: unknown option '--lisen'\n\(Did you mean --listen\?\)\n/],
  [['get'], /^reprise: missing required argument 'KEY'\n/],
  [['get', 'a', 'b', '--raw'], /^reprise: --raw writes one value/],
  [['get', 'a', '--raw', '--json'], /cannot be used with/],
  [
    ['set', 'k', 'v', '--ttl', '10'],
    /^reprise: --ttl: expected a duration .* such as 250ms, 30s, 1h or 7d, found "10"\n/,
  ],
  [['set', 'k', 'v', '--ttl', '31d'], /^reprise: --ttl: expected 1ms to 30d, found 31d\n/],
  [['incr', 'k', 'one'], /expected a whole number of 64 bits/],
  [['get', 'k', '--server', 'nowhere'], /^reprise: --server: expected HOST:PORT/],
  [['get', 'k', '--tls-cert', 'x'], /^reprise: --tls-cert needs --tls-key too\n/],
  [['get', 'k', '--tls-ca', '/nonexistent'], /^reprise: --tls-ca: .*no such file/],
  [['get', 'k', '--timeout', '2m'], /^reprise: --timeout: expected 1ms to 1m, found 2m\n/],
  [['subscribe', '--cause', 'sett'], /Allowed choices are set, touch, delete, key, tag, prefix, namespace/],
  [['completion', 'tcsh'], /Allowed choices are bash, zsh, fish/],
] as const) {
  test(`refused as usage: ${args.join(' ')}`, async () => {
    const end = await runCli(args);
    assert.deepEqual([end.code, end.text], [2, '']);
    assert.match(end.stderr, stderr);
    assert.doesNotMatch(end.stderr, /\n {4}at /);
  });
}

test('a bad variable of the environment is refused by its name, and an empty one counts as absent', async () => {
  const bad = await runCli(['get', 'k'], { env: { REPRISE_TIMEOUT: 'soon' } });
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /^reprise: REPRISE_TIMEOUT: expected a duration/);
  const empty = await runCli(['get', 'k'], {
    server: server.address,
    env: { REPRISE_TIMEOUT: '', REPRISE_NAMESPACE: '' },
  });
  assert.equal(empty.code, 3);
});

test('a server that is not there ends with 4, and what to do', async () => {
  const { code, text, stderr } = await runCli(['get', 'k'], { server: '127.0.0.1:1' });
  assert.deepEqual([code, text], [4, '']);
  assert.match(
    stderr,
    /^reprise get: 127\.0\.0\.1:1 can't be reached: .*ECONNREFUSED.* \[UNAVAILABLE\]\n.*reprise serve.*--server/,
  );
});

test('an error of the server shows its sentence, facts and reason, and what to do', async () => {
  const long = await runCli(['get', 'k'.repeat(1025)], { server: server.address });
  assert.equal(long.code, 2);
  assert.match(long.stderr, /^reprise get: .*\(keyBytes 1025, keyBytesMax 1024\) \[KEY_TOO_LONG\]\n.*1 to 1024 bytes/);
  const missing = await runCli(['get', 'k', '-n', 'none'], { server: server.address });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /\[NAMESPACE_NOT_FOUND\]\n.*namespaces create/);
});

test('a terminal shows the value with what else is known, in colour unless NO_COLOR', async () => {
  await cacheCalls(server).stored('shown', 'Karma Police', { tags: ['artist:7'] });
  await using coloured = inTerminal(['get', 'shown'], { server: server.address });
  assert.equal(await coloured.code, 0);
  assert.ok(coloured.text().includes(ESCAPE));
  await using plain = inTerminal(['get', 'shown'], { server: server.address, env: { NO_COLOR: '1' } });
  assert.equal(await plain.code, 0);
  assert.ok(!plain.text().includes(ESCAPE));
  assert.match(
    plain.text(),
    /^Karma Police\r\nrevision +\S+\r\nfresh for +\S+, until \S+\r\nkept for +\S+\r\ntags +artist:7\r\n$/,
  );
});

test('a terminal is spared values that it would act on', async () => {
  await cacheCalls(server).stored('hostile', `${ESCAPE}2J`);
  await using terminal = inTerminal(['get', 'hostile'], { server: server.address, env: { NO_COLOR: '1' } });
  assert.equal(await terminal.code, 2);
  assert.ok(!terminal.text().includes(ESCAPE));
  assert.equal((await runCli(['get', 'hostile'], { server: server.address })).text, `${ESCAPE}2J\n`);
});

test('with TLS the server is known by its authority and the caller by a certificate', async () => {
  await using made = await makeCertificates();
  const flags = ['--tls-cert', made.server.certFile, '--tls-key', made.server.keyFile];
  const clients = ['--tls-client-ca', made.authority.certFile, '--listen', '0.0.0.0:0'];
  await using process = await startServerProcess({ flags: [...flags, ...clients] });
  const address = process.address.replace('127.0.0.1', 'localhost');
  const trust = ['--tls-ca', made.authority.certFile];
  const own = ['--tls-cert', made.client.certFile, '--tls-key', made.client.keyFile];
  const known = await runCli(['get', 'k', ...trust, ...own], { server: address });
  assert.deepEqual([known.code, known.stderr], [3, 'miss: UNKNOWN\n']);
  const byAddress = await runCli(['get', 'k', ...trust, ...own], { server: process.address });
  assert.deepEqual([byAddress.code, byAddress.stderr], [3, 'miss: UNKNOWN\n']);
  const byEnvironment = {
    REPRISE_TLS_CA: made.authority.certFile,
    REPRISE_CLIENT_TLS_CERT: made.client.certFile,
    REPRISE_CLIENT_TLS_KEY: made.client.keyFile,
  };
  assert.equal((await runCli(['get', 'k'], { server: address, env: byEnvironment })).code, 3);
  for (const args of [trust, [...own, '--tls'], []]) {
    const refused = await runCli(['get', 'k', ...args], { server: address });
    assert.equal(refused.code, 4, refused.stderr);
  }
  const otherAddress = process.address.replace('127.0.0.1', '127.0.0.2');
  const mistaken = await runCli(['get', 'k', ...trust, ...own], { server: otherAddress });
  assert.equal(mistaken.code, 4);
  assert.match(mistaken.stderr, /127\.0\.0\.2 is not in the cert's list/);
});

test('a get loads nothing of the server', async () => {
  const hook = `import { registerHooks } from 'node:module';
const urls = [];
registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
process.on('exit', () => process.stderr.write(urls.join('\\n')));`;
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}` };
  const { stderr } = await runCli(['get', 'k'], { server: server.address, env });
  assert.match(stderr, /src\/cli\/commands\/get\.ts/);
  const foreign = stderr.match(
    /\S*(?:src\/(?:server\/(?!version)|store|cache|telemetry|policy)|prom-client|pino|yaml|ajv|src\/cli\/commands\/(?!get))\S*/g,
  );
  assert.equal(foreign, null);
});

test('bash completes commands, options and values', async () => {
  const { text } = await runCli(['completion', 'bash']);
  const complete = (line: string): string[] => {
    const words = line.split(' ');
    const script = `${text}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}; compopt() { :; }; _reprise; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.split('\n').filter((word) => word !== '');
  };
  assert.deepEqual(complete('reprise s'), ['serve', 'set', 'subscribe', 'stats']);
  assert.deepEqual(complete('reprise namespaces '), ['list', 'get', 'create', 'update', 'delete']);
  assert.deepEqual(complete('reprise set k v --if-a'), ['--if-absent']);
  assert.deepEqual(complete('reprise namespaces create n --cap'), ['--capacity']);
  assert.deepEqual(complete('reprise invalidate --mode '), ['remove', 'mark-stale']);
  assert.deepEqual(complete('reprise subscribe --cause na'), ['namespace']);
  assert.deepEqual(complete('reprise get --namespace get --ra'), ['--raw']);
  assert.deepEqual(complete('reprise completion '), ['bash', 'zsh', 'fish']);
  assert.deepEqual(complete('reprise get k'), []);
});

for (const shell of ['zsh', 'fish']) {
  test(`${shell} gets a script that names every command and option`, async () => {
    const { code, text } = await runCli(['completion', shell]);
    assert.equal(code, 0);
    for (const { name } of commandEntries) assert.match(text, new RegExp(`\\b${name}\\b`));
    for (const option of ['at-least', 'if-absent', 'affected-max', 'mark-stale', 'ttl-jitter-ratio']) {
      assert.ok(text.includes(option), option);
    }
  });
}

test('bin/reprise runs the command line from anywhere, also through a link', () => {
  const script = new URL('../../bin/reprise', import.meta.url).pathname;
  const { stdout, status } = spawnSync(
    'sh',
    ['-c', `d=$(mktemp -d) && cd "$d" && ln -s '${script}' r && ./r --version; rm -r "$d"`],
    {
      encoding: 'utf8',
    },
  );
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
