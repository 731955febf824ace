// Goal: the file is read as meant, or refused with line, key and what is allowed. Method: examples of YAML text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { parseConfigText, readConfigFile } from '../../../src/config/config-file.ts';
import { flags } from '../../../src/config/flags.ts';
import { namespaceKeys } from '../../../src/config/namespace-keys.ts';

const FULL = `
nodeName: a
listen: 127.0.0.1:9000
opsListen: "off"
state: /var/lib/reprise
tls: { cert: cert.pem, key: key.pem, clientCa: ca.pem }
insecure: true
capacity: 512MiB
logLevel: debug
drain: 5s
redis:
  url: redis://127.0.0.1
  prefix: "one:"
  passwordFile: password
  ca: redis-ca.pem
  cert: redis.pem
  key: redis.key
  serverName: redis.example
  sentinelName: reprise
  sentinelPasswordFile: sentinel-password
  maxLag: 2s
  heartbeat: 500ms
  auditPerSecond: 5
  spool: /var/spool/reprise
  workers: 2
namespaces:
  orders:
    defaultTtl: 1h
    maxTtl: 7d
    negativeTtl: 250ms
    defaultStaleWindow: 0s
    ttlJitterRatio: 0.1
    valueBytesMax: 1MiB
    capacity: 67108864
    readFallback: stale
    writeFallback: local
    localTtl: 20s
  sessions: {}
`;

function refusal(text: string): string {
  try {
    parseConfigText(text, 'reprise.yaml');
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ConfigError', String(error));
    return error.message;
  }
  return assert.fail(`accepted: ${text}`);
}

test('every setting of the server is read', () => {
  assert.deepEqual(parseConfigText(FULL, 'reprise.yaml').given, {
    nodeName: 'a',
    listen: { host: '127.0.0.1', port: 9000 },
    opsListen: 'off',
    stateDir: '/var/lib/reprise',
    tlsCertFile: 'cert.pem',
    tlsKeyFile: 'key.pem',
    tlsClientCaFile: 'ca.pem',
    insecure: true,
    capacityBytes: 536_870_912,
    logLevel: 'debug',
    drainMs: 5000,
    redisUrl: 'redis://127.0.0.1',
    redisPrefix: 'one:',
    redisPasswordFile: 'password',
    redisCaFile: 'redis-ca.pem',
    redisCertFile: 'redis.pem',
    redisKeyFile: 'redis.key',
    redisServerName: 'redis.example',
    redisSentinelName: 'reprise',
    redisSentinelPasswordFile: 'sentinel-password',
    maxLagMs: 2000,
    heartbeatMs: 500,
    auditPerSecond: 5,
    spoolDir: '/var/spool/reprise',
    workers: 2,
  });
});

test('namespaces are read in order with the settings they name', () => {
  assert.deepEqual(parseConfigText(FULL, 'reprise.yaml').namespaces, [
    {
      name: 'orders',
      settings: {
        defaultTtlMs: 3_600_000,
        maxTtlMs: 604_800_000,
        negativeTtlMs: 250,
        defaultStaleWindowMs: 0,
        ttlJitterRatio: 0.1,
        valueBytesMax: 1_048_576,
        capacityBytes: 67_108_864,
        readFallback: 'stale',
        writeFallback: 'local',
        localTtlMs: 20_000,
      },
    },
    { name: 'sessions', settings: {} },
  ]);
});

test('the example names every key there is', () => {
  const keys = [...flags.flatMap((flag) => flag.filePath?.at(-1) ?? []), ...namespaceKeys.map((key) => key.name)];
  for (const key of keys) assert.match(FULL, new RegExp(`\\b${key}:`), key);
});

test('what is no YAML is refused without the password that stands there', () => {
  const message = refusal('redis: { url: redis://me:hunter2@h: x }');
  assert.match(message, /is not valid YAML/);
  assert.doesNotMatch(message, /hunter2/);
});

test('an empty file says nothing', () => {
  for (const text of ['', '# nothing\n']) {
    assert.deepEqual(parseConfigText(text, 'reprise.yaml'), { given: {}, namespaces: [] });
  }
});

test('an unknown key is refused with its path, line and the nearest known one', () => {
  const text = 'namespaces:\n  orders:\n    defualtTtl: 1h\n';
  assert.equal(
    refusal(text),
    'reprise.yaml line 3: namespaces.orders.defualtTtl: unknown key; did you mean defaultTtl?',
  );
});

test('an unknown key like no other is refused with the list of known ones', () => {
  assert.equal(
    refusal('tls: { bogus: x }'),
    'reprise.yaml line 1: tls.bogus: unknown key; known keys are cert, key, clientCa',
  );
});

test('a wrong type is refused with what was expected and found', () => {
  assert.equal(refusal('drain: 30\n'), 'reprise.yaml line 1: drain: expected text, found 30');
  assert.equal(
    refusal('insecure: "yes"'),
    'reprise.yaml line 1: insecure: expected true or false, found the text "yes"',
  );
  assert.equal(refusal('tls: [a]'), 'reprise.yaml: tls: expected keys with values, found a list');
  assert.equal(refusal('capacity:'), 'reprise.yaml line 1: capacity: expected text or a whole number, found nothing');
  assert.equal(refusal('- a'), 'reprise.yaml: expected keys with values, found a list');
});

test('several mistakes are told at once', () => {
  assert.deepEqual(refusal('listn: a\ndrain: 1\n').split('\n'), [
    'reprise.yaml line 1: listn: unknown key; did you mean listen?',
    'reprise.yaml line 2: drain: expected text, found 1',
  ]);
});

test('a value out of range is refused with path, line and range', () => {
  assert.equal(
    refusal('namespaces:\n  orders:\n    negativeTtl: 61s\n'),
    'reprise.yaml line 3: namespaces.orders.negativeTtl: expected 1ms to 1m, found 61s',
  );
  assert.match(refusal('namespaces: { a: { ttlJitterRatio: 0.6 } }'), /expected a number from 0 to 0.5, found 0.6$/);
});

test("a name that can't be a namespace's is refused", () => {
  assert.match(refusal('namespaces: { Orders: {} }'), /namespaces\.Orders: this can't be a namespace's name; expected/);
  assert.equal(parseConfigText(`namespaces: { ${'n'.repeat(63)}: {} }`, 'f').namespaces.length, 1);
  assert.match(refusal(`namespaces: { ${'n'.repeat(64)}: {} }`), /can't be a namespace's name/);
});

test('as many namespaces as a server may have are accepted, one more is refused', () => {
  const text = (count: number) => `namespaces:\n${Array.from({ length: count }, (_, n) => `  n${n}: {}\n`).join('')}`;
  assert.equal(parseConfigText(text(limits.namespacesMax), 'f').namespaces.length, limits.namespacesMax);
  assert.match(refusal(text(limits.namespacesMax + 1)), /expected at most 1000 namespaces/);
});

test('text that is no YAML, and a key given twice, are refused with the line', () => {
  assert.match(refusal('listen: [a'), /^reprise\.yaml is not valid YAML: .*line 1/);
  assert.match(refusal('drain: 1s\ndrain: 2s\n'), /^reprise\.yaml is not valid YAML: .*unique.*line 2/);
});

test('aliases that multiply beyond measure are refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((key, index) => {
      const before = 'abcdefgh'[index];
      return `${key}: &${key} [${Array(9).fill(`*${before}`).join(',')}]`;
    }),
  ].join('\n');
  assert.match(refusal(bomb), /^reprise\.yaml can't be used: Excessive alias count/);
});

test('a file that is not there is refused with what to do', () => {
  assert.throws(() => readConfigFile('/nowhere/reprise.yaml'), {
    name: 'ConfigError',
    message: "/nowhere/reprise.yaml can't be read (ENOENT): --config must name a readable file",
  });
});
