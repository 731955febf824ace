import { type Clock, systemClock, type Timer } from '../../src/base/clock.ts';

/** The machine's clocks, with timers that fire as late as a test says by the monotonic one: an event loop that is busy. */
export class LateClock implements Clock {
  /** Milliseconds by which every timer is late. */
  lateMs = 0;
  #aheadMs = 0;

  /** The machine's: deadlines of callers are told by it. */
  nowMs(): number {
    return systemClock.nowMs();
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#aheadMs;
  }

  startTimer(delayMs: number, callback: () => void): Timer {
    return systemClock.startTimer(delayMs, () => {
      this.#aheadMs += this.lateMs;
      callback();
    });
  }
}
