// Goal: no client of Redis wedges in a failover, and no acknowledged write is lost untold. Method: real Sentinels and a real
// cluster whose primaries are killed and frozen under writes, a few rounds of what `make failovers` does; and the judges
// tried on losses, and on a client, that are made on purpose.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { put } from '../suite/store/store-harness.ts';
import { freshPrefix, openPartitions } from '../support/open-tiered-store.ts';
import { openPair } from '../support/redis/pair.ts';
import { openStandalone } from '../support/redis/standalone.ts';
import { countUp, openTestLink } from '../support/test-link.ts';
import { until } from '../support/until.ts';
import type { FailoverFigures } from './failovers/failover-run.ts';
import { complaintsOf, tableOf } from './failovers/judge-kind.ts';
import { openLinkProbe } from './failovers/link-probe.ts';
import { judgeLosses } from './failovers/losses.ts';
import { type FailoverShape, runKinds } from './failovers/run-kinds.ts';
import { openTestedNode } from './failovers/tested-node.ts';
import type { Acknowledged } from './failovers/writer.ts';

const ROUNDS = 2;

describe('failovers', { concurrency: true }, () => {
  for (const shape of ['sentinel', 'cluster'] satisfies FailoverShape[]) {
    test(`${shape}: every client comes back, and is told what was lost`, async (t) => {
      const results = await runKinds(shape, ROUNDS, () => undefined);
      t.diagnostic(`\n${tableOf(results)}`);
      assert.deepEqual(results.flatMap(complaintsOf), []);
      assert.deepEqual(
        results.map(({ rounds }) => rounds.length),
        [ROUNDS, ROUNDS],
      );
    });
  }

  test('the judge finds writes that were lost, and whether each node tells it', async () => {
    await using pair = await openPair();
    const prefix = freshPrefix(pair.rig);
    await using a = await openTestedNode(pair.rig, prefix);
    await using b = await openTestedNode(pair.rig, prefix);
    const write = async (key: string): Promise<Acknowledged> => ({ key, change: await put(a.store, key) });
    const kept = [await write('k1'), await write('k2')];
    await pair.part();
    const lost = [await write('k2'), await write('k3')];
    await pair.switchOver();
    await until(() => [a, b].every(({ ends }) => ends.length === 1), { what: 'the end of the epoch' });
    const after = [await write('k3')];
    await Promise.all([a, b].map(({ store }) => store.caughtUp()));
    const primaries = await openPartitions(pair.rig, { prefix });
    const all = [...kept, ...lost, ...after];
    assert.deepEqual(await judgeLosses(all, primaries, [a, b]), { lost, untold: 0, wronglyRefused: 0 });
    // A node that does not tell subscribers.
    assert.equal((await judgeLosses(all, primaries, [a, { ...b, ends: [] }], 100)).untold, lost.length);
    await primaries.close();
  });

  test('the probe names the connection that does not come back', async () => {
    await using rig = await openStandalone();
    const link = await openTestLink(rig);
    const probe = await openLinkProbe(link, `${rig.prefix}{0}:probe`);
    const { server } = await link.run('commands', countUp(`${rig.prefix}{0}:x`));
    const nowMs = systemClock.monotonicMs();
    assert.ok((await probe.untilUsable(server, nowMs, 5000)) > 0);
    await assert.rejects(
      probe.untilUsable('of another server', nowMs, 50),
      /(commands|heartbeat|doorbell) of a link did/,
    );
    await rig.servers[0]!.command('ACL', 'SETUSER', 'default', '-ssubscribe', '-spublish');
    await assert.rejects(probe.untilUsable(server, nowMs, 200), /^Error: doorbell of a link did not come/);
    await link.close();
    await assert.rejects(probe.untilUsable(server, nowMs, 50), /of a link did not come/);
  });

  test('a kind is complained about for each thing that may not be', () => {
    const times = { switchMs: 2000, readyMs: 1, resumedMs: 2100, movedAgain: 0 };
    const well: FailoverFigures = { ...times, acknowledged: 10, lost: 1, untold: 0, wronglyRefused: 0, wedged: [] };
    const complaints = (figures: Partial<FailoverFigures>, ended?: string, miscounts: string[] = []): number =>
      complaintsOf({ name: 'n', rounds: [well, { ...well, ...figures }], ended, miscounts }).length;
    assert.equal(complaints({}), 0);
    assert.equal(complaints({ untold: 1 }), 1);
    assert.equal(complaints({ wronglyRefused: 1 }), 1);
    assert.equal(complaints({ readyMs: 15_001 }), 1);
    assert.equal(complaints({ resumedMs: 17_001 }), 1);
    assert.equal(complaints({ readyMs: 15_001, resumedMs: 17_001, movedAgain: 1 }), 0);
    assert.equal(complaints({ wedged: ['commands of a link'] }), 1);
    assert.equal(complaints({}, 'gone'), 1);
    assert.equal(complaints({}, undefined, ['a is 1: 2 acknowledged, 0 lost']), 1);
  });
});
