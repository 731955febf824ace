// Goal: a failover of one primary of a cluster makes no node serve what is stale, and leaves the others' partitions alone.
// Method: two nodes over a real cluster; the primary of a key is frozen, replaced, and wakes up; every read is judged by
// the times of its send and of the acknowledgements.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/base/clock.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { partitionTags } from '../../../src/store/redis/partition-tags.ts';
import { put, refOf } from '../../suite/store/store-harness.ts';
import { freshPrefix } from '../../support/open-tiered-store.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import { StalenessLog } from '../../support/staleness-log.ts';
import { isHeld, newsOf, openStoreNode, type StoreNode, textAt } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';

const MAX_LAG_MS = 2500;
const KEYS = Array.from({ length: 32 }, (_, index) => `k${index}`);

/** Sets the judged key on one node, as often as it succeeds, and reads it on the other. */
async function traffic(log: StalenessLog, writer: StoreNode, reader: StoreNode, done: () => boolean): Promise<void> {
  await until(
    async () => {
      await log.write(writer).catch((failure) => assert.ok(failure instanceof OperatingError));
      await log.read(reader);
      return done();
    },
    { withinMs: 30_000, what: 'the end of the traffic' },
  );
}

// R8, R15, P2.
test('a frozen primary that wakes is not believed, and no other partition notices', async (t) => {
  await using rig = await openRig('cluster');
  const prefix = freshPrefix(rig);
  const options = { prefix, tiered: { heartbeatMs: 100, maxLagMs: MAX_LAG_MS } };
  await using writer = await openStoreNode(rig, options);
  await using reader = await openStoreNode(rig, options);
  const log = new StalenessLog('k');
  for (const key of KEYS) await put(writer.store, key);
  await log.write(writer);
  const partition = (await reader.store.read(refOf('k'), { kind: 'latest' })).moment[0]!.partition;
  const meta = `${prefix}{${partitionTags(256)[partition]}}:meta`;
  const held = async (): Promise<boolean> => {
    for (const key of KEYS) await textAt(reader, key);
    return KEYS.every((key) => isHeld(reader, key));
  };
  await until(held, { what: 'all keys in L1' });
  const zombie = await rig.primary(meta);
  const primary = await rig.failOver('freeze', meta);
  assert.notEqual(primary, zombie);
  const before = log.newest ?? 0;
  await traffic(log, writer, reader, () => (log.newest ?? 0) > Math.max(1, before));
  zombie.resume();
  const endMs = systemClock.monotonicMs() + 2000;
  await traffic(log, writer, reader, () => systemClock.monotonicMs() > endMs);
  t.diagnostic(`${log.answered} answers, ${log.refused} refused, ${Math.round(log.worstMs())} ms stale at most`);
  assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
  const forked = new Set(newsOf(reader, 'forked').map((news) => news.partition));
  t.diagnostic(`${forked.size} of 16 partitions forked`);
  assert.ok(forked.has(partition) && forked.size < 16);
  assert.deepEqual(newsOf(reader, 'restarted'), []);
});
