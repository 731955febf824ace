import { AgeMap } from '../../base/age-map.ts';

/**
 * Which keys of one partition changed lately, and with which number. Bounded: what is forgotten raises the floor, below
 * which every key counts as changed.
 */
export class RecentChanges {
  readonly #keysMax: number;
  readonly #numbers = new AgeMap<number>();
  #floor = 0;

  /** @param keysMax most keys remembered; at least 1 */
  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  /** Changes up to this number may have been forgotten. */
  get floor(): number {
    return this.#floor;
  }

  /** Remembers that a key changed. Numbers come in ascending order. */
  note(key: string, number: number): void {
    this.#numbers.set(key, number);
    if (this.#numbers.size > this.#keysMax) this.#forgetOldest();
  }

  /** Returns the number of the newest change that a key may have had; 0 if it had none. */
  newestOf(key: string): number {
    return Math.max(this.#floor, this.#numbers.get(key) ?? 0);
  }

  /** The history forked: changes beyond `fork` were lost, and numbers beyond it will name other changes. */
  clampTo(fork: number): void {
    this.#numbers.replaceAll((number) => Math.min(number, fork));
    this.#floor = Math.min(this.#floor, fork);
  }

  /** Forgets all: any key may have changed up to `number`. */
  restartAt(number: number): void {
    this.#numbers.clear();
    this.#floor = number;
  }

  #forgetOldest(): void {
    const oldest = this.#numbers.oldest();
    if (oldest === undefined) return;
    this.#numbers.delete(oldest.key);
    this.#floor = Math.max(this.#floor, oldest.value);
  }
}
