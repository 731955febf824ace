import { untilAborted } from '../base/until-aborted.ts';

/** Work that several callers wait for. It is given up when the last of them has given up. */
export class Flight<T> {
  readonly #work: Promise<T>;
  readonly #abort = new AbortController();
  #waiting = 0;

  constructor(start: (signal: AbortSignal) => Promise<T>) {
    this.#work = start(this.#abort.signal);
  }

  /** True if everybody has given up: new callers must not join. */
  get isGivenUp(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Calls back when the work has ended, well or not. */
  whenLanded(callback: () => void): void {
    this.#work.then(callback, callback);
  }

  /** Waits for the work. Throws what it throws, or the signal's reason. */
  async join(signal: AbortSignal | undefined): Promise<T> {
    this.#waiting++;
    try {
      return await untilAborted(this.#work, signal);
    } catch (error) {
      if (signal?.aborted && this.#waiting === 1) this.#abort.abort(error);
      throw error;
    } finally {
      this.#waiting--;
    }
  }
}
