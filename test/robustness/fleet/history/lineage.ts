import { type EpochChain, effectiveNumber } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Epoch, Position } from '../../../../src/cache/rules/position.ts';
import type { SeenChain } from './fleet-history.ts';

/** Where a position of a partition's log lies in what really happened. */
export interface Point {
  readonly partition: number;
  /** Histories that share nothing follow each other: a store that was emptied begins another. */
  readonly era: number;
  readonly number: number;
  /** When it was seen that a failover, or an emptied store, had lost it; `undefined` while it is part of the history. */
  readonly lostMs: number | undefined;
  /** The number itself; if it was lost, that of the fork: so far this history and the next are one. */
  readonly shared: number;
}

interface Seen extends SeenChain {
  readonly era: number;
}

/** The histories of one partition, as they followed each other. */
export class Lineage {
  readonly #partition: number;
  readonly #seen: readonly Seen[];
  readonly #points = new Map<string, Point | undefined>();

  /** @param chains of one partition, by time */
  constructor(partition: number, chains: readonly SeenChain[]) {
    this.#partition = partition;
    const seen: Seen[] = [];
    for (const chain of chains) {
      const before = seen.at(-1);
      const goesOn = before !== undefined && shares(chain.chain, before.chain.epoch);
      seen.push({ ...chain, era: before === undefined ? 0 : before.era + (goesOn ? 0 : 1) });
    }
    this.#seen = seen;
  }

  /** Histories in the order in which they began. */
  get histories(): readonly SeenChain[] {
    return this.#seen;
  }

  /** How many histories have followed each other that share nothing. */
  get eras(): number {
    return (this.#seen.at(-1)?.era ?? -1) + 1;
  }

  /** Returns the era of one of the histories. */
  eraAt(index: number): number | undefined {
    return this.#seen[index]?.era;
  }

  /** Tells whether one of the histories has an epoch. */
  knows(epoch: string): boolean {
    return this.#seen.some(({ chain }) => shares(chain, epoch as Epoch));
  }

  /** Returns where a position lies; `undefined` if its epoch was never seen. */
  pointOf(position: Position): Point | undefined {
    const name = `${position.epoch} ${position.number}`;
    if (!this.#points.has(name)) this.#points.set(name, this.#find(position));
    return this.#points.get(name);
  }

  #find(position: Position): Point | undefined {
    const first = this.#seen.findIndex(({ chain }) => shares(chain, position.epoch));
    if (first === -1) return undefined;
    const { era } = this.#seen[first]!;
    // The same history may name a number twice: what lies below the fork is known by both epochs.
    const lost = this.#seen.slice(first).find(({ chain }) => effectiveNumber(chain, position) !== position.number);
    const gone = lost !== undefined && (lost.era !== era || isBeyondFork(lost.chain, position));
    return {
      partition: this.#partition,
      era,
      number: position.number,
      lostMs: gone ? lost.seenMs : undefined,
      shared: gone ? (effectiveNumber(lost.chain, position) ?? 0) : position.number,
    };
  }
}

/** Tells whether two points lie on the same line and the first comes before the second. */
export function isBefore(first: Point, second: Point): boolean {
  if (first.partition !== second.partition) return false;
  return first.era === second.era ? first.number < second.number : first.era < second.era;
}

function shares({ epoch, ancestors }: EpochChain, asked: Epoch): boolean {
  return epoch === asked || ancestors.some((ancestor) => ancestor.epoch === asked);
}

// An epoch that a long chain has forgotten was not lost.
function isBeyondFork(chain: EpochChain, position: Position): boolean {
  return effectiveNumber(chain, position) !== undefined;
}
