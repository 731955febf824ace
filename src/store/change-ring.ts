import assert from 'node:assert/strict';
import { limits } from '../base/limits.ts';
import type { Change } from './store.ts';

/** How much a ring keeps. */
export interface RingBounds {
  readonly changesMax: number;
  readonly bytesMax: number;
}

/** Bytes of the objects that a change is made of, beside its texts. Measured: 250 to 300. */
const CHANGE_BYTES = 300;
/** Most of the texts are of one byte a character, as V8 keeps them. */
const BYTES_PER_CHARACTER = 1;

/**
 * The newest changes of one partition, bounded in number and bytes, the oldest leaving first. Their numbers have no
 * holes, so that a change is found by its number.
 */
export class ChangeRing {
  readonly #bounds: RingBounds;
  /** Slot of number n: n modulo the length. Grows by doubling, up to the bound. */
  #slots: (Change | undefined)[] = new Array(64);
  /** Number of the newest change that the ring no longer holds. */
  #floor: number;
  #head: number;
  #bytes = 0;

  /** @param floor number of the change before the first one that will come */
  constructor(
    floor: number,
    bounds: RingBounds = { changesMax: limits.ringChangesMax, bytesMax: limits.ringBytesMax },
  ) {
    this.#floor = floor;
    this.#head = floor;
    this.#bounds = bounds;
  }

  /** Adds the next change. */
  push(change: Change): void {
    assert(change.position.number === this.#head + 1, 'the log has no holes');
    while (this.#head - this.#floor >= this.#bounds.changesMax) this.#dropOldest();
    if (this.#head - this.#floor === this.#slots.length) this.#grow();
    this.#head++;
    this.#slots[this.#head % this.#slots.length] = change;
    this.#bytes += bytesOf(change);
    while (this.#bytes > this.#bounds.bytesMax) this.#dropOldest();
  }

  /**
   * Returns the oldest changes after a number, at most `changesMax`; none if there is nothing newer; `undefined` if the
   * one that follows the number is held no more.
   */
  since(number: number, changesMax: number): readonly Change[] | undefined {
    if (number < this.#floor) return undefined;
    const count = Math.max(0, Math.min(changesMax, this.#head - number));
    return Array.from({ length: count }, (_, i) => this.#slots[(number + 1 + i) % this.#slots.length]!);
  }

  /** Returns a ring with the changes up to a number, which is not beyond the newest: what is left of them at a fork. */
  upTo(number: number): ChangeRing {
    const ring = new ChangeRing(Math.min(this.#floor, number), this.#bounds);
    for (let next = this.#floor + 1; next <= number; next++) ring.push(this.#slots[next % this.#slots.length]!);
    return ring;
  }

  /** Throws if the structure is broken. Linear. */
  validate(): void {
    let bytes = 0;
    for (let number = this.#floor + 1; number <= this.#head; number++) {
      const change = this.#slots[number % this.#slots.length];
      assert(change?.position.number === number, 'every change that is held is in its slot');
      bytes += bytesOf(change);
    }
    assert.equal(bytes, this.#bytes, 'the bytes add up');
    assert(this.#head - this.#floor <= this.#bounds.changesMax && bytes <= this.#bounds.bytesMax, 'within the bounds');
  }

  #dropOldest(): void {
    this.#floor++;
    const slot = this.#floor % this.#slots.length;
    this.#bytes -= bytesOf(this.#slots[slot]!);
    this.#slots[slot] = undefined;
  }

  #grow(): void {
    const grown = new Array<Change | undefined>(this.#slots.length * 2);
    for (const change of this.#slots) if (change !== undefined) grown[change.position.number % grown.length] = change;
    this.#slots = grown;
  }
}

function bytesOf(change: Change): number {
  let characters = targetCharacters(change);
  for (const tag of change.tags) characters += tag.length;
  if (change.author !== undefined) characters += change.author.origin.length + change.author.traceparent.length;
  return CHANGE_BYTES + characters * BYTES_PER_CHARACTER;
}

function targetCharacters(change: Change): number {
  switch (change.kind) {
    case 'invalidate':
      return selectorCharacters(change.selector);
    case 'epoch':
      return 0;
    default:
      return change.key.length;
  }
}

function selectorCharacters(selector: Extract<Change, { kind: 'invalidate' }>['selector']): number {
  switch (selector.kind) {
    case 'namespace':
      return 0;
    case 'prefix':
      return selector.prefix.length;
    case 'tag':
      return selector.tag.length;
    case 'key':
      return selector.key.length;
  }
}
