/** Lets changes take turns: each begins when the one before it has ended, however that was. */
export class Turns {
  /** Ends when the newest change has ended. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /** Makes a change in its turn. Returns what becomes of it. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(change);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when all changes have ended that have a turn by now. */
  async ended(): Promise<void> {
    await this.#last;
  }
}
