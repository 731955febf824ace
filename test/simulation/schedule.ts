/** Simulated time, and what is due in it. What is due at the same time happens in the order in which it was asked for. */
export class Schedule {
  nowMs = 0;
  readonly #due = new Map<number, (() => void)[]>();

  /** Calls `action` after a delay; 0 is the next moment, never this one. */
  after(delayMs: number, action: () => void): void {
    const atMs = this.nowMs + 1 + delayMs;
    const actions = this.#due.get(atMs);
    if (actions === undefined) this.#due.set(atMs, [action]);
    else actions.push(action);
  }

  /** Moves on by one moment and does what is due. */
  advance(): void {
    this.nowMs++;
    const actions = this.#due.get(this.nowMs);
    if (actions === undefined) return;
    this.#due.delete(this.nowMs);
    for (const action of actions) action();
  }
}
