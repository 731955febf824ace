// Goal: a tail that is stuck, slow or half-open is noticed within maxLagMs, reads go through as long as the primary is
// proven, and nothing older than maxLagMs is ever served. Method: two nodes over one Redis, of which one is connected
// through a proxy for each purpose; every read is judged by the times of its send and of the acknowledgements.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../../src/base/clock.ts';
import { ANY, put, refOf } from '../../suite/store/store-harness.ts';
import { type LanedNode, openLanedNode } from '../../support/laned-node.ts';
import { freshPrefix } from '../../support/open-tiered-store.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { StalenessLog } from '../../support/staleness-log.ts';
import { isHeld, openStoreNode, type StoreNode, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';

const MAX_LAG_MS = 2500;

let rig: RedisRig;
before(async () => {
  rig = await openRig('standalone');
});
after(() => rig.stop());

/** A node that is well, one whose connections are harmed, and what the latter answers for a key that the former sets. */
interface Bench extends AsyncDisposable {
  readonly well: StoreNode;
  readonly harmed: LanedNode;
  readonly log: StalenessLog;
}

async function openBench(): Promise<Bench> {
  await using opening = new AsyncDisposableStack();
  const options = { prefix: freshPrefix(rig), tiered: { heartbeatMs: 100, maxLagMs: MAX_LAG_MS } };
  const well = opening.use(await openStoreNode(rig, options));
  const harmed = opening.use(await openLanedNode(rig, options));
  const log = new StalenessLog('k');
  await log.write(well);
  await until(async () => (await log.read(harmed)) === 1 && isHeld(harmed, 'k'));
  const owned = opening.move();
  return { well, harmed, log, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Sets the key on the node that is well and reads it on the other, again and again, until something holds. */
async function traffic({ well, harmed, log }: Bench, done: () => boolean, what: string): Promise<void> {
  let turns = 0;
  const turn = async (): Promise<boolean> => {
    if (turns++ % 8 === 0) await log.write(well);
    await log.read(harmed);
    return done();
  };
  await until(turn, { what });
}

/** Does so for a while. */
function trafficFor(bench: Bench, ms: number): Promise<void> {
  const endMs = systemClock.monotonicMs() + ms;
  return traffic(bench, () => systemClock.monotonicMs() > endMs, 'the end of the traffic');
}

/** Reads while somebody else does: both may want what L1 does not hold. */
async function untilReadOften({ harmed, log }: Bench): Promise<void> {
  const endMs = systemClock.monotonicMs() + 2000;
  await until(async () => {
    await log.read(harmed);
    return systemClock.monotonicMs() > endMs;
  });
}

/** Lets all connections pass, and waits until the node serves the newest value, from L1. */
async function recover({ well, harmed, log }: Bench): Promise<void> {
  for (const lane of Object.values(harmed.lanes)) await lane.pass();
  const newest = await log.write(well);
  await until(async () => (await log.read(harmed)) === newest, { what: 'the newest value' });
  await untilPermitted(harmed);
  await until(() => isHeld(harmed, 'k'), { what: 'the newest value in L1' });
}

describe('a node', { concurrency: true }, () => {
  // Lessons 3 and 43.
  test('whose connections are all half-open refuses within maxLagMs, is never stale, and recovers', async (t) => {
    await using bench = await openBench();
    const { harmed, log } = bench;
    for (const lane of Object.values(harmed.lanes)) lane.hold();
    const heldAtMs = systemClock.monotonicMs();
    await traffic(bench, () => log.refused > 0, 'a refusal');
    t.diagnostic(`refused ${Math.round(systemClock.monotonicMs() - heldAtMs)} ms after the cut`);
    // A read that is on its way when the permit ends waits for its own time.
    assert.ok(systemClock.monotonicMs() - heldAtMs < 2.5 * MAX_LAG_MS);
    const { answered } = log;
    await trafficFor(bench, 700);
    assert.equal(log.answered, answered, 'nothing is served without a proof');
    await recover(bench);
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
  });

  // Without a proof of the primary a read through could be answered by a deposed one: R8.
  test('whose heartbeat alone is half-open serves what bells keep coherent, then refuses, and recovers', async () => {
    await using bench = await openBench();
    const { harmed, log } = bench;
    harmed.lanes.heartbeat.hold();
    await traffic(bench, () => log.refused > 0, 'a refusal');
    const { answered } = log;
    await trafficFor(bench, 700);
    assert.equal(log.answered, answered, 'nothing is served without a proof');
    await recover(bench);
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
  });

  // Lessons 1 and 9, R18.
  test('whose doorbell is half-open stays coherent through the heartbeat, L1 included', async (t) => {
    await using bench = await openBench();
    const { harmed, log } = bench;
    harmed.lanes.doorbell.hold();
    const { l1 } = harmed.store.counts;
    const read = log.answered;
    await trafficFor(bench, 2500);
    const share = (harmed.store.counts.l1 - l1) / (log.answered - read);
    t.diagnostic(`${Math.round(100 * share)} % from L1, ${Math.round(log.worstMs())} ms stale at most`);
    assert.equal(log.refused, 0);
    assert.ok(share > 0.5, 'L1 goes on');
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
    await recover(bench);
  });

  // R10 and lesson 43: what L1 holds is still proven, and what is not there can't be had.
  test('whose commands are half-open serves L1 and refuses the rest', async () => {
    await using bench = await openBench();
    const { well, harmed, log } = bench;
    await put(well.store, 'never read');
    harmed.lanes.commands.hold();
    await assert.rejects(async () => harmed.store.read(refOf('never read'), ANY), {
      reason: 'STORE_UNAVAILABLE',
    });
    assert.equal(await log.read(harmed), 1);
    await recover(bench);
    assert.equal(log.refused, 0);
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
  });

  // R6: the proof is as old as its send, however long the answer takes.
  test('whose heartbeats take long counts from their send', async (t) => {
    await using bench = await openBench();
    const { harmed, log } = bench;
    harmed.lanes.doorbell.hold();
    // Counted from the answer, a permit would last for longer than maxLagMs after what it proves.
    harmed.lanes.heartbeat.delay(350);
    await trafficFor(bench, 2500);
    t.diagnostic(`${Math.round(log.worstMs())} ms stale at most, ${log.refused} of ${log.answered} refused`);
    assert.ok(log.worstMs() > 200, 'the delay is felt');
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
    harmed.lanes.heartbeat.delay(600);
    await traffic(bench, () => log.refused > 0, 'a refusal');
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
    await recover(bench);
  });

  // Readers join a read that is on its way: the time for which it has been counts.
  test('whose commands take long is not stale by those that join', async (t) => {
    await using bench = await openBench();
    const { harmed, log } = bench;
    harmed.lanes.commands.delay(200);
    await Promise.all([trafficFor(bench, 2000), untilReadOften(bench)]);
    t.diagnostic(`${Math.round(log.worstMs())} ms stale at most, ${harmed.store.counts.joined} joined`);
    assert.ok(harmed.store.counts.joined > 0);
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
    await recover(bench);
  });

  // Lesson 43: connections that end are no worse.
  test('whose connections are destroyed recovers, and was never stale', async () => {
    await using bench = await openBench();
    const { harmed, log } = bench;
    for (const lane of Object.values(harmed.lanes)) await lane.cut();
    await traffic(bench, () => log.refused > 0, 'a refusal');
    await recover(bench);
    assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
  });
});

// With L1 off nothing is served without the store, but the store must be served.
test('a node without L1 reads through, all the time', async () => {
  const options = { prefix: freshPrefix(rig), tiered: { heartbeatMs: 100, maxLagMs: 0 } };
  await using node = await openStoreNode(rig, options);
  const log = new StalenessLog('k');
  await log.write(node);
  const endMs = systemClock.monotonicMs() + 500;
  await until(async () => {
    assert.equal(await log.read(node), 1);
    return systemClock.monotonicMs() > endMs;
  });
  assert.equal(node.store.counts.l1, 0);
});
