// Goal: under Sentinel no failover makes a node serve what is stale, whether the old primary is dead, wakes up or never
// learns of it. Method: real failovers; nodes that are well and nodes that no Sentinel can tell; every read is judged by
// the times of its send and of the acknowledgements.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { systemClock } from '../../../src/base/clock.ts';
import type { OperatingError } from '../../../src/base/operating-error.ts';
import type { BeatAnswer, PartitionStore } from '../../../src/store/partition-store.ts';
import { LINK_DEFAULTS } from '../../../src/store/redis/link-options.ts';
import type { Applied } from '../../../src/store/store.ts';
import type { BreakerBounds } from '../../../src/store/tiered/breaker.ts';
import { NS, put, refOf, textOf } from '../../suite/store/store-harness.ts';
import { freshPrefix, type TieredOptions } from '../../support/open-tiered-store.ts';
import { type CutProxy, openCutProxy } from '../../support/redis/cut-proxy.ts';
import type { RedisProcess } from '../../support/redis/redis-process.ts';
import { rigUrlThrough } from '../../support/redis/rig-url.ts';
import { openSentinel, type SentinelRig } from '../../support/redis/sentinel.ts';
import { StalenessLog } from '../../support/staleness-log.ts';
import { isHeld, newsOf, openStoreNode, type StoreNode, textAt, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';
import { replaceParts } from '../../support/wrap-partitions.ts';

const MAX_LAG_MS = 1000;

let rig: SentinelRig;
before(async () => {
  rig = await openSentinel();
});
afterEach(() => rig.heal());
after(() => rig.stop());

/** A node that is well, and one whose Sentinels can be silenced. */
interface Bench extends AsyncDisposable {
  readonly well: StoreNode;
  readonly other: StoreNode;
  readonly toSentinels: readonly CutProxy[];
  readonly prefix: string;
}

/** A node that no silence keeps from asking, as one whose breaker has not opened yet. */
const NEVER_OPENS = { silenceMsMax: 600_000, unansweredMax: 1_000_000 };

/** How the nodes of a bench differ from what is usual. */
interface BenchOptions {
  readonly breaker?: Partial<BreakerBounds>;
  /** Of the node whose Sentinels can be silenced. */
  readonly wrap?: NonNullable<TieredOptions['wrap']>;
}

async function openBench({ breaker = {}, wrap = (partitions) => partitions }: BenchOptions = {}): Promise<Bench> {
  await using opening = new AsyncDisposableStack();
  const toSentinels: CutProxy[] = [];
  for (const port of rig.ports) toSentinels.push(opening.use(await openCutProxy(port)));
  const prefix = freshPrefix(rig);
  // How long commands wait decides what a primary that wakes may still do.
  const { commandTimeoutMs } = LINK_DEFAULTS;
  const options = { prefix, commandTimeoutMs, tiered: { heartbeatMs: 100, maxLagMs: MAX_LAG_MS, breaker } };
  const through = {
    ...rig,
    url: rigUrlThrough(
      rig,
      toSentinels.map(({ port }) => port),
    ),
  };
  const well = opening.use(await openStoreNode(rig, options));
  const other = opening.use(await openStoreNode(through, { ...options, wrap }));
  const owned = opening.move();
  return { well, other, toSentinels, prefix, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Waits until the replicas have copied everything that was done before. */
async function copied(primary: RedisProcess): Promise<void> {
  await primary.session(async (call) => {
    await call('SET', 'the last that is copied', '1');
    assert.equal(await call('WAIT', 2, 5_000), 2);
  });
}

/** Sets the key on one node, as often as it succeeds, and reads it on the other, until something holds. */
async function traffic(log: StalenessLog, writer: StoreNode, reader: StoreNode, done: () => boolean): Promise<void> {
  const bound = { withinMs: 20_000, what: 'the end of the traffic' };
  let ended = false;
  const reading = until(async () => {
    await log.read(reader);
    return done();
  }, bound).finally(() => {
    ended = true;
  });
  const writing = until(async () => {
    await log.write(writer).catch(operatingOnly);
    return ended;
  }, bound);
  await Promise.all([reading, writing]);
}

function operatingOnly(failure: unknown): undefined {
  const { reason } = failure as OperatingError;
  if (reason !== 'STORE_UNAVAILABLE' && reason !== 'OUTCOME_UNKNOWN') throw failure;
}

/** Returns a condition that holds after so many milliseconds. */
function afterMs(ms: number): () => boolean {
  const endMs = systemClock.monotonicMs() + ms;
  return () => systemClock.monotonicMs() > endMs;
}

async function isMaster(server: RedisProcess): Promise<boolean> {
  const [role] = (await server.command('ROLE')) as [string];
  return role === 'master';
}

// R7, reliability § 2, C6.
test('a failover that lost nothing costs nothing but its time', async () => {
  await using bench = await openBench();
  const nodes = [bench.well, bench.other];
  const { position, moment } = await put(bench.well.store, 'k');
  for (const node of nodes) {
    await untilPermitted(node);
    await until(async () => (await textAt(node, 'k')) !== undefined && isHeld(node, 'k'));
  }
  await copied(await rig.primary());
  await rig.failOver('kill');
  for (const node of nodes) {
    await until(() => newsOf(node, 'forked').length > 0);
    await untilPermitted(node);
    assert.ok(isHeld(node, 'k'), 'no entry leaves L1');
    assert.ok(newsOf(node, 'forked')[0]!.fork >= position.number);
    assert.deepEqual(newsOf(node, 'restarted'), []);
    const { entry } = await node.store.read(refOf('k'), { kind: 'at-least', moment });
    assert.equal(textOf(entry?.value), 'value of k');
  }
});

// R8: a woken primary calls itself master for ten seconds.
test('a zombie is not believed: nobody reads what it has', async (t) => {
  await using bench = await openBench();
  const { well, other } = bench;
  const log = new StalenessLog('k');
  await log.write(well);
  await until(async () => (await log.read(other)) === 1);
  const zombie = await rig.primary();
  await copied(zombie);
  await rig.failOver('freeze');
  await traffic(log, well, other, () => (log.newest ?? 0) > 1);
  zombie.resume();
  assert.ok(await isMaster(zombie), 'it does not know');
  await traffic(log, well, other, afterMs(2000));
  assert.ok(await isMaster(zombie), 'it still does not know');
  t.diagnostic(`${log.answered} answers, ${log.refused} refused, ${Math.round(log.worstMs())} ms stale at most`);
  assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
});

// R8 without anybody being frozen: the old primary goes on answering, and the word of the Sentinels has an age.
test('a node that no Sentinel can tell does not serve what the old primary has for longer than maxLagMs', async (t) => {
  await using bench = await openBench();
  const { well, other, toSentinels } = bench;
  const log = new StalenessLog('k');
  await log.write(well);
  await until(async () => (await log.read(other)) === 1 && isHeld(other, 'k'));
  const old = await rig.primary();
  for (const proxy of toSentinels) proxy.hold();
  await Promise.all([traffic(log, well, other, afterMs(4000)), rig.failOver('planned')]);
  assert.ok(await isMaster(old), 'it does not know');
  t.diagnostic(`${log.answered} answers, ${log.refused} refused, ${Math.round(log.worstMs())} ms stale at most`);
  assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
  assert.ok(log.refused > 0);
  for (const proxy of toSentinels) await proxy.resume();
  const newest = await log.write(well);
  await until(async () => (await log.read(other)) === newest, { what: 'the newest value' });
});

// R8: what is slow must not make the word of the others old, or every permit would lapse with one Sentinel.
test('one silent Sentinel of three costs nothing', async () => {
  await using bench = await openBench();
  const { well, other, toSentinels } = bench;
  const log = new StalenessLog('k');
  await log.write(well);
  await until(async () => (await log.read(other)) === 1 && isHeld(other, 'k'));
  toSentinels[0]!.hold();
  await traffic(log, well, other, afterMs(2500));
  assert.equal(log.refused, 0);
  assert.ok(log.worstMs() <= MAX_LAG_MS, `${log.worstMs()} ms stale`);
});

// R8: what it acknowledges is lost, and whoever was told so is told again.
test('what a node has a zombie acknowledge is lost with it: a new epoch, and invalidations are made again', async () => {
  await using bench = await openBench({ breaker: NEVER_OPENS });
  const { well, other, toSentinels } = bench;
  const { position } = await put(well.store, 'k', { tags: ['t'] });
  const zombie = await rig.primary();
  await copied(zombie);
  for (const proxy of toSentinels) proxy.hold();
  await rig.failOver('freeze');
  await until(() => newsOf(well, 'forked').length > 0);
  zombie.resume();
  const selector = { kind: 'tag', tag: 't' } as const;
  const invalidate = async () => other.store.invalidate({ namespaceId: NS, selector, mode: 'remove' });
  const lost: (Applied | undefined)[] = [];
  await until(async () => lost.push(await invalidate().catch(operatingOnly)) > 0 && lost.at(-1) !== undefined);
  assert.equal(lost.at(-1)!.position.epoch, position.epoch, 'the zombie does not know of the new epoch');
  const set = await put(other.store, 'k', { value: Buffer.from('lost') });
  await assert.rejects(async () => textAt(other, 'k'), { reason: 'STORE_UNAVAILABLE' });
  assert.equal(await textAt(well, 'k'), 'value of k');
  for (const proxy of toSentinels) await proxy.resume();
  await until(() => other.store.counts.reissued === 1, { what: 'the invalidation, made again' });
  await until(async () => (await textAt(well, 'k')) === undefined, { what: 'its effect' });
  const [forked] = newsOf(other, 'forked');
  assert.ok(forked!.fork < set.position.number && forked!.fork >= position.number);
  const lostRead = async () => other.store.read(refOf('k'), { kind: 'at-least', moment: set.moment });
  await assert.rejects(lostRead, { reason: 'TOKEN_UNUSABLE', detail: { metadata: { why: 'BEYOND_FORK' } } });
  assert.equal(await textAt(other, 'k'), undefined);
});

// R8: nobody can tell the node that its primary was deposed, but that was silent.
test('a zombie acknowledges nothing to a node that noticed its silence and that no Sentinel can tell', async () => {
  const answers: BeatAnswer[] = [];
  const wrap = (partitions: PartitionStore): PartitionStore =>
    replaceParts(partitions, {
      beat: async (...asked) => {
        const answer = await partitions.beat(...asked);
        answers.push(answer);
        return answer;
      },
    });
  await using bench = await openBench({ wrap });
  const { well, other, toSentinels } = bench;
  await put(well.store, 'k');
  const zombie = await rig.primary();
  await copied(zombie);
  for (const proxy of toSentinels) proxy.hold();
  const forgotten = afterMs(2500);
  await rig.failOver('freeze');
  await until(() => forgotten() && !other.store.availability.state.writes, { what: 'the open breaker' });
  answers.length = 0;
  zombie.resume();
  await until(() => answers.length >= 3, { what: 'heartbeats that the zombie answers' });
  await assert.rejects(put(other.store, 'k'), { reason: 'STORE_UNAVAILABLE' });
  assert.ok(await isMaster(zombie), 'it does not know');
  assert.ok(answers.every(({ inForce }) => !inForce));
  for (const proxy of toSentinels) await proxy.resume();
  await until(() => other.store.availability.state.writes, { what: 'the closed breaker' });
  await until(() => put(other.store, 'k').then(Boolean, () => false), { what: 'a Set at the primary in force' });
});

// R10: a change that lies in the socket of a frozen primary is executed when that wakes.
test('a change that a frozen primary had not read is refused when it wakes', async () => {
  await using bench = await openBench();
  const { well, prefix } = bench;
  await put(well.store, 'k');
  const zombie = await rig.primary();
  await copied(zombie);
  zombie.pause();
  const late = put(well.store, 'late').catch(({ reason }: OperatingError) => reason);
  const primary = await rig.failOver('freeze');
  assert.equal(await late, 'OUTCOME_UNKNOWN');
  zombie.resume();
  const record = `${prefix}{0}:r:${NS}:late`;
  await zombie.session(async (call) => {
    for (let i = 0; i < 10; i++) assert.equal(await call('EXISTS', record), 0);
    const changes = String(await call('XREVRANGE', `${prefix}{0}:log`, '+', '-', 'COUNT', 1));
    assert.ok(!changes.includes('late'));
  });
  assert.equal(await primary.command('EXISTS', record), 0);
});
