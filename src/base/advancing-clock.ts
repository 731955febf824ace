import type { Clock, Timer } from './clock.ts';

interface Waiting {
  readonly dueMs: number;
  readonly callback: () => void;
  timer: Timer;
}

/** A clock that runs with another one, and may be moved on: for tests that wait for no TTL. */
export class AdvancingClock implements Clock {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds by which it is ahead of the other one. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#aheadMs;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs() + this.#aheadMs;
  }

  startTimer(delayMs: number, callback: () => void): Timer {
    const waiting: Waiting = {
      dueMs: this.monotonicMs() + delayMs,
      callback,
      timer: this.#clock.startTimer(delayMs, () => this.#fire(waiting)),
    };
    this.#waiting.add(waiting);
    return { stop: () => this.#stop(waiting) };
  }

  /**
   * Moves both clocks on at once. What became due fires, each timer once and in the order in which they were due: those
   * that it starts count from the new time.
   */
  advance(ms: number): void {
    this.#aheadMs += ms;
    const nowMs = this.monotonicMs();
    for (const waiting of [...this.#waiting].sort((a, b) => a.dueMs - b.dueMs)) {
      if (!this.#waiting.has(waiting)) continue;
      waiting.timer.stop();
      if (waiting.dueMs <= nowMs) this.#fire(waiting);
      else waiting.timer = this.#clock.startTimer(waiting.dueMs - nowMs, () => this.#fire(waiting));
    }
  }

  #fire(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    waiting.callback();
  }

  #stop(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    waiting.timer.stop();
  }
}
