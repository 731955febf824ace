import type { Clock } from '../../base/clock.ts';

/** The clock's time since the epoch, which never goes back: it stands still until a clock that was set back catches up. */
export class StoreTime {
  readonly #clock: Clock;
  #latestMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the time, in milliseconds; never less than before. */
  nowMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#clock.nowMs());
    return this.#latestMs;
  }
}
