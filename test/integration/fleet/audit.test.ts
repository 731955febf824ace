// Goal: what a node's memory would serve against the promise is found, counted and mended, whatever the reason; without
// one, nothing is. Method: two nodes over a real Redis; the tail of one swallows changes while its heartbeats prove it, or
// somebody writes in Redis by hand; the walk of the auditor is awaited.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Check, Finding } from '../../../src/admin/check.ts';
import { checkAudit } from '../../../src/admin/check-audit.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { partitionKeys } from '../../../src/store/redis/partition-keys.ts';
import type { Invalidation } from '../../../src/store/store.ts';
import { auditAfters } from '../../../src/store/tiered/audit-scales.ts';
import type { AuditRepair } from '../../../src/store/tiered/key-audit.ts';
import { ANY, NS, put, refOf } from '../../suite/store/store-harness.ts';
import { freshPrefix, type TieredOptions } from '../../support/open-tiered-store.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { isHeld, openStoreNode, type StoreNode, textAt, untilPermitted } from '../../support/store-node.ts';
import { type Swallower, swallower } from '../../support/swallow-changes.ts';
import { until } from '../../support/until.ts';

// A permit outlasts what a busy machine takes between two heartbeats.
const MAX_LAG_MS = 2000;
const TAG_REMOVED: Invalidation = { namespaceId: NS, selector: { kind: 'tag', tag: 't' }, mode: 'remove' };
const PATIENCE = { withinMs: 60_000 };

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

/** A node that writes, and one that is audited. */
interface Pair extends AsyncDisposable {
  readonly writer: StoreNode;
  readonly audited: StoreNode;
  readonly tail: Swallower;
  readonly repairs: readonly AuditRepair[];
  /** Runs a command on what the pair keeps of a key. */
  readonly byHand: (command: string, key: string, ...args: readonly (string | Buffer)[]) => Promise<unknown>;
}

async function openPair(redis: TieredOptions['redis'] = {}): Promise<Pair> {
  await using opening = new AsyncDisposableStack();
  const prefix = freshPrefix(rig);
  const repairs: AuditRepair[] = [];
  const tail = swallower();
  const audit = { perSecond: 50, onRepair: (repair: AuditRepair) => repairs.push(repair) };
  const audited = await openStoreNode(rig, { prefix, redis, wrap: tail.wrap, tiered: { maxLagMs: MAX_LAG_MS, audit } });
  opening.use(audited);
  const writer = opening.use(await openStoreNode(rig, { prefix, redis, tiered: { maxLagMs: MAX_LAG_MS } }));
  const recordOf = (key: string): string => partitionKeys(prefix, '0').record(refOf(key));
  const byHand: Pair['byHand'] = (command, key, ...args) =>
    rig.servers[0]!.command(command, recordOf(key), ...args.map(String));
  const owned = opening.move();
  return { writer, audited, tail, repairs, byHand, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function hold({ writer, audited }: Pair, key: string, tags: readonly string[] = []): Promise<void> {
  await put(writer.store, key, { tags });
  await untilPermitted(audited);
  await until(async () => (await textAt(audited, key)) !== undefined && isHeld(audited, key), { what: `${key} in L1` });
}

function findings({ audited }: Pair): readonly Finding[] {
  const check: Check = checkAudit(() => audited.store.audit);
  return check.look() as readonly Finding[];
}

/** How often what memory would serve was compared. */
function looks({ audited }: Pair): number {
  const { checks } = audited.store.audit!;
  return auditAfters.reduce((sum, after) => sum + checks[after].agreed + checks[after].stale, 0);
}

/** Waits for the walk to find what a swallowed change left behind. */
async function untilMended(pair: Pair): Promise<void> {
  await until(() => pair.repairs.length > 0, { ...PATIENCE, what: 'the repair' });
  pair.tail.swallows = () => false;
  assert.deepEqual([...new Set(pair.repairs.map(({ cause }) => cause))], ['stale']);
  assert.ok(pair.audited.store.audit!.checks.walk.stale > 0);
  const [first] = findings(pair);
  assert.deepEqual([first?.severity, first?.what.split(' ').slice(1, 4).join(' ')], ['error', 'entries in memory']);
}

test('a Set that a tail lacks, though its heartbeats prove it, is found and read from then on', async () => {
  await using pair = await openPair();
  await hold(pair, 'k');
  pair.tail.swallows = (change) => 'key' in change && change.key === 'k';
  await put(pair.writer.store, 'k', { value: Buffer.from('new') });
  await untilMended(pair);
  assert.equal(await textAt(pair.audited, 'k'), 'new');
});

test('a Delete that a tail lacks is found', async () => {
  await using pair = await openPair();
  await hold(pair, 'k');
  pair.tail.swallows = (change) => 'key' in change && change.key === 'k';
  await pair.writer.store.remove({ ...refOf('k'), cause: 'deleted' });
  await untilMended(pair);
  assert.equal(await textAt(pair.audited, 'k'), undefined);
});

test('an invalidation of a tag that a tail lacks is found, and the table of them is taken anew', async () => {
  await using pair = await openPair();
  await hold(pair, 'k', ['t']);
  await hold(pair, 'other', ['t']);
  pair.tail.swallows = (change) => change.kind === 'invalidate';
  await pair.writer.store.invalidate(TAG_REMOVED);
  await untilMended(pair);
  assert.equal(await textAt(pair.audited, 'k'), undefined);
  await until(async () => (await textAt(pair.audited, 'other')) === undefined, { ...PATIENCE, what: 'the other one' });
});

/** Reads. A node that a busy machine kept from its heartbeats refuses, which is not stale. */
async function readIfProven({ store }: StoreNode, key: string): Promise<void> {
  try {
    await store.read(refOf(key), ANY);
  } catch (refusal) {
    if (!(refusal instanceof OperatingError) || refusal.reason !== 'STORE_UNAVAILABLE') throw refusal;
  }
}

const SHAPES = { 'one partition': {}, 'four partitions': { partitions: 4, spread: 4 } } as const;

for (const [shape, redis] of Object.entries(SHAPES)) {
  test(`without a defect nothing is stale beyond the bound in two thousand looks, ${shape}`, async () => {
    await using pair = await openPair(redis);
    for (let round = 0; looks(pair) < 2000; round++) {
      assert.ok(round < 2000, `${looks(pair)} looks after ${round} rounds`);
      const keys = Array.from({ length: 20 }, (_, at) => `k${(round * 20 + at) % 300}`);
      await Promise.all(keys.map((key) => put(pair.writer.store, key, { tags: ['t'] })));
      await Promise.all(keys.map((key) => readIfProven(pair.audited, key)));
      if (round % 20 === 0) await pair.writer.store.invalidate(TAG_REMOVED);
    }
    const { checks, repairs } = pair.audited.store.audit!;
    assert.deepEqual(repairs, { stale: 0, foreign: 0 });
    for (const after of ['max_lag', '10s', 'walk'] as const) assert.equal(checks[after].stale, 0, after);
    assert.deepEqual(
      findings(pair).map(({ severity }) => severity),
      ['info'],
    );
  });
}

test('a record that somebody deletes by hand leaves memory too', async () => {
  await using pair = await openPair();
  await hold(pair, 'k');
  await pair.byHand('DEL', 'k');
  await until(() => pair.repairs.length > 0, { ...PATIENCE, what: 'the repair' });
  assert.equal(pair.repairs[0]?.cause, 'foreign');
  assert.equal(await textAt(pair.audited, 'k'), undefined);
  assert.deepEqual(
    findings(pair).map(({ severity }) => severity),
    ['warning', 'info'],
  );
});

test('a record that somebody lets expire by hand leaves memory too', async () => {
  await using pair = await openPair();
  await hold(pair, 'k');
  await pair.byHand('PEXPIRE', 'k', '1');
  await until(() => pair.repairs.length > 0, { ...PATIENCE, what: 'the repair' });
  assert.equal(await textAt(pair.audited, 'k'), undefined);
});

for (const text of ['', 'by hand', 'name: '.repeat(20)]) {
  test(`a record that somebody overwrites with ${text.length} letters leaves memory too; it is a miss, and a Set mends it`, async () => {
    await using pair = await openPair();
    await hold(pair, 'k');
    await pair.byHand('SET', 'k', text);
    await until(() => pair.repairs.length > 0, { ...PATIENCE, what: 'the repair' });
    assert.equal(pair.repairs[0]?.cause, 'foreign');
    assert.equal(await textAt(pair.audited, 'k'), undefined);
    await put(pair.writer.store, 'k');
    await until(async () => (await textAt(pair.audited, 'k')) === 'value of k', { what: 'the new value' });
  });
}
