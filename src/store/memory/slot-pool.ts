/** Hands out slot numbers: those that came back first, then the lowest that was never used. */
export class SlotPool {
  readonly #returned: number[] = [];
  #used = 0;

  /** Slots that were ever handed out are below this. */
  get used(): number {
    return this.#used;
  }

  /** Slots that are handed out now. */
  get size(): number {
    return this.#used - this.#returned.length;
  }

  /** Returns a slot that nobody has. */
  take(): number {
    return this.#returned.pop() ?? this.#used++;
  }

  /** Takes a slot back. */
  giveBack(slot: number): void {
    this.#returned.push(slot);
  }
}
