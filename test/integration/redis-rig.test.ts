// Goal: the rigs of real Redis servers are what tests take them for: every shape, open and guarded, serves whom it
// should and leaves nothing behind. Method: a plain client of each rig, as the service's user.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRig } from '../support/redis/open-rig.ts';
import { type RedisProcess, startRedis } from '../support/redis/redis-process.ts';
import type { RedisRig, RedisShape } from '../support/redis/rig.ts';
import { withRigClient } from '../support/redis/rig-client.ts';

const GUARDED = { tls: true, acl: true };

function processesOf(rig: RedisRig): RedisProcess[] {
  return [...rig.servers, ...('sentinels' in rig ? (rig.sentinels as RedisProcess[]) : [])];
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function assertServes(rig: RedisRig): Promise<void> {
  await withRigClient(rig, async (client) => {
    assert.equal(await client.set('reprise:k', 'v'), 'OK');
    assert.equal(await client.get('reprise:k'), 'v');
    await rig.flush();
    assert.equal(await client.get('reprise:k'), null);
  });
}

async function assertGuarded(rig: RedisRig): Promise<void> {
  await withRigClient(rig, async (client) => {
    await assert.rejects(client.get('other:k'), /NOPERM/);
    await assert.rejects(client.flushall(), /NOPERM/);
    await assert.rejects(client.eval("return redis.call('GET', KEYS[1])", 1, 'other:k'), /NOPERM/);
    await assert.rejects(Promise.resolve(client.publish('other:c', 'm')), /NOPERM/);
    const script = `local time = redis.call('TIME')
      redis.call('SET', KEYS[1], time[1])
      return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')`;
    assert.match(String(await client.eval(script, 1, 'reprise:k')), /^[0-9a-f]{40}$/);
  });
}

async function assertStops(rig: RedisRig): Promise<void> {
  const pids = processesOf(rig).map(({ pid }) => pid);
  assert.ok(pids.every(lives));
  await rig.stop();
  await rig.stop();
  assert.deepEqual(pids.filter(lives), []);
}

for (const shape of ['standalone', 'sentinel', 'cluster'] satisfies RedisShape[]) {
  test(`${shape}: serves who asks, and stops without a rest`, async () => {
    await using rig = await openRig(shape);
    assert.equal(rig.user, undefined);
    await assertServes(rig);
    await assertStops(rig);
  });

  test(`${shape}: with TLS and an ACL serves the service's user on its keys only`, async () => {
    await using rig = await openRig(shape, GUARDED);
    assert.match(rig.url, /^rediss(\+sentinel|\+cluster)?:\/\/reprise:service-password@127\.0\.0\.1:\d+/);
    await assertServes(rig);
    await assertGuarded(rig);
    await assertStops(rig);
  });
}

test('a killed server comes back on its port, empty unless it saves', async () => {
  for (const save of [false, true]) {
    await using server = await startRedis({ save });
    await server.command('SET', 'k', 'v');
    await server.kill();
    assert.equal(server.state, 'ended');
    await assert.rejects(server.command('PING'));
    await server.restart();
    assert.equal(await server.command('GET', 'k'), save ? 'v' : null);
  }
});

test('a server that cannot start tells its log', async () => {
  await assert.rejects(startRedis({ config: ['no-such-setting 1'] }), /no-such-setting/);
});
