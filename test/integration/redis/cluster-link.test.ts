// Goal: every client of a cluster is well again soon after any failover, and follows slots that move. Method: six real
// nodes; SIGKILL, SIGSTOP and planned failovers under writes; slots moved by hand, half and whole.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { assertAllComeBack } from '../../support/failover-clients.ts';
import { type ClusterRig, openCluster } from '../../support/redis/cluster.ts';
import type { RedisProcess } from '../../support/redis/redis-process.ts';
import { countUp, luaScript, openTestLink, readCount, reasonOf, ring } from '../../support/test-link.ts';
import { until } from '../../support/until.ts';

let rig: ClusterRig;

before(async () => {
  rig = await openCluster();
});
afterEach(() => rig.heal());
after(() => rig.stop());

test('writes resume after failovers of every kind, within 15 s, and every client within 5 s of the switch', (t) =>
  assertAllComeBack(rig, t));

test('a deposed primary that wakes is not in force', async () => {
  const link = await openTestLink(rig);
  const key = '{p}a';
  const { server: old } = await link.run('heartbeat', countUp(key));
  await until(() => link.inForce(key, old), { what: 'the word of the cluster' });
  await rig.failOver('freeze', key);
  await until(async () => (await reasonOf(link.run('heartbeat', countUp(key)))) === 'answered', { what: 'an answer' });
  const { server } = await link.run('heartbeat', countUp(key));
  assert.notEqual(server, old);
  await until(() => link.inForce(key, server), { what: 'the word of the cluster' });
  await rig.heal();
  assert.ok(!link.inForce(key, old));
  await link.close();
});

interface Move {
  readonly slot: number;
  readonly from: RedisProcess;
  readonly to: RedisProcess;
}

async function beginMove(key: string, otherKey: string): Promise<Move> {
  const from = await rig.primary(key);
  const to = await rig.primary(otherKey);
  assert.notEqual(from, to);
  const slot = Number(await from.command('CLUSTER', 'KEYSLOT', key));
  await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(await from.command('CLUSTER', 'MYID')));
  await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(await to.command('CLUSTER', 'MYID')));
  return { slot, from, to };
}

async function endMove({ slot, from, to }: Move): Promise<void> {
  const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, 100)) as string[];
  if (keys.length > 0) await from.command('MIGRATE', '127.0.0.1', to.port, '', 0, 1000, 'KEYS', ...keys);
  const id = String(await to.command('CLUSTER', 'MYID'));
  for (const node of [to, from]) await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', id);
}

const TWO_KEYS = luaScript("redis.call('INCR', KEYS[1]); return redis.call('INCR', KEYS[2])");

test('calls follow a slot that moves; those that need both halves of it fail without effect', async () => {
  const link = await openTestLink(rig);
  const [known, fresh] = ['{a}known', '{a}fresh'];
  const { server: old } = await link.run('commands', countUp(known));
  const move = await beginMove(known, '{b}x');
  assert.equal((await link.run('commands', countUp(known))).server, old);
  // Not there yet: the other node takes it.
  const asked = await link.run('commands', countUp(fresh));
  assert.notEqual(asked.server, old);
  assert.equal(asked.answer, 1);
  const both = { script: TWO_KEYS, keys: [known, fresh], args: [] };
  assert.equal(await reasonOf(link.run('commands', both)), 'STORE_UNAVAILABLE');
  await endMove(move);
  const moved = await link.run('commands', both);
  assert.deepEqual([moved.answer, moved.server], [2, asked.server]);
  assert.equal((await link.run('commands', readCount(known))).answer, 3);
  await until(() => link.inForce(known, asked.server), { what: 'the word of the cluster' });
  assert.ok(!link.inForce(known, old));
  await link.close();
});

test('who listens to a channel whose slot moves hears of a gap, and goes on hearing', async () => {
  const link = await openTestLink(rig);
  const heard: string[] = [];
  let gaps = 0;
  await link.listen(
    '{c}bell',
    (payload) => heard.push(String(payload)),
    () => gaps++,
  );
  await link.run('commands', ring('{c}bell', 'one'));
  await until(() => heard.length === 1, { what: 'the first message' });
  const other = (await rig.primary('{c}bell')) === (await rig.primary('{a}x')) ? '{b}x' : '{a}x';
  await endMove(await beginMove('{c}bell', other));
  await until(() => gaps > 0, { what: 'the gap' });
  await link.run('commands', ring('{c}bell', 'two'));
  await until(() => heard.length === 2, { what: 'the second message' });
  await link.close();
});
