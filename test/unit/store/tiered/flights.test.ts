// Goal: reads of one key share one question, and no reader gets an answer older than it may be. Method: answers that the
// test gives when it likes, on times that it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadResult } from '../../../../src/store/store.ts';
import { Flights, type FlightTime } from '../../../../src/store/tiered/flights.ts';

const MAX_LAG_MS = 1000;

function result(nowMs: number): ReadResult {
  return { entry: undefined, visibility: 'visible', absence: 'unknown', moment: [], nowMs };
}

/** Starts a read of `k` that ends when the test says so. */
function startOne(flights: Flights, asOfMs: number) {
  const { promise, resolve, reject } = Promise.withResolvers<ReadResult>();
  const times: FlightTime[] = [];
  const answer = flights.start('k', asOfMs, (time) => {
    times.push(time);
    return promise;
  });
  return { answer, resolve, reject, time: times[0]! };
}

test('a read on its way is joined by those of the same name, and counted', async () => {
  const flights = new Flights(MAX_LAG_MS);
  const { answer, resolve } = startOne(flights, 0);
  const joined = flights.join('k', 1);
  assert.equal(flights.join('other', 1), undefined);
  resolve(result(7));
  assert.equal(await joined, await answer);
  assert.equal(flights.joined, 1);
});

test('a read is joined while its answer is no older than a node may lag, and not a millisecond longer', () => {
  const flights = new Flights(MAX_LAG_MS);
  startOne(flights, 100);
  assert.ok(flights.join('k', 100 + MAX_LAG_MS));
  assert.equal(flights.join('k', 101 + MAX_LAG_MS), undefined);
});

test('a read grows older on its way when what judges it is: nobody joins it for longer', () => {
  const flights = new Flights(MAX_LAG_MS);
  const { time } = startOne(flights, 500);
  assert.ok(flights.join('k', 1400));
  time.asOfMs = 300;
  assert.ok(flights.join('k', 1300));
  assert.equal(flights.join('k', 1400), undefined);
});

test('a read that has ended is joined by nobody, whether it was answered or failed', async () => {
  const flights = new Flights(MAX_LAG_MS);
  const answered = startOne(flights, 0);
  answered.resolve(result(1));
  await answered.answer;
  assert.equal(flights.join('k', 1), undefined);
  const failed = startOne(flights, 0);
  const joined = flights.join('k', 1);
  failed.reject(new Error('lost'));
  await assert.rejects(failed.answer, /lost/);
  await assert.rejects(joined!, /lost/);
  assert.equal(flights.join('k', 1), undefined);
});

test('a fresher read takes the place of an older one, whose end does not end it', async () => {
  const flights = new Flights(MAX_LAG_MS);
  const older = startOne(flights, 0);
  const fresher = startOne(flights, 2000);
  older.resolve(result(1));
  await older.answer;
  const joined = flights.join('k', 2001);
  fresher.resolve(result(2));
  assert.equal((await joined!).nowMs, 2);
});

test('where nothing may lag, only reads of the same millisecond share', () => {
  const flights = new Flights(0);
  startOne(flights, 100);
  assert.ok(flights.join('k', 100));
  assert.equal(flights.join('k', 101), undefined);
});
