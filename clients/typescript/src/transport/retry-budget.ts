import { limits } from '../base/limits.ts';

/** Bounds the share of calls that are retries, so that many clients don't multiply the load of a server in trouble. */
export class RetryBudget {
  #saved: number = limits.retriesSavedMax;

  /** Each call earns a part of a retry. */
  earn(): void {
    this.#saved = Math.min(limits.retriesSavedMax, this.#saved + limits.retriesEarned);
  }

  /** Takes a retry out; false if none is left. */
  spend(): boolean {
    // A tenth is no binary fraction: ten of them are a little less than one.
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved -= 1;
    return true;
  }
}
