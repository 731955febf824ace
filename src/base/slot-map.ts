/**
 * A Map for entries that come and go quickly: its hash table holds numbers, the values lie beside it.
 *
 * Deliberate, and measured: V8 makes a Map in which entries come and go a new hash table again and again, and the old one
 * goes on pointing to the new one and to what it held. If one of them got into the old generation, as each full collection
 * sees to, then all that follow are kept from the young collections by a chain of dead ones, and with them the values that
 * have long been deleted (docs/performance.md, "The collector"). Here such a chain keeps nothing but numbers and keys.
 */
export class SlotMap<K, V extends object> {
  readonly #slots = new Map<K, number>();
  readonly #values: (V | undefined)[] = [];
  readonly #free: number[] = [];

  constructor(entries: Iterable<readonly [K, V]> = []) {
    for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.#slots.size;
  }

  get(key: K): V | undefined {
    const slot = this.#slots.get(key);
    return slot === undefined ? undefined : this.#values[slot];
  }

  set(key: K, value: V): this {
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = this.#free.pop() ?? this.#values.length;
      this.#slots.set(key, slot);
    }
    this.#values[slot] = value;
    return this;
  }

  delete(key: K): boolean {
    const slot = this.#slots.get(key);
    if (slot === undefined) return false;
    this.#slots.delete(key);
    this.#values[slot] = undefined;
    this.#free.push(slot);
    return true;
  }

  /** Visits the entries that are there at the call, the oldest first, unless they are deleted meanwhile. */
  forEach(visit: (value: V, key: K) => void): void {
    for (const key of [...this.#slots.keys()]) {
      const value = this.get(key);
      if (value !== undefined) visit(value, key);
    }
  }
}
