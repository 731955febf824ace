import type { NearChange } from './near-rule.ts';

/** Where in the log a flight began. */
export type LogMark = number;

/**
 * The changes that were told while reads are on their way: one log for all of them. A flight in which more than
 * `changesMax` were told can't be judged any more; they are forgotten from time to time.
 */
export class ToldLog {
  readonly #changesMax: number;
  #changes: NearChange[] = [];
  /** Number of the first change in the list. */
  #first = 0;
  #flights = 0;

  constructor(changesMax: number) {
    this.#changesMax = changesMax;
  }

  /** A read is sent: whatever is told from now on concerns it, until `end`. */
  begin(): LogMark {
    this.#flights++;
    return this.#first + this.#changes.length;
  }

  /** Returns what was told since `begin`; undefined if it was more than `changesMax`, or was forgotten. */
  since(mark: LogMark): readonly NearChange[] | undefined {
    const told = this.#first + this.#changes.length - mark;
    return mark < this.#first || told > this.#changesMax ? undefined : this.#changes.slice(mark - this.#first);
  }

  /** A read has come back, or failed. */
  end(): void {
    this.#flights--;
    if (this.#flights === 0) this.forget();
  }

  /** Notes a change, if any read is on its way. */
  note(change: NearChange): void {
    if (this.#flights === 0) return;
    this.#changes.push(change);
    if (this.#changes.length > 2 * this.#changesMax) this.#dropOldest(this.#changesMax);
  }

  /** Makes every flight that has begun impossible to judge. */
  forget(): void {
    // One more than there are: a flight that nothing was told to is spoilt too.
    this.#first += this.#changes.length + 1;
    this.#changes = [];
  }

  #dropOldest(count: number): void {
    this.#first += count;
    this.#changes = this.#changes.slice(count);
  }
}
