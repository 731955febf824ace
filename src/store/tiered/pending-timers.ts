import type { Clock, Timer } from '../../base/clock.ts';

/** Timers under way, a bounded number of them, which end together. */
export class PendingTimers {
  readonly #clock: Clock;
  readonly #timersMax: number;
  readonly #pending = new Set<Timer>();

  constructor(clock: Clock, timersMax: number) {
    this.#clock = clock;
    this.#timersMax = timersMax;
  }

  /** Calls `callback` after `delayMs`, unless too many wait already or all are closed before. */
  start(delayMs: number, callback: () => void): void {
    if (this.#pending.size >= this.#timersMax) return;
    const timer = this.#clock.startTimer(delayMs, () => {
      this.#pending.delete(timer);
      callback();
    });
    this.#pending.add(timer);
  }

  /** Stops all. */
  close(): void {
    for (const timer of this.#pending) timer.stop();
    this.#pending.clear();
  }
}
