/**
 * A least-recently-used cache with a budget of bytes, as plain as it can be: what `make demo` compares the server
 * with. It shares no code with the server on purpose. A Map keeps its keys in order of insertion, so the first key is
 * the one that was used longest ago if every use inserts anew.
 */
export class DirectLru {
  readonly #capacityBytes: number;
  readonly #weightsBytes = new Map<number, number>();
  #usedBytes = 0;

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes;
  }

  /** Entries held. */
  get size(): number {
    return this.#weightsBytes.size;
  }

  /** True if the key is held; counts as a use. */
  get(key: number): boolean {
    const weightBytes = this.#weightsBytes.get(key);
    if (weightBytes === undefined) return false;
    this.#weightsBytes.delete(key);
    this.#weightsBytes.set(key, weightBytes);
    return true;
  }

  /** Stores a key and evicts until the budget holds. Returns false if the entry alone exceeds the budget. */
  set(key: number, weightBytes: number): boolean {
    if (weightBytes > this.#capacityBytes) return false;
    this.#remove(key);
    while (this.#usedBytes + weightBytes > this.#capacityBytes) this.#remove(this.#weightsBytes.keys().next().value!);
    this.#weightsBytes.set(key, weightBytes);
    this.#usedBytes += weightBytes;
    return true;
  }

  #remove(key: number): void {
    this.#usedBytes -= this.#weightsBytes.get(key) ?? 0;
    this.#weightsBytes.delete(key);
  }
}
