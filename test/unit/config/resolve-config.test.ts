// Goal: settings come from the right source and fit together. Method: command lines, environments and a file on disk.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Command } from 'commander';
import { type Config, defaultConfig } from '../../../src/config/config.ts';
import { flags } from '../../../src/config/flags.ts';
import { resolveConfig } from '../../../src/config/resolve-config.ts';
import { addServeOptions, givenOptions } from '../../../src/config/serve-options.ts';

const directory = mkdtempSync(join(tmpdir(), 'reprise-config-'));
after(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'reprise.yaml');
writeFileSync(file, 'drain: 3s\nlogLevel: warn\ncapacity: 128MiB\nnamespaces: { orders: {} }\n');

async function serve(args: readonly string[], env: Record<string, string> = {}): Promise<Config> {
  const command = addServeOptions(new Command('serve'))
    .exitOverride()
    .parse([...args], { from: 'user' });
  return resolveConfig({ flags: givenOptions(command), env });
}

test('nothing said means the defaults', async () => {
  assert.deepEqual(await serve([]), defaultConfig);
});

test('the file wins over the defaults', async () => {
  const config = await serve(['--config', file]);
  assert.equal(config.drainMs, 3000);
  assert.deepEqual(config.namespaces, [{ name: 'orders', settings: {} }]);
});

test('the environment wins over the file', async () => {
  const config = await serve(['--config', file], { REPRISE_DRAIN: '4s' });
  assert.equal(config.drainMs, 4000);
  assert.equal(config.logLevel, 'warn');
});

test('flags win over the environment', async () => {
  assert.equal((await serve(['--drain', '5s', '--config', file], { REPRISE_DRAIN: '4s' })).drainMs, 5000);
});

test('the file can be named by the environment', async () => {
  assert.equal((await serve([], { REPRISE_CONFIG: file })).capacityBytes, 128 * 1024 * 1024);
});

test('an empty variable of the environment counts as absent', async () => {
  assert.equal((await serve([], { REPRISE_DRAIN: '' })).drainMs, defaultConfig.drainMs);
});

test('every flag is heard on the command line', async () => {
  const config = await serve(
    ['--listen', '[::1]:1', '--ops-listen', 'off', '--state', 'dir', '--tls-cert', 'c', '--tls-key', 'k'].concat([
      '--tls-client-ca',
      'ca',
      '--node-name',
      'n',
      '--insecure',
      '--capacity',
      '1GiB',
      '--log-level',
      'error',
      '--drain',
      '0s',
      '--testing',
    ]),
  );
  assert.deepEqual(config, {
    nodeName: 'n',
    listen: { host: '::1', port: 1 },
    opsListen: 'off',
    stateDir: 'dir',
    fleet: undefined,
    workers: 1,
    testing: true,
    tls: { certFile: 'c', keyFile: 'k', clientCaFile: 'ca' },
    insecure: true,
    capacityBytes: 1024 ** 3,
    logLevel: 'error',
    drainMs: 0,
    namespaces: [],
  });
});

test('a wrong value names the flag or the variable, and what is allowed', async () => {
  await assert.rejects(serve(['--log-level', 'loud']), {
    message: '--log-level: expected one of trace, debug, info, warn, error, found "loud"',
  });
  await assert.rejects(serve([], { REPRISE_INSECURE: 'maybe' }), {
    message: 'REPRISE_INSECURE: expected true or false, found "maybe"',
  });
  for (const name of ['', 'a b', 'a'.repeat(65)]) {
    await assert.rejects(serve(['--node-name', name]), {
      message: `--node-name: expected 1 to 64 letters, digits, ".", "_" and "-", found "${name}"`,
    });
  }
  assert.equal((await serve(['--node-name', 'a'.repeat(64)])).nodeName, 'a'.repeat(64));
  await assert.rejects(serve(['--drain', '601s']), { message: '--drain: expected 0s to 10m, found 601s' });
});

test('TLS files come in pairs', async () => {
  await assert.rejects(serve(['--tls-cert', 'c']), /^ConfigError: .*give --tls-key FILE/);
  await assert.rejects(serve(['--tls-key', 'k']), /^ConfigError: .*give --tls-cert FILE/);
  await assert.rejects(serve(['--tls-client-ca', 'a']), /^ConfigError: .*give --tls-cert FILE/);
});

test('an address that others reach is refused without TLS, wherever it was given', async () => {
  await assert.rejects(serve([], { REPRISE_LISTEN: '0.0.0.0:7171' }), /^ConfigError: --listen 0\.0\.0\.0:7171/);
  assert.equal((await serve(['--listen', '0.0.0.0:7171', '--insecure'])).listen.host, '0.0.0.0');
});

test('the table names flags and variables alike, each once, and reads its own defaults', () => {
  const names = flags.map((flag) => flag.name);
  assert.equal(new Set(names).size, names.length);
  for (const flag of flags) {
    assert.equal(flag.env, `REPRISE_${flag.name.toUpperCase().replaceAll('-', '_')}`);
    if (flag.defaultText !== 'none') assert.doesNotThrow(() => flag.read(flag.defaultText, flag.name));
  }
});

test('the help shows each flag with variable and default', () => {
  const help = addServeOptions(new Command('serve')).helpInformation();
  for (const flag of flags) assert.ok(help.includes(`--${flag.name}`) && help.includes(flag.env), flag.name);
});
