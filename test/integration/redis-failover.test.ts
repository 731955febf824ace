// Goal: in the rigs with replicas another server takes over, however the primary goes, and healing makes them whole.
// Method: a plain client writes before, in between and after.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openRig } from '../support/redis/open-rig.ts';
import type { FailoverKind, FailoverRig } from '../support/redis/rig.ts';
import { withRigClient } from '../support/redis/rig-client.ts';
import { until } from '../support/until.ts';

async function assertFailsOver(rig: FailoverRig, kind: FailoverKind): Promise<void> {
  await withRigClient(rig, async (client) => {
    await client.set('reprise:k', 'before');
    const old = await rig.primary('reprise:k');
    const primary = await rig.failOver(kind, 'reprise:k');
    assert.notEqual(primary.port, old.port);
    // Sentinel leaves the old primary writable for ten seconds after an order, and such writes are lost.
    if (kind === 'planned') await rig.heal();
    const writes = async (): Promise<boolean> => (await client.set('reprise:k', kind).catch(() => '')) === 'OK';
    await until(writes, { what: `a write after ${kind}` });
    await rig.heal();
    // On a busy machine yet another may have taken over meanwhile, without this write: only what is written now counts.
    const keeps = async (): Promise<boolean> => (await writes()) && (await client.get('reprise:k')) === kind;
    await until(keeps, { what: `a write that is kept after healing from ${kind}` });
  });
}

async function failsOver(shape: 'sentinel' | 'cluster', guarded: boolean, ...kinds: FailoverKind[]): Promise<void> {
  await using rig = await openRig(shape, { tls: guarded, acl: guarded });
  for (const kind of kinds) await assertFailsOver(rig, kind);
}

describe('a replica takes over', { concurrency: true }, () => {
  test('sentinel: from a primary that is killed, frozen, or told to go', () =>
    failsOver('sentinel', false, 'kill', 'freeze', 'planned'));

  test('sentinel: behind TLS and an ACL, too', () => failsOver('sentinel', true, 'kill'));

  test('cluster: from a primary that is killed, frozen, or told to go', () =>
    failsOver('cluster', true, 'kill', 'freeze', 'planned'));
});
