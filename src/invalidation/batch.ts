import { limits } from '../base/limits.ts';
import type { Change } from '../store/store.ts';

/** How the changes of a batch are encoded. */
export interface BatchEncoding {
  readonly encode: (changes: readonly Change[]) => Buffer;
  readonly bytesOf: (change: Change) => number;
}

/** Changes that happened together and match one filter, for all who subscribed with it. */
export class Batch {
  readonly changes: readonly Change[];
  readonly #encoding: BatchEncoding;
  #sizes: readonly number[] | undefined;
  #isLong: boolean | undefined;
  #origins: ReadonlySet<string> | undefined;
  #bytes: Buffer | undefined;

  /** @param encoding makes the message, and tells how many bytes a change takes in it */
  constructor(changes: readonly Change[], encoding: BatchEncoding) {
    this.changes = changes;
    this.#encoding = encoding;
  }

  /** Bytes that each change takes in a message, told once to all who must wait. To tell takes as long as to encode. */
  get sizes(): readonly number[] {
    this.#sizes ??= this.changes.map(this.#encoding.bytesOf);
    return this.#sizes;
  }

  /** The changes are too many for one message. */
  get isLong(): boolean {
    this.#isLong ??= this.changes.length > 1 && sumOf(this.sizes) > limits.eventsMessageBytesMax;
    return this.#isLong;
  }

  /** The message with all changes, encoded once. */
  get bytes(): Buffer {
    this.#bytes ??= this.#encoding.encode(this.changes);
    return this.#bytes;
  }

  /** Tells whether a change among them was made by an origin that is not empty. */
  holds(origin: string): boolean {
    if (origin === '') return false;
    this.#origins ??= new Set(this.changes.flatMap(({ author }) => (author === undefined ? [] : [author.origin])));
    return this.#origins.has(origin);
  }
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Tells whether a change was made by an origin that is not empty. */
export function isMadeBy({ author }: Change, origin: string): boolean {
  return origin !== '' && author?.origin === origin;
}
