import type { Random } from '../../base/random.ts';

const WINDOW_MS = 1000;

/**
 * Picks changes at random, at most so many in a second: each with the chance that would have picked that many in the
 * second before. So what comes in a burst has the chance of what comes evenly, but for the first second of it.
 */
export class AuditSampler {
  readonly #perSecond: number;
  readonly #random: Random;
  #windowAtMs = Number.NEGATIVE_INFINITY;
  #seen = 0;
  #picked = 0;
  #chance = 1;

  constructor(perSecond: number, random: Random) {
    this.#perSecond = perSecond;
    this.#random = random;
  }

  /** Tells whether the change that came now is picked. */
  picks(monotonicMs: number): boolean {
    if (monotonicMs - this.#windowAtMs >= WINDOW_MS) this.#nextWindow(monotonicMs);
    this.#seen++;
    if (this.#picked >= this.#perSecond || this.#random.float() >= this.#chance) return false;
    this.#picked++;
    return true;
  }

  #nextWindow(monotonicMs: number): void {
    const follows = monotonicMs - this.#windowAtMs < 2 * WINDOW_MS;
    this.#chance = follows ? Math.min(1, this.#perSecond / this.#seen) : 1;
    this.#windowAtMs = monotonicMs;
    this.#seen = 0;
    this.#picked = 0;
  }
}
