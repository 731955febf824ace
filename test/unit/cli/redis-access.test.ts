// Goal: what the settings of a fleet say is what the connections are made with, and a refusal repeats no password. Method:
// settings and files as an operator gives them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type RedisAccess, redisAccess } from '../../../src/cli/fleet/redis-access.ts';
import type { FleetConfig } from '../../../src/config/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'reprise-access-'));
after(() => rmSync(folder, { recursive: true }));

const NO_TLS = { caFile: undefined, certFile: undefined, keyFile: undefined, serverName: undefined };

function file(content: string): string {
  const path = join(folder, `file-${Buffer.from(content).toString('hex').slice(0, 20)}`);
  writeFileSync(path, content);
  return path;
}

function access(redisUrl: string, more: Partial<FleetConfig> = {}): RedisAccess {
  const defaults = {
    redisPrefix: 'reprise:',
    redisPasswordFile: undefined,
    sentinelLogin: undefined,
    spoolDir: undefined,
  };
  return redisAccess({
    redisUrl,
    ...defaults,
    redisTls: NO_TLS,
    maxLagMs: 1000,
    heartbeatMs: 250,
    auditPerSecond: 0,
    ...more,
  });
}

function refusal(redisUrl: string, more: Partial<FleetConfig> = {}): string {
  try {
    access(redisUrl, more);
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ConfigError', String(error));
    return error.message;
  }
  return assert.fail('accepted');
}

test('a plain URL is enough', () => {
  const { url, tls, sentinelLogin } = access('redis://127.0.0.1:7000');
  assert.deepEqual(url, {
    shape: 'standalone',
    tls: false,
    login: undefined,
    address: { host: '127.0.0.1', port: 7000 },
    database: 0,
  });
  assert.deepEqual([tls, sentinelLogin], [undefined, undefined]);
});

test('the first line of the password file is the password of the name in the URL, whatever it holds', () => {
  for (const password of ['hunter2', 'a:b@c/d%41 e', 'пароль', '#?&']) {
    const redisPasswordFile = file(`${password}\nignored`);
    for (const shape of ['redis://reprise@h', 'redis+sentinel://reprise@h,i/name', 'rediss+cluster://reprise@h']) {
      assert.deepEqual(access(shape, { redisPasswordFile }).url.login, { name: 'reprise', password }, shape);
    }
    assert.deepEqual(access('redis://h', { redisPasswordFile }).url.login, { name: undefined, password });
  }
});

test('a password may come from one place only', () => {
  const message = refusal('redis://me:hunter2@h', { redisPasswordFile: file('tiger') });
  assert.match(message, /give one of them/);
  assert.doesNotMatch(message, /hunter2|tiger/);
});

test('a password file that is empty, or not there, is named with its flag', () => {
  assert.match(refusal('redis://h', { redisPasswordFile: file('\nx') }), /^--redis-password-file .* is empty/);
  const absent = join(folder, 'absent');
  assert.match(
    refusal('redis://h', { redisPasswordFile: absent }),
    /^--redis-password-file .*can't be read \(ENOENT\)/,
  );
});

test('a URL that can not be used is refused with what to do, and without its password', () => {
  for (const url of ['redis://me:hunter2@h:99999', 'redis://me:hunter2@h,i', 'redis+sentinel://me:hunter2@h']) {
    const message = refusal(url);
    assert.match(message, /^--redis: the Redis URL can't be used: /);
    assert.doesNotMatch(message, /hunter2/);
  }
});

test('certificates are read for a URL that says TLS, and refused with one that does not', () => {
  const redisTls = { caFile: file('ca'), certFile: file('cert'), keyFile: file('key'), serverName: 'redis.example' };
  const { tls } = access('rediss://h', { redisTls });
  assert.deepEqual(
    [String(tls?.ca), String(tls?.cert), String(tls?.key), tls?.serverName],
    ['ca', 'cert', 'key', 'redis.example'],
  );
  assert.match(refusal('redis://h', { redisTls }), /begin it with rediss/);
  const caFile = join(folder, 'absent');
  assert.match(refusal('rediss://h', { redisTls: { ...NO_TLS, caFile } }), /^--redis-ca .*ENOENT/);
});

test('Sentinels get a login of their own, and only Sentinels', () => {
  const sentinelLogin = { name: 'watcher', passwordFile: file('secret\n') };
  const found = access('redis+sentinel://me:pw@h/name', { sentinelLogin });
  assert.deepEqual(found.sentinelLogin, { name: 'watcher', password: 'secret' });
  assert.match(refusal('redis://h', { sentinelLogin }), /write redis\+sentinel:/);
});
