// Goal: each call fails in its time and none twice, with one timer for all. Method: a clock that the test moves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingCalls } from '../../../../src/store/redis/connection/pending-calls.ts';
import { CONNECTION_LOST } from '../../../../src/store/redis/connection-failure.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const TIMEOUT_MS = 1000;

function opened(): { clock: ManualClock; calls: PendingCalls; failed: string[]; add: (name: string) => () => boolean } {
  const clock = new ManualClock();
  const calls = new PendingCalls(clock, TIMEOUT_MS);
  const failed: string[] = [];
  const add = (name: string): (() => boolean) => {
    const call = calls.add(({ code }) => failed.push(`${name} ${code}`));
    return () => calls.settle(call);
  };
  return { clock, calls, failed, add };
}

test('calls without an answer fail in their order, each in its time', () => {
  const { clock, failed, add } = opened();
  add('a');
  clock.advance(400);
  add('b');
  clock.advance(TIMEOUT_MS - 401);
  assert.deepEqual(failed, []);
  clock.advance(1);
  assert.deepEqual(failed, ['a silent']);
  clock.advance(400);
  assert.deepEqual(failed, ['a silent', 'b silent']);
});

test('a call that was answered does not fail, and one that failed can not be answered', () => {
  const { clock, calls, failed, add } = opened();
  const answered = add('a');
  const late = add('b');
  assert.ok(answered());
  clock.advance(TIMEOUT_MS);
  assert.deepEqual([failed, late(), calls.size], [['b silent'], false, 0]);
});

test('one timer serves all calls, and none is left when the connection ends', () => {
  const { clock, calls, failed, add } = opened();
  for (const name of ['a', 'b', 'c']) add(name);
  assert.equal(clock.timers, 1);
  calls.failAll(CONNECTION_LOST);
  assert.deepEqual([failed, clock.timers], [['a lost', 'b lost', 'c lost'], 0]);
});
