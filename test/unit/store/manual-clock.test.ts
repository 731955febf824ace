// Goal: tests may trust their clock. Method: timers fire in order, at their time, only when time is let pass.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../../support/manual-clock.ts';

describe('manual clock', () => {
  it('fires what is due in order, each at its own time', () => {
    const clock = new ManualClock();
    const fired: [string, number][] = [];
    for (const [name, delayMs] of [
      ['late', 20],
      ['early', 10],
      ['tie', 10],
      ['later', 31],
    ] as const) {
      clock.startTimer(delayMs, () => fired.push([name, clock.monotonicMs()]));
    }
    clock.advance(30);
    assert.deepEqual(fired, [
      ['early', 10],
      ['tie', 10],
      ['late', 20],
    ]);
    assert.equal(clock.timers, 1);
    assert.equal(clock.monotonicMs(), 30);
  });

  it('fires timers that timers started, and none that were stopped', () => {
    const clock = new ManualClock();
    let fired = 0;
    const again = (): void => {
      fired++;
      clock.startTimer(10, again);
    };
    clock.startTimer(10, again);
    const stopped = clock.startTimer(5, () => assert.fail('stopped'));
    stopped.stop();
    clock.advance(45);
    assert.equal(fired, 4);
  });

  it('steps the wall clock alone', () => {
    const clock = new ManualClock(1000);
    clock.step(-100);
    assert.equal(clock.nowMs(), 900);
    assert.equal(clock.monotonicMs(), 0);
  });
});
