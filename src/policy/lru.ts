import type { EvictionPolicy } from './eviction-policy.ts';
import { SlotLists } from './slot-lists.ts';

const BY_USE = 0;

/**
 * Least recently used: the victim is the slot whose last use, or insertion, is longest ago. A list in order of use
 * (Mattson, Gecsei, Slutz, Traiger: Evaluation techniques for storage hierarchies, IBM Systems Journal 9(2), 1970).
 * What we changed: the list lives in typed arrays over slots, and evicting is the caller's.
 */
export class Lru implements EvictionPolicy {
  readonly #slots: SlotLists;
  #size = 0;

  constructor(slotCount: number) {
    this.#slots = new SlotLists(1, slotCount);
  }

  get size(): number {
    return this.#size;
  }

  onInsert(slot: number): void {
    this.#slots.append(BY_USE, slot);
    this.#size++;
  }

  onHit(slot: number): void {
    if (this.#slots.last(BY_USE) === slot) return;
    this.#slots.remove(slot);
    this.#slots.append(BY_USE, slot);
  }

  onRemove(slot: number): void {
    this.#slots.remove(slot);
    this.#size--;
  }

  victim(): number {
    return this.#slots.first(BY_USE);
  }

  resize(slotCount: number): void {
    this.#slots.resize(slotCount);
  }

  validate(): void {
    this.#slots.validate();
    const listed = this.#slots.slotsOf(BY_USE).length;
    if (listed !== this.#size) throw new Error(`lru lists ${listed} slots and counts ${this.#size}`);
  }
}
