// Goal: loads keep as many calls under way as asked, time each, and notice wrong answers. Method: calls that a manual
// clock answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Begin, driveClosedLoop, driveInTurns } from '../../../bench/fleet/closed-loop.ts';
import { parseRequestsServed } from '../../../bench/fleet/redis-client.ts';
import { batchesOf, keyAt, namespaces } from '../../../bench/fleet/workload.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** Answers each call after so many milliseconds, in a turn of its own. */
function answering(clock: ManualClock, ms: number, isRight = true): { readonly begin: Begin; peak: number } {
  let underWay = 0;
  const server = {
    peak: 0,
    begin(done: (isRight: boolean) => void): void {
      underWay += 1;
      server.peak = Math.max(server.peak, underWay);
      setImmediate(() => {
        clock.advance(ms);
        underWay -= 1;
        done(isRight);
      });
    },
  };
  return server;
}

test('as many calls are under way as asked, until the time is over', async () => {
  const clock = new ManualClock();
  const server = answering(clock, 10);
  const { latency, seconds } = await driveClosedLoop({ begin: server.begin, inFlight: 4, seconds: 1, clock });
  assert.equal(server.peak, 4);
  assert.deepEqual([latency.count, latency.p50Ms, seconds], [103, 40, 1.03]);
});

test('a wrong answer fails the load', async () => {
  const clock = new ManualClock();
  const loop = { begin: answering(clock, 100, false).begin, inFlight: 1, seconds: 1, clock };
  await assert.rejects(driveClosedLoop(loop), /10 of 10 answers were wrong/);
  await assert.rejects(driveInTurns({ begins: [loop.begin], seconds: 1, clock }), /wrong/);
});

test('calls that take turns are timed each by itself, and are as many', async () => {
  const clock = new ManualClock();
  const begins = [answering(clock, 10).begin, answering(clock, 40).begin];
  const [quick, slow] = await driveInTurns({ begins, seconds: 1, clock });
  assert.deepEqual([quick?.p99Ms, slow?.p50Ms], [10, 40]);
  assert.deepEqual([quick?.count, slow?.count], [20, 20]);
});

test('scripts and MGETs are counted however they were called', () => {
  const info =
    '# Commandstats\r\ncmdstat_evalsha:calls=120,usec=1\r\ncmdstat_eval:calls=3,usec=1\r\ncmdstat_mget:calls=9,u\r\n';
  assert.equal(parseRequestsServed(info), 132);
  assert.equal(parseRequestsServed('# Commandstats\r\n'), 0);
});

test('batches hold every key once, of which the cold ones never fit', () => {
  const keys = batchesOf('cold').flat();
  assert.equal(new Set(keys).size, namespaces.cold.keys);
  assert.equal(Buffer.byteLength(keyAt(9_999)), 16);
  assert.ok(namespaces.cold.capacityBytes < keys.length * 100 * 0.1);
});
