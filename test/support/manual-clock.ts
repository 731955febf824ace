import type { Clock, Timer } from '../../src/base/clock.ts';

interface Waiting {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test says so. */
export class ManualClock implements Clock {
  readonly #startMs: number;
  readonly #waiting = new Set<Waiting>();
  #elapsedMs = 0;
  #stepMs = 0;

  /** @param startMs what `nowMs` says at first */
  constructor(startMs = 1_800_000_000_000) {
    this.#startMs = startMs;
  }

  /** Timers that have neither fired nor been stopped. */
  get timers(): number {
    return this.#waiting.size;
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs + this.#stepMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  startTimer(delayMs: number, callback: () => void): Timer {
    const waiting: Waiting = { dueMs: this.#elapsedMs + Math.max(0, delayMs), callback };
    this.#waiting.add(waiting);
    return { stop: () => this.#waiting.delete(waiting) };
  }

  /** Moves both clocks on by `ms`, and fires on the way what is due, each at its time, ties in order of starting. */
  advance(ms: number): void {
    const untilMs = this.#elapsedMs + ms;
    for (let next = this.#nextDue(untilMs); next !== undefined; next = this.#nextDue(untilMs)) {
      this.#waiting.delete(next);
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs);
      next.callback();
    }
    this.#elapsedMs = untilMs;
  }

  /** Sets the wall clock forward, or back if negative, as an operator does. The monotonic clock doesn't notice. */
  step(ms: number): void {
    this.#stepMs += ms;
  }

  #nextDue(untilMs: number): Waiting | undefined {
    let next: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.dueMs <= untilMs && (next === undefined || waiting.dueMs < next.dueMs)) next = waiting;
    }
    return next;
  }
}
