// Goal: Doctor sees what is wrong with a fleet's Redis while nodes run, and shows what the auditor counted; a change by hand
// is logged without the key. Method: nodes in processes of their own, a real Redis that is set up wrong, frozen and written
// by hand.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { AdminServiceService, type DoctorResponse, Severity } from '../../src/gen/reprise/v1/admin_service.ts';
import { type CacheCalls, cacheCalls } from '../support/cache-calls.ts';
import { runCli } from '../support/cli-process.ts';
import { type FleetNodes, startFleet } from '../support/fleet-nodes.ts';
import type { ServerProcess } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const FLAGS = ['--max-lag', '3s', '--audit-per-second', '50'];
const PATIENCE = { withinMs: 60_000 };

let fleet: FleetNodes;
let node: ServerProcess;
let cache: CacheCalls;
before(async () => {
  fleet = await startFleet(0, FLAGS);
  node = await fleet.add({ withOps: true, startWithinMs: 60_000 });
  cache = cacheCalls(node);
});
after(() => fleet[Symbol.asyncDispose]());

function doctor(): Promise<DoctorResponse> {
  return node.call(AdminServiceService.doctor, {});
}

/** The checks that have something wrong to tell. */
async function wrong(): Promise<string[]> {
  const { findings } = await doctor();
  return findings.filter(({ severity }) => severity === Severity.ERROR).map(({ check }) => check);
}

/** Waits until that is so: a busy machine may let a proof grow old for a moment. */
function untilWrong(...checks: string[]): Promise<void> {
  const isSo = async (): Promise<boolean> => (await wrong()).join() === checks.join();
  return until(isSo, { ...PATIENCE, what: `wrong: ${checks.join()}` });
}

async function told(check: string): Promise<string> {
  const { findings } = await doctor();
  return findings
    .filter((finding) => finding.check === check)
    .map(({ what }) => what)
    .join('\n');
}

async function metric(line: RegExp): Promise<number> {
  const text = await (await fetch(`${node.opsUrl}/metrics`)).text();
  return Number(line.exec(text)?.[1]);
}

test('all is well: the primaries, their versions and the nines are told, and nothing is wrong', async () => {
  const { checks } = await doctor();
  assert.deepEqual(checks.slice(0, 5), ['store', 'redis', 'coherence-audit', 'tail-lag', 'clock']);
  await untilWrong();
  assert.match(await told('store'), /^all 1 partitions have their primary/);
  assert.match(await told('redis'), /the primaries run (Redis|Valkey) \d/);
  assert.match(await told('coherence-audit'), /^answers from memory, compared with Redis/);
});

test('every check is explained in docs/operations.md', async () => {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const explained = [...text.matchAll(/^\| `([a-z-]+)` \| (?:fleet|all) \|/gm)].map(([, name]) => name);
  assert.deepEqual((await doctor()).checks, explained);
});

test('settings that would refuse a start are wrong while it runs', async () => {
  const [server] = fleet.redis.servers;
  await server!.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  await untilWrong('redis');
  assert.match(await told('redis'), /^eviction: maxmemory-policy allkeys-lru may evict/);
  const { code } = await runCli(['doctor'], { server: node.address });
  assert.equal(code, 1);
  await server!.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  await untilWrong();
});

test('looks are counted as metrics, and told as nines', async () => {
  for (let at = 0; at < 50; at++) await cache.stored(`k${at}`, 'v');
  const agreed = /^reprise_audit_checks_total\{after="10ms",result="agreed"\} (\d+)$/m;
  await until(async () => (await metric(agreed)) > 10, { ...PATIENCE, what: 'looks 10 ms after a change' });
  assert.equal(await metric(/^reprise_audit_repairs_total\{cause="stale"\} (\d+)$/m), 0);
  await until(async () => /turn 0 stale of \d+ \(at least/.test(await told('coherence-audit')), PATIENCE);
});

test('what somebody deletes by hand is counted and logged, without the key', async () => {
  await cache.stored('a-secret-key', 'v');
  const [record] = (await fleet.redis.servers[0]!.command('KEYS', '*:a-secret-key')) as string[];
  await fleet.redis.servers[0]!.command('DEL', record!);
  await until(() => node.logged('auditFoundForeign').length > 0, { ...PATIENCE, what: 'the line in the log' });
  assert.equal(node.logged('auditFoundForeign')[0]!.level, 'warn');
  assert.equal(await metric(/^reprise_audit_repairs_total\{cause="foreign"\} (\d+)$/m), 1);
  assert.match(await told('coherence-audit'), /^1 entries in memory were no longer in Redis/);
  assert.doesNotMatch(node.logText(), /a-secret-key/);
  await cache.miss('a-secret-key');
});

test('a Redis that does not answer is wrong, and told in time', async () => {
  fleet.redis.servers[0]!.pause();
  try {
    const found = async (): Promise<boolean> => (await wrong()).includes('store');
    await until(found, { ...PATIENCE, what: 'the finding' });
    assert.ok((await wrong()).includes('redis'));
  } finally {
    fleet.redis.servers[0]!.resume();
  }
  await untilWrong();
});

test('the auditor can be off, which Doctor says', async () => {
  await using quiet = await fleet.add({ flags: ['--audit-per-second', '0'], startWithinMs: 60_000 });
  const { findings } = await quiet.call(AdminServiceService.doctor, {});
  const [finding] = findings.filter(({ check }) => check === 'coherence-audit');
  assert.deepEqual([finding?.severity, finding?.what.includes('is off')], [Severity.INFO, true]);
});
