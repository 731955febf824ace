import { NO_SLOT } from './eviction-policy.ts';

/**
 * Several doubly linked lists over numbered slots, each slot in at most one of them. Every operation but `resize` and
 * `validate` takes constant time and allocates nothing.
 *
 * Each list is a ring through a sentinel (Knuth, The Art of Computer Programming, vol. 1, 3rd ed., 1997, § 2.2.5), in
 * two Uint32Arrays. Plain form: objects with two pointers; the arrays take 8 bytes a slot, and the garbage collector
 * doesn't walk them. Sentinels come first, so that growing moves no node. A slot in no list is a ring of its own.
 */
export class SlotLists {
  readonly #listCount: number;
  #next: Uint32Array;
  #previous: Uint32Array;

  constructor(listCount: number, slotCount: number) {
    this.#listCount = listCount;
    this.#next = ringsOfOne(new Uint32Array(listCount + slotCount), 0);
    this.#previous = this.#next.slice();
  }

  /** Slots that may be used: 0 to this, exclusive. */
  get slotCount(): number {
    return this.#next.length - this.#listCount;
  }

  /** Tells whether a slot is in a list. */
  has(slot: number): boolean {
    const node = this.#listCount + slot;
    return this.#next[node] !== node;
  }

  /** Tells whether a list holds nothing. */
  isEmpty(list: number): boolean {
    return this.#next[list] === list;
  }

  /** Returns the first slot of a list, or `NO_SLOT`. */
  first(list: number): number {
    const node = this.#next[list]!;
    return node === list ? NO_SLOT : node - this.#listCount;
  }

  /** Returns the last slot of a list, or `NO_SLOT`. */
  last(list: number): number {
    const node = this.#previous[list]!;
    return node === list ? NO_SLOT : node - this.#listCount;
  }

  /** Puts a slot that is in no list at the end of one. */
  append(list: number, slot: number): void {
    const node = this.#listCount + slot;
    if (this.#next[node] !== node) throw new Error(`slot ${slot} is not free`);
    const last = this.#previous[list]!;
    this.#join(last, node);
    this.#join(node, list);
  }

  /** Takes a slot out of the list it is in. */
  remove(slot: number): void {
    const node = this.#listCount + slot;
    if (this.#next[node] === node) throw new Error(`slot ${slot} is in no list`);
    this.#join(this.#previous[node]!, this.#next[node]!);
    this.#join(node, node);
  }

  /** Moves all slots of one list, in their order, to another that is empty. */
  moveAll(from: number, to: number): void {
    if (!this.isEmpty(to)) throw new Error(`list ${to} is not empty`);
    if (this.isEmpty(from)) return;
    this.#join(to, this.#next[from]!);
    this.#join(this.#previous[from]!, to);
    this.#join(from, from);
  }

  /** Makes room for slots 0 to `slotCount` - 1; never fewer than before. */
  resize(slotCount: number): void {
    if (slotCount < this.slotCount) throw new Error('slots never become fewer');
    const used = this.#next.length;
    this.#next = ringsOfOne(copyInto(this.#next, this.#listCount + slotCount), used);
    this.#previous = ringsOfOne(copyInto(this.#previous, this.#listCount + slotCount), used);
  }

  /** Returns the slots of a list in order. Linear; throws if the list is broken. */
  slotsOf(list: number): number[] {
    const slots: number[] = [];
    for (let node = this.#next[list]!; node !== list; node = this.#next[node]!) {
      if (slots.length === this.slotCount) throw new Error(`list ${list} does not end`);
      if (node < this.#listCount) throw new Error(`list ${list} runs into list ${node}`);
      if (this.#next[this.#previous[node]!] !== node) throw new Error(`slot ${node - this.#listCount} has two places`);
      slots.push(node - this.#listCount);
    }
    return slots;
  }

  /** Throws unless every list is a ring and every linked slot is in exactly one of them. Linear. */
  validate(): void {
    const listed = new Set<number>();
    for (let list = 0; list < this.#listCount; list++) {
      for (const slot of this.slotsOf(list)) listed.add(slot);
      if (this.#next[this.#previous[list]!] !== list) throw new Error(`list ${list} has a broken end`);
    }
    for (let slot = 0; slot < this.slotCount; slot++) {
      if (this.has(slot) !== listed.has(slot)) throw new Error(`slot ${slot} is linked outside the lists`);
    }
  }

  #join(node: number, next: number): void {
    this.#next[node] = next;
    this.#previous[next] = node;
  }
}

function copyInto(array: Uint32Array, length: number): Uint32Array {
  const copy = new Uint32Array(length);
  copy.set(array);
  return copy;
}

function ringsOfOne(array: Uint32Array, from: number): Uint32Array {
  for (let node = from; node < array.length; node++) array[node] = node;
  return array;
}
