import { systemClock } from '../../src/base/clock.ts';
import { OperatingError } from '../../src/base/operating-error.ts';
import { put } from '../suite/store/store-harness.ts';
import { type StoreNode, textAt } from './store-node.ts';

interface Timed {
  readonly value: number;
  readonly atMs: number;
}

/**
 * Judges BoundedStaleness of one key, whose values are numbers that grow: remembers when each was acknowledged, and what
 * every read answered that began after that.
 */
export class StalenessLog {
  readonly #key: string;
  readonly #acknowledged: Timed[] = [];
  readonly #answers: Timed[] = [];
  #refused = 0;

  constructor(key: string) {
    this.#key = key;
  }

  /** Reads that were answered. */
  get answered(): number {
    return this.#answers.length;
  }

  /** Reads that were refused with STORE_UNAVAILABLE. */
  get refused(): number {
    return this.#refused;
  }

  /** The newest answer. */
  get newest(): number | undefined {
    return this.#answers.at(-1)?.value;
  }

  /** Sets the next value on a node, and notes when that was acknowledged. */
  async write({ store }: StoreNode): Promise<number> {
    const value = (this.#acknowledged.at(-1)?.value ?? 0) + 1;
    await put(store, this.#key, { value: Buffer.from(String(value)) });
    this.#acknowledged.push({ value, atMs: systemClock.monotonicMs() });
    return value;
  }

  /** Reads on a node, and notes what it answers and when it was asked. Returns that, or `refused`. */
  async read(node: StoreNode): Promise<number | 'refused'> {
    const atMs = systemClock.monotonicMs();
    try {
      const value = Number((await textAt(node, this.#key)) ?? 0);
      this.#answers.push({ value, atMs });
      return value;
    } catch (failure) {
      if (!(failure instanceof OperatingError) || failure.reason !== 'STORE_UNAVAILABLE') throw failure;
      this.#refused++;
      return 'refused';
    }
  }

  /** Milliseconds from an acknowledgement to the beginning of the latest read that did not show it yet; 0 if none. */
  worstMs(): number {
    const ages = this.#answers.map(({ value, atMs }) => {
      const missed = this.#acknowledged.find((each) => each.value > value);
      return missed === undefined ? 0 : atMs - missed.atMs;
    });
    return Math.max(0, ...ages);
  }
}
