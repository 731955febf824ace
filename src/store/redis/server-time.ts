import type { Clock } from '../../base/clock.ts';

/**
 * What a node knows of the time of a partition's server: the newest answer told it, and this node's monotonic clock
 * counts since. It is behind by the time that the answer was on its way, and wrong after a promotion until the next
 * answer.
 */
export class ServerTime {
  readonly #clock: Clock;
  #told: { readonly serverMs: number; readonly atMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes over what an answer told, in milliseconds without the offset of tests. */
  learn(serverMs: number): void {
    this.#told = { serverMs, atMs: this.#clock.monotonicMs() };
  }

  /** The server's time now, in milliseconds; `undefined` if no answer came yet. */
  nowMs(): number | undefined {
    if (this.#told === undefined) return undefined;
    return this.#told.serverMs + this.#clock.monotonicMs() - this.#told.atMs;
  }
}
