import type { Clock } from '../../base/clock.ts';

/** What an answer told of the time, and when. */
interface Told {
  readonly server: string;
  readonly serverMs: number;
  /** Monotonic times of this node, in milliseconds. */
  readonly sentAtMs: number;
  readonly heardAtMs: number;
}

/**
 * What a node knows of the time of a partition's server: the newest answer told it, and this node's monotonic clock
 * counts since. How long the answer was on its way is all that it can't know, until a promotion.
 */
export class ServerTime {
  readonly #clock: Clock;
  #told: Told | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes over what an answer to a question sent at `sentAtMs` told, in milliseconds without the offset of tests. */
  learn(server: string, serverMs: number, sentAtMs: number): void {
    this.#told = { server, serverMs, sentAtMs, heardAtMs: this.#clock.monotonicMs() };
  }

  /** The server's time now, in milliseconds, or up to a round trip earlier; `undefined` if no answer came yet. */
  earliestMs(): number | undefined {
    return this.#told && this.#told.serverMs + this.#clock.monotonicMs() - this.#told.heardAtMs;
  }

  /**
   * The time of this server at a monotonic time, in milliseconds, or up to a round trip later; `undefined` if it was
   * another one that told the time last.
   */
  latestMs(server: string, monotonicMs: number): number | undefined {
    if (this.#told?.server !== server) return undefined;
    return Math.ceil(this.#told.serverMs + monotonicMs - this.#told.sentAtMs);
  }
}
