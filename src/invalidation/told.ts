import type { Moment } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { Placed } from '../cache/rules/token.ts';

/**
 * Up to where all subscribers were given what happened, in every partition. Kept by partition: there may be hundreds, a
 * change moves one, and a namespace has a few.
 */
export class Told {
  readonly #positions = new Map<Partition, Position>();

  /** Tells whether nobody was given a change yet. */
  isNew({ partition, position }: Placed): boolean {
    const told = this.#positions.get(partition);
    return told === undefined || told.number < position.number;
  }

  /** Goes to a position: the next one, or where the history goes on after a fork. */
  moveTo({ partition, position }: Placed): void {
    this.#positions.set(partition, position);
  }

  /** Takes positions of partitions of which nothing was heard yet. */
  learn(heads: Moment): void {
    for (const { partition, position } of heads) {
      if (!this.#positions.has(partition)) this.#positions.set(partition, position);
    }
  }

  /** Returns the moment of some partitions, without those of which nothing is known: `last` itself if none has moved. */
  in(partitions: readonly Partition[], last: Moment): Moment {
    if (last.length === partitions.length && last.every((placed) => this.#isAt(placed))) return last;
    return partitions.flatMap((partition) => {
      const position = this.#positions.get(partition);
      return position === undefined ? [] : [{ partition, position }];
    });
  }

  #isAt({ partition, position }: Placed): boolean {
    return this.#positions.get(partition) === position;
  }
}
