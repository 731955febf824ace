/**
 * Which keys of one partition changed lately, and with which number. Bounded: what is forgotten raises the floor, below
 * which every key counts as changed.
 */
export class RecentChanges {
  readonly #keysMax: number;
  /** The oldest change first. */
  readonly #numbers = new Map<string, number>();
  /**
   * Stands before the oldest change, and is never begun again: all before it has been deleted. Plain form: the map's first
   * entry, before which V8 leaves what was deleted in place until it rehashes: at the bound 11 µs a change instead of 0.6.
   */
  #oldest = this.#numbers.entries();
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
    this.#numbers.delete(key);
    this.#numbers.set(key, number);
    if (this.#numbers.size > this.#keysMax) this.#forgetOldest();
  }

  /** Returns the number of the newest change that a key may have had; 0 if it had none. */
  newestOf(key: string): number {
    return Math.max(this.#floor, this.#numbers.get(key) ?? 0);
  }

  /** The history forked: changes beyond `fork` were lost, and numbers beyond it will name other changes. */
  clampTo(fork: number): void {
    for (const [key, number] of this.#numbers) if (number > fork) this.#numbers.set(key, fork);
    this.#floor = Math.min(this.#floor, fork);
  }

  /** Forgets all: any key may have changed up to `number`. */
  restartAt(number: number): void {
    this.#numbers.clear();
    this.#oldest = this.#numbers.entries();
    this.#floor = number;
  }

  #forgetOldest(): void {
    const { value, done } = this.#oldest.next();
    if (done === true) throw new Error('a map over its bound has an oldest entry');
    this.#numbers.delete(value[0]);
    this.#floor = Math.max(this.#floor, value[1]);
  }
}
