import type { Random } from '../../src/base/random.ts';

/** Randomness that a seed decides: mulberry32 (Tommy Ettinger, 2017). For tests only. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  float(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** Returns a whole number of at least 0 and below `end`. */
  below(end: number): number {
    return Math.floor(this.float() * end);
  }

  /** Returns true with the given probability. */
  chance(probability: number): boolean {
    return this.float() < probability;
  }

  /** Returns one of the choices. */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }
}

/** Returns the seed of this run: that of the environment variable SEED, else a new one. Tests print what they use. */
export function seedOfRun(): number {
  const given = process.env['SEED'];
  return given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
}
