// Goal: a clock that is moved on behaves as if the time had passed, but for recurring timers. Method: over a clock that
// the test holds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdvancingClock } from '../../../src/base/advancing-clock.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function clocks(): { machine: ManualClock; clock: AdvancingClock } {
  const machine = new ManualClock(1000);
  return { machine, clock: new AdvancingClock(machine) };
}

test('both times run with the other clock, and ahead of it by what it was moved on', () => {
  const { machine, clock } = clocks();
  clock.advance(500);
  machine.advance(7);
  assert.deepEqual([clock.nowMs(), clock.monotonicMs(), clock.aheadMs], [1507, 507, 500]);
});

test('a timer fires by itself, and not again when the clock is moved on', () => {
  const { machine, clock } = clocks();
  let fired = 0;
  clock.startTimer(10, () => fired++);
  machine.advance(10);
  clock.advance(100);
  assert.equal(fired, 1);
});

test('what becomes due by moving on fires in its order, and sees the new time', () => {
  const { machine, clock } = clocks();
  const fired: string[] = [];
  clock.startTimer(20, () => fired.push(`b ${clock.monotonicMs()}`));
  clock.startTimer(10, () => fired.push(`a ${clock.monotonicMs()}`));
  clock.advance(20);
  assert.deepEqual(fired, ['a 20', 'b 20']);
  assert.equal(machine.timers, 0);
});

test('what is not due yet waits for the rest of its time', () => {
  const { machine, clock } = clocks();
  let fired = 0;
  clock.startTimer(30, () => fired++);
  clock.advance(20);
  machine.advance(9);
  assert.equal(fired, 0);
  machine.advance(1);
  assert.equal(fired, 1);
});

test('a timer that another one stops on the way does not fire', () => {
  const { clock } = clocks();
  const fired: string[] = [];
  clock.startTimer(1, () => second.stop());
  const second = clock.startTimer(2, () => fired.push('second'));
  clock.advance(5);
  assert.deepEqual(fired, []);
});

test('a timer that fires again and again fires once, and counts from the new time', () => {
  const { machine, clock } = clocks();
  let fired = 0;
  const again = (): void => {
    fired++;
    clock.startTimer(10, again);
  };
  clock.startTimer(10, again);
  clock.advance(1_000_000);
  assert.equal(fired, 1);
  machine.advance(10);
  assert.equal(fired, 2);
});
