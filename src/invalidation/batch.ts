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
  /** Bytes that each of them takes in a message, told once to all who must wait. */
  readonly sizes: readonly number[];
  /** The changes are too many for one message. */
  readonly isLong: boolean;
  readonly #encode: (changes: readonly Change[]) => Buffer;
  #origins: ReadonlySet<string> | undefined;
  #bytes: Buffer | undefined;

  /** @param encoding makes the message, and tells how many bytes a change takes in it */
  constructor(changes: readonly Change[], { encode, bytesOf }: BatchEncoding) {
    this.changes = changes;
    this.sizes = changes.map(bytesOf);
    const bytes = this.sizes.reduce((sum, size) => sum + size, 0);
    this.isLong = changes.length > 1 && bytes > limits.eventsMessageBytesMax;
    this.#encode = encode;
  }

  /** The message with all changes, encoded once. */
  get bytes(): Buffer {
    this.#bytes ??= this.#encode(this.changes);
    return this.#bytes;
  }

  /** Tells whether a change among them was made by an origin that is not empty. */
  holds(origin: string): boolean {
    if (origin === '') return false;
    this.#origins ??= new Set(this.changes.flatMap(({ author }) => (author === undefined ? [] : [author.origin])));
    return this.#origins.has(origin);
  }
}

/** Tells whether a change was made by an origin that is not empty. */
export function isMadeBy({ author }: Change, origin: string): boolean {
  return origin !== '' && author?.origin === origin;
}
