// Goal: each check of a fleet's node tells what is wrong, how grave it is, and nothing when all is well. Method: the states
// and counts that it looks at, made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding, Severity } from '../../../src/admin/check.ts';
import { checkAudit } from '../../../src/admin/check-audit.ts';
import { checkClock } from '../../../src/admin/check-clock.ts';
import { checkRedisServers } from '../../../src/admin/check-redis-servers.ts';
import { checkStore } from '../../../src/admin/check-store.ts';
import { checkTailLag } from '../../../src/admin/check-tail-lag.ts';
import { ninesText } from '../../../src/admin/nines.ts';
import { createAuditCounts } from '../../../src/store/tiered/audit-counts.ts';
import type { PartitionState } from '../../../src/store/tiered/partition-state.ts';

function state(partition: number, parts: Partial<PartitionState> = {}): PartitionState {
  const well = { primaryProvenMs: 100, primaryForMs: 7_200_000, tailProvenMs: 100, permitted: true, clockAheadMs: 1 };
  return { partition, ...well, ...parts };
}

/** The only finding, as severity and text. */
function only(findings: readonly Finding[]): [Severity, string] {
  assert.equal(findings.length, 1);
  return [findings[0]!.severity, findings[0]!.what];
}

function storeFinding(states: readonly PartitionState[], usable = { reads: true, writes: true }): [Severity, string] {
  const check = checkStore({ partitionStates: () => states, state: () => usable, proofAgeMsMax: 1000 });
  return only(check.look() as readonly Finding[]);
}

test('store: primaries that are in force are worth knowing, with the time of the newest', () => {
  const [severity, what] = storeFinding([state(0), state(1, { primaryForMs: 4200 })]);
  assert.deepEqual([severity, what], ['info', 'all 2 partitions have their primary, the newest of them for 4.2 s']);
});

test('store: a primary that was not proven lately, or never, is wrong', () => {
  assert.equal(storeFinding([state(0), state(1, { primaryProvenMs: 1000 })])[0], 'info');
  const [severity, what] = storeFinding([state(0), state(1, { primaryProvenMs: 4200 })]);
  assert.deepEqual(
    [severity, what.startsWith('of 1 of 2 partitions no primary has proven to be in force for 4.2 s')],
    ['error', true],
  );
  assert.match(storeFinding([state(0, { primaryProvenMs: undefined })])[1], /since the start/);
});

test('store: what is refused without being sent is wrong', () => {
  assert.deepEqual(storeFinding([state(0)], { reads: true, writes: false })[0], 'error');
  assert.match(storeFinding([state(0)], { reads: false, writes: false })[1], /^reads and changes are refused/);
});

test('tail-lag: partitions without a permit are named, three at most', () => {
  const behind = [1, 2, 3, 4].map((partition) => state(partition, { permitted: false, tailProvenMs: 3000 }));
  const check = checkTailLag({ partitionStates: () => [state(0), ...behind], maxLagMs: 1000 });
  const [severity, what] = only(check.look() as readonly Finding[]);
  assert.equal(severity, 'warning');
  assert.match(what, /^4 of 5 partitions .* 1 \(3 s ago\), 2 \(3 s ago\), 3 \(3 s ago\) and 1 more$/);
});

test('tail-lag: all is well with permits, and where memory answers nothing', () => {
  assert.deepEqual(checkTailLag({ partitionStates: () => [state(0)], maxLagMs: 1000 }).look(), []);
  const none = () => [state(0, { permitted: false, tailProvenMs: undefined })];
  assert.deepEqual(checkTailLag({ partitionStates: none, maxLagMs: 0 }).look(), []);
});

test('clock: a second is worth knowing, a minute a warning, either way', () => {
  const look = (clockAheadMs: number | undefined) =>
    checkClock(() => [state(0, { clockAheadMs })]).look() as readonly Finding[];
  assert.deepEqual(look(999), []);
  assert.deepEqual(look(undefined), []);
  assert.deepEqual(only(look(1000)), ['info', "this node's clock is 1 s behind that of Redis"]);
  assert.deepEqual(only(look(-90_000)), ['warning', "this node's clock is 1.5 min ahead of that of Redis"]);
});

test('redis: what would refuse a start is wrong now; versions are worth knowing', async () => {
  const eviction = { severity: 'refuse', code: 'eviction', what: 'it may evict', whatToDo: 'Set it.' } as const;
  const alone = { severity: 'warn', code: 'no-replica', what: 'it is alone', whatToDo: 'Add one.' } as const;
  const check = checkRedisServers(async () => ({ findings: [eviction, alone], versions: ['Redis 7.2.4'] }));
  const findings = await check.look();
  assert.deepEqual(
    findings.map(({ severity, what }) => `${severity} ${what}`),
    ['error eviction: it may evict', 'warning no-replica: it is alone', 'info the primaries run Redis 7.2.4'],
  );
});

test('redis: who asks at the same time shares a look', async () => {
  let looks = 0;
  const check = checkRedisServers(async () => {
    looks++;
    return { findings: [], versions: [] };
  });
  await Promise.all([check.look(), check.look()]);
  assert.equal(looks, 1);
  await check.look();
  assert.equal(looks, 2);
});

test('coherence-audit: off is worth knowing; nothing stale tells the nines of each scale', () => {
  assert.equal(only(checkAudit(() => undefined).look() as readonly Finding[])[0], 'info');
  const counts = { ...createAuditCounts(), rounds: 0 };
  counts.checks['1s'].agreed = 120_000;
  counts.checks['10ms'].agreed = 997;
  counts.checks['10ms'].stale = 3;
  counts.checks['10ms'].read_through = 500;
  const [severity, what] = only(checkAudit(() => counts).look() as readonly Finding[]);
  assert.equal(severity, 'info');
  assert.match(what, /10 ms after a change 3 stale of 1 000 \(99\.7 %\)/);
  assert.match(what, /1 s after 0 stale of 120 000 \(at least 99\.9975 %\)/);
  assert.match(what, /10 s after none compared/);
});

test('coherence-audit: what was mended is told by its cause', () => {
  const counts = { ...createAuditCounts(), rounds: 0 };
  counts.repairs.stale = 2;
  counts.checks.walk.stale = 2;
  counts.repairs.foreign = 5;
  const findings = checkAudit(() => counts).look() as readonly Finding[];
  assert.deepEqual(
    findings.map(({ severity, what }) => [severity, what.split(' ')[0]]),
    [
      ['error', '2'],
      ['warning', '5'],
      ['info', 'answers'],
    ],
  );
});

test('nines are rounded down, and nothing is said of too few', () => {
  assert.equal(ninesText({ stale: 0, compared: 0 }), 'none compared');
  assert.equal(ninesText({ stale: 0, compared: 2 }), '0 stale of 2');
  assert.equal(ninesText({ stale: 0, compared: 3 }), '0 stale of 3 (at least 0 %)');
  assert.equal(ninesText({ stale: 1, compared: 1_000_000_000 }), '1 stale of 1 000 000 000 (99.999999 %)');
});
