/**
 * Asks something for all who want to know it, as seldom as can be: one question is on its way at a time, and who comes
 * meanwhile shares the next one, since the answer on its way may be older than what he did.
 */
export class NextRun<T> {
  readonly #ask: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  /** Returns the answer of a question that is asked from now on. */
  answer(): Promise<T> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<T> {
    this.#next = undefined;
    this.#running = this.#ask().finally(() => {
      // Else the next one follows it in this very turn.
      if (this.#next === undefined) this.#running = undefined;
    });
    return this.#running;
  }
}
