// Goal: nobody notices that the nodes of a fleet are restarted one after the other: calls are answered, streams lose nothing
// and come back spread out (Resumable). Method: three node processes over a real Redis, callers and streams that go from
// one to the other; two rounds of what `make rolling-restarts` does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cacheCalls } from '../support/cache-calls.ts';
import { type ComingBack, Follower } from '../support/follower.ts';
import { seedOfRun } from '../support/seeded-random.ts';
import { startTestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';
import { complaintsOf, lineOf, summaryOf } from './rolling-restarts/judge-restarts.ts';
import { type RestartsResult, runRestarts } from './rolling-restarts/run-restarts.ts';

test('calls and streams go on while three nodes are restarted twice each', async (t) => {
  const seed = seedOfRun();
  const result = await runRestarts(2, { streams: 300, seed }, (restart) => t.diagnostic(lineOf(restart)));
  t.diagnostic(`SEED=${seed}\n${summaryOf(result)}`);
  assert.deepEqual(complaintsOf(result), []);
  assert.equal(result.restarts.length, 6);
});

test('a follower finds keys that are missing, and keys that come again', async () => {
  await using server = await startTestServer();
  let over = false;
  const clientFor = () => (over ? undefined : server.client);
  const follower = new Follower({ namespace: 'default', haste: 0, clientFor }, 0);
  follower.open();
  await until(() => follower.following);
  const { stored } = cacheCalls(server);
  for (const key of ['k0', 'k2', 'k2', 'k3']) await stored(key, 'v');
  await until(() => follower.next === 4);
  assert.deepEqual(follower.complaints, ['k2 where k1 was expected', 'k2 where k3 was expected']);
  over = true;
});

test('restarts are complained about for each thing that a caller would notice', () => {
  const comingAfter = (toldMs: number): ComingBack => ({ toldMs, endedMs: 0, triedMs: toldMs, readyMs: toldMs });
  const comings = Array.from({ length: 60 }, (_, index) => comingAfter(50 * index));
  const follower = { next: 2, resets: 0, broken: 1, cut: 0, comings, complaints: [] };
  const counts = { answered: 9, resolved: 0, unknown: 0, unavailable: 1, cut: 0 };
  const load = { changers: [], counts, failures: [], longestMs: 1, told: 2 };
  const well: RestartsResult = {
    restarts: [{ node: 0, drainMs: 1, startMs: 1, comings }],
    followers: [follower],
    load,
    values: new Map(),
  };
  const complaints = (parts: Partial<RestartsResult>): number => complaintsOf({ ...well, ...parts }).length;
  assert.equal(complaints({}), 0);
  assert.equal(complaints({ followers: [{ ...follower, resets: 1 }] }), 1);
  assert.equal(complaints({ followers: [{ ...follower, next: 1 }] }), 1);
  assert.equal(complaints({ followers: [{ ...follower, complaints: ['k3 where k2 was expected'] }] }), 1);
  assert.equal(complaints({ load: { ...load, failures: ['INTERNAL'] } }), 1);
  assert.equal(complaints({ load: { ...load, counts: { ...counts, unavailable: 0 } } }), 1);
  const storm = [...comings, ...Array.from({ length: 20 }, () => comingAfter(0))];
  assert.equal(complaints({ restarts: [{ ...well.restarts[0]!, comings: storm }] }), 1);
  assert.equal(complaints({ restarts: [{ ...well.restarts[0]!, comings: comings.slice(0, 49) }] }), 1);
});
