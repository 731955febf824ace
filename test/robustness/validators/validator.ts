import type { History } from '../history/history.ts';

/** What a validator found. */
export interface Verdict {
  /** How many cases it looked at: a promise that was never put to the test is not kept. */
  readonly checked: number;
  /** One sentence a breach. */
  readonly evidence: readonly string[];
}

/** Judges whether one promise was kept. */
export interface Validator {
  readonly name: string;
  /** The promise, in the words in which it is given. */
  readonly promise: string;
  readonly validate: (history: History) => Verdict;
}

/** Collects what a validator finds. */
export class Findings {
  #checked = 0;
  readonly #evidence: string[] = [];

  /** Counts one case, and keeps the evidence if the promise was broken in it. */
  check(kept: boolean, evidence: () => string): void {
    this.#checked++;
    if (!kept) this.#evidence.push(evidence());
  }

  /** Returns what was found. */
  verdict(): Verdict {
    return { checked: this.#checked, evidence: this.#evidence };
  }
}
