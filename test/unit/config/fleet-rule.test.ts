// Goal: settings of a fleet fit together, or the message says what to change and repeats no password. Method: what flags,
// environment and file may give, resolved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditPerSecondMax, type FleetConfig, lagMsMax } from '../../../src/config/config.ts';
import { heartbeatMsMin } from '../../../src/config/fleet-flags.ts';
import { resolveConfig } from '../../../src/config/resolve-config.ts';

const REDIS = { redis: 'redis://127.0.0.1:6379' };

async function fleet(
  flags: Record<string, string>,
  env: Record<string, string> = {},
): Promise<FleetConfig | undefined> {
  return (await resolveConfig({ flags: new Map(Object.entries(flags)), env })).fleet;
}

function refusal(flags: Record<string, string>, env: Record<string, string> = {}): Promise<string> {
  return fleet(flags, env).then(
    () => assert.fail('accepted'),
    (error: Error) => {
      assert.equal(error.name, 'ConfigError', String(error));
      return error.message;
    },
  );
}

test('without Redis the server is solo', async () => {
  assert.equal(await fleet({}), undefined);
});

test('with a URL, from a flag or the environment, it is a node of a fleet with the defaults', async () => {
  for (const found of [await fleet(REDIS), await fleet({}, { REPRISE_REDIS: REDIS.redis })]) {
    assert.equal(found?.redisUrl, REDIS.redis);
    assert.deepEqual([found.redisPrefix, found.maxLagMs, found.heartbeatMs], ['reprise:', 1000, 250]);
    assert.deepEqual([found.redisPasswordFile, found.sentinelLogin], [undefined, undefined]);
  }
});

test('all six schemes are taken, and no others', async () => {
  for (const scheme of ['redis', 'rediss'].flatMap((base) => [base, `${base}+sentinel`, `${base}+cluster`])) {
    assert.ok(await fleet({ redis: `${scheme}://127.0.0.1` }));
  }
  for (const redis of ['127.0.0.1:6379', 'valkey://127.0.0.1', 'redis+tls://127.0.0.1', 'redis://', 'http://a']) {
    assert.match(await refusal({ redis }), /^--redis: expected a URL that begins with redis:\/\//);
  }
});

test('a password in a URL that is refused is not repeated', async () => {
  assert.doesNotMatch(await refusal({ redis: 'redi://me:hunter2@127.0.0.1' }), /hunter2|me:/);
  assert.doesNotMatch(await refusal({}, { REPRISE_REDIS: ' redis://me:hunter2@127.0.0.1' }), /hunter2/);
});

test('a state directory and Redis exclude each other', async () => {
  assert.match(await refusal({ ...REDIS, state: 'dir' }), /^--state and --redis exclude each other/);
});

test('settings of a fleet need Redis', async () => {
  for (const name of ['redis-prefix', 'redis-ca', 'redis-password-file', 'redis-sentinel-name']) {
    assert.match(await refusal({ [name]: 'a' }), /give --redis URL/, name);
  }
  for (const name of ['max-lag', 'heartbeat']) assert.match(await refusal({ [name]: '2s' }), /give --redis URL/, name);
});

test('a spool belongs to a node of a fleet: a server alone is told why it needs none', async () => {
  assert.equal((await fleet({ ...REDIS, spool: 'dir' }))?.spoolDir, 'dir');
  assert.equal((await fleet(REDIS))?.spoolDir, undefined);
  assert.match(await refusal({ spool: 'dir' }), /^--spool .* no Redis is given: a server alone makes them at once/);
  assert.match(await refusal({ ...REDIS, spool: ' ' }), /^--spool: expected a path/);
});

test('the heartbeat is at most half of the lag, exactly half included', async () => {
  assert.equal((await fleet({ ...REDIS, 'max-lag': '500ms' }))?.maxLagMs, 500);
  assert.match(
    await refusal({ ...REDIS, 'max-lag': '499ms' }),
    /^--heartbeat is 250ms and may be half of --max-lag at most, which is 499ms/,
  );
  assert.equal((await fleet({ ...REDIS, 'max-lag': '0s' }))?.maxLagMs, 0, 'no memory tier, no lag to keep');
});

test('lag and heartbeat are taken at their bounds and not beyond', async () => {
  assert.ok(await fleet({ ...REDIS, 'max-lag': `${lagMsMax}ms`, heartbeat: `${lagMsMax / 2}ms` }));
  assert.ok(await fleet({ ...REDIS, heartbeat: `${heartbeatMsMin}ms` }));
  assert.match(await refusal({ ...REDIS, 'max-lag': `${lagMsMax + 1}ms` }), /^--max-lag: expected 0s to 1m/);
  assert.match(await refusal({ ...REDIS, heartbeat: `${heartbeatMsMin - 1}ms` }), /^--heartbeat: expected 20ms to 30s/);
});

test('changes are audited at a rate of 0 to 50 a second, 10 if nothing is said', async () => {
  assert.equal((await fleet(REDIS))?.auditPerSecond, 10);
  for (const rate of [0, auditPerSecondMax]) {
    assert.equal((await fleet({ ...REDIS, 'audit-per-second': String(rate) }))?.auditPerSecond, rate);
  }
  for (const rate of [String(auditPerSecondMax + 1), '-1', '1.5', '', 'all']) {
    assert.match(await refusal({ ...REDIS, 'audit-per-second': rate }), /expected a whole number from 0 to 50/, rate);
  }
  assert.match(await refusal({ 'audit-per-second': '0' }), /give --redis URL/);
});

test('a prefix is 1 to 64 characters that mean nothing to Redis', async () => {
  for (const prefix of ['r', 'a'.repeat(64), 'team-1/cache:v2_']) {
    assert.equal((await fleet({ ...REDIS, 'redis-prefix': prefix }))?.redisPrefix, prefix);
  }
  for (const prefix of ['a'.repeat(65), '{a}', 'a*', 'a b', 'ä']) {
    assert.match(await refusal({ ...REDIS, 'redis-prefix': prefix }), /^--redis-prefix: expected 1 to 64/, prefix);
  }
});

test('certificate and key for Redis go together, and so do the name and the password of Sentinels', async () => {
  assert.match(await refusal({ ...REDIS, 'redis-cert': 'c' }), /give --redis-cert and --redis-key/);
  assert.match(await refusal({ ...REDIS, 'redis-key': 'k' }), /give --redis-cert and --redis-key/);
  assert.match(await refusal({ ...REDIS, 'redis-sentinel-name': 'n' }), /give --redis-sentinel-password-file FILE/);
  const found = await fleet({ ...REDIS, 'redis-sentinel-password-file': 'p' });
  assert.deepEqual(found?.sentinelLogin, { name: undefined, passwordFile: 'p' });
});
