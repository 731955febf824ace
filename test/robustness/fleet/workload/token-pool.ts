import type { SeededRandom } from '../../../support/seeded-random.ts';

const TOKENS_MAX = 60;

/** Tokens that callers hand to each other, newest last. */
export class TokenPool {
  readonly #tokens: string[] = [];

  /** Keeps a token. */
  keep(token: string): void {
    if (token === '') return;
    this.#tokens.push(token);
    if (this.#tokens.length > TOKENS_MAX) this.#tokens.shift();
  }

  /** Returns one or two of them, mostly new ones; none if there are none. */
  pick(random: SeededRandom): string[] {
    if (this.#tokens.length === 0) return [];
    const one = (): string => {
      const back = random.chance(0.6) ? random.below(4) : random.below(TOKENS_MAX);
      return this.#tokens.at(-1 - Math.min(back, this.#tokens.length - 1))!;
    };
    return random.chance(0.2) ? [one(), one()] : [one()];
  }
}
