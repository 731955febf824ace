import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../../src/base/clock.ts';

/** One direction of a proxied connection: bytes leave in the order in which they came, each when it may. */
export class ProxyLane {
  readonly #to: Socket;
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  /** What came and has not left: a chunk, or `undefined` for the end. */
  readonly #waiting: (Buffer | string | undefined)[] = [];
  /** How many of the first of `#waiting` may leave. */
  #due = 0;
  #held = false;

  /** Sends to `to`. */
  constructor(to: Socket, clock: Clock) {
    this.#to = to;
    this.#clock = clock;
  }

  /** Takes a chunk, or `undefined` for the end. */
  push(chunk: Buffer | string | undefined, delayMs: number): void {
    this.#waiting.push(chunk);
    if (delayMs === 0 && this.#timers.size === 0) {
      this.#release();
      return;
    }
    const timer = this.#clock.startTimer(delayMs, () => {
      this.#timers.delete(timer);
      this.#release();
    });
    this.#timers.add(timer);
  }

  /** Lets nothing out until `free`. */
  hold(): void {
    this.#held = true;
  }

  /** Ends `hold`. */
  free(): void {
    this.#held = false;
    this.#drain();
  }

  /** Stops all timers and lets out all that waits for them. */
  hurry(): void {
    this.#stopTimers();
    this.#due = this.#waiting.length;
    this.#drain();
  }

  /** Forgets what waits. */
  close(): void {
    this.#stopTimers();
    this.#waiting.length = 0;
    this.#due = 0;
  }

  #release(): void {
    this.#due++;
    this.#drain();
  }

  #drain(): void {
    for (; this.#due > 0 && !this.#held; this.#due--) {
      const chunk = this.#waiting.shift();
      if (chunk === undefined) this.#to.end();
      else this.#to.write(chunk);
    }
  }

  #stopTimers(): void {
    for (const timer of this.#timers) timer.stop();
    this.#timers.clear();
  }
}
