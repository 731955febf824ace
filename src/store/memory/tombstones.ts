import { AgeMap } from '../../base/age-map.ts';
import { limits } from '../../base/limits.ts';
import type { RemovalCause } from '../store.ts';

interface Tombstone {
  readonly number: number;
  readonly cause: RemovalCause;
  readonly atMs: number;
}

/**
 * Remembers which keys left a namespace: with which change, so that a fill that began before it is refused, and why, so
 * that a miss can say so. Bounded: beyond the limit the oldest is forgotten, and `floor` stands in for it. Nothing stands
 * in for one older than any fence that is still honoured.
 */
export class Tombstones {
  readonly #tombstonesMax: number;
  readonly #byKey = new AgeMap<Tombstone>();
  #floor = 0;

  constructor(tombstonesMax: number = limits.tombstonesPerNamespaceMax) {
    this.#tombstonesMax = tombstonesMax;
  }

  /** Changes up to this number may have been forgotten. Never decreases. */
  get floor(): number {
    return this.#floor;
  }

  /** Keys remembered. */
  get size(): number {
    return this.#byKey.size;
  }

  /** Returns the number of the change that a key left with, 0 if it is not remembered. */
  numberOf(key: string): number {
    return this.#byKey.get(key)?.number ?? 0;
  }

  /** Returns how a key left, `unknown` if it is not remembered or too long ago. */
  causeOf(key: string, nowMs: number): RemovalCause {
    const tombstone = this.#byKey.get(key);
    return tombstone === undefined || isOld(tombstone, nowMs) ? 'unknown' : tombstone.cause;
  }

  /** Remembers that a key left with change `number`. A lower number than is remembered already doesn't replace it. */
  remember(key: string, number: number, cause: RemovalCause, nowMs: number): void {
    this.#byKey.set(key, { number: Math.max(number, this.numberOf(key)), cause, atMs: nowMs });
    if (this.#byKey.size > this.#tombstonesMax) this.#forgetOldest(nowMs);
  }

  /** Forgets a key that was stored again: its entry carries a higher number. */
  supersede(key: string): void {
    this.#byKey.delete(key);
  }

  /** Forgets up to `workMax` keys that left too long ago to matter. Returns how many it forgot. */
  forgetOld(nowMs: number, workMax: number): number {
    let work = 0;
    for (; work < workMax; work++) {
      const oldest = this.#byKey.oldest();
      if (oldest === undefined || !isOld(oldest.value, nowMs)) break;
      this.#byKey.delete(oldest.key);
    }
    return work;
  }

  /** Throws if the structure is broken, there are too many, or a stored key has one. Linear. */
  validate(storedKeys: Iterable<string>): void {
    this.#byKey.validate();
    if (this.size > this.#tombstonesMax) throw new Error(`there are ${this.size} tombstones`);
    for (const key of storedKeys) {
      if (this.#byKey.get(key) !== undefined) throw new Error('a stored key has a tombstone');
    }
  }

  #forgetOldest(nowMs: number): void {
    const oldest = this.#byKey.oldest();
    if (oldest === undefined) return;
    if (!isOld(oldest.value, nowMs)) this.#floor = Math.max(this.#floor, oldest.value.number);
    this.#byKey.delete(oldest.key);
  }
}

function isOld(tombstone: Tombstone, nowMs: number): boolean {
  return nowMs - tombstone.atMs > limits.fenceAgeMsMax;
}
