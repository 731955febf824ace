// Goal: every client of a primary under Sentinel is well again soon after any failover, and none believes a deposed one.
// Method: real Sentinels; SIGKILL, SIGSTOP and planned failovers under writes; counters that must not count twice.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { LinkOptions } from '../../../src/store/redis/link-options.ts';
import { assertAllComeBack } from '../../support/failover-clients.ts';
import { openSentinel, type SentinelRig } from '../../support/redis/sentinel.ts';
import { countUp, openTestLink } from '../../support/test-link.ts';
import { until } from '../../support/until.ts';

let rig: SentinelRig;

before(async () => {
  rig = await openSentinel();
});
afterEach(() => rig.heal());
after(() => rig.stop());

test('writes resume after failovers of every kind, within 15 s, and every client within 5 s of the switch', (t) =>
  assertAllComeBack(rig, t));

test('a deposed primary that wakes is not in force', async () => {
  const link = await openTestLink(rig);
  const { server: old } = await link.run('heartbeat', countUp('reprise:a'));
  await until(() => link.inForce('reprise:a', old), { what: 'the word of the Sentinels' });
  await rig.failOver('freeze');
  await until(() => link.ready, { what: 'the new primary' });
  const { server } = await link.run('heartbeat', countUp('reprise:a'));
  assert.notEqual(server, old);
  await until(() => link.inForce('reprise:a', server), { what: 'the word of the Sentinels' });
  await rig.heal();
  assert.ok(!link.inForce('reprise:a', old));
  await link.close();
});

test('nobody is in force once no Sentinel can be asked, and calls go on', async () => {
  const settings: Partial<LinkOptions> = { watchIntervalMs: 50, opinionAgeMsMax: 400 };
  const link = await openTestLink(rig, settings);
  const { server } = await link.run('commands', countUp('reprise:a'));
  await until(() => link.inForce('reprise:a', server), { what: 'the word of the Sentinels' });
  for (const sentinel of rig.sentinels) sentinel.pause();
  await until(() => !link.inForce('reprise:a', server), { what: 'the end of that word' });
  await link.run('commands', countUp('reprise:a'));
  for (const sentinel of rig.sentinels) sentinel.resume();
  await until(() => link.inForce('reprise:a', server), { what: 'the word of the Sentinels again' });
  await link.close();
});
