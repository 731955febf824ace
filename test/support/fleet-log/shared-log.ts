import { type EpochChain, forkChain } from '../../../src/cache/rules/epoch-chain.ts';
import type { Epoch, Partition, Position } from '../../../src/cache/rules/position.ts';
import type { Author, Change, NamespaceId } from '../../../src/store/store.ts';

/** The present history of one partition. */
export interface SharedHistory {
  readonly chain: EpochChain;
  /** The change with number n is at n − 1. */
  readonly changes: readonly Change[];
}

/** A SET that somebody makes. */
export interface SetParts {
  readonly namespaceId: NamespaceId;
  readonly partition: Partition;
  readonly key: string;
  readonly author?: Author;
}

const NOBODY = '0'.repeat(16) as NamespaceId;

/** The logs that the nodes of a fleet share: what really happened in every partition, and what was lost of it. */
export class SharedLog {
  readonly #histories: { chain: EpochChain; changes: Change[] }[];
  readonly #paths = new Map<Epoch, readonly Change[]>();
  #epochs = 0;

  constructor(partitions: number) {
    this.#histories = Array.from({ length: partitions }, () => {
      const history = { chain: { epoch: this.#newEpoch(), ancestors: [] }, changes: [] };
      this.#paths.set(history.chain.epoch, history.changes);
      return history;
    });
  }

  /** How many partitions there are. */
  get partitions(): number {
    return this.#histories.length;
  }

  /** The history of a partition that is in force. */
  history(partition: Partition): SharedHistory {
    return this.#histories[partition]!;
  }

  /** The newest change of a partition. */
  head(partition: Partition): Position {
    const { chain, changes } = this.history(partition);
    return { epoch: chain.epoch, number: changes.length };
  }

  /** Appends a SET. */
  set({ namespaceId, partition, key, author }: SetParts): Change {
    return this.#append(partition, { namespaceId, author, kind: 'set', key });
  }

  /** Loses the newest changes of a partition: a new epoch begins with the number after the others. */
  fork(partition: Partition, lost: number): void {
    const { chain, changes } = this.history(partition);
    const fork = Math.max(0, changes.length - lost);
    this.#begin(partition, forkChain(chain, this.#newEpoch(), fork), changes.slice(0, fork));
  }

  /** Puts a history in place of the present one that shares nothing with it. */
  replace(partition: Partition): void {
    this.#begin(partition, { epoch: this.#newEpoch(), ancestors: [] }, []);
  }

  /** Returns the change that a revision names, also a lost one. */
  changeOf(revision: string): Change | undefined {
    const [epoch, number] = revision.split('-') as [Epoch, string];
    return this.#paths.get(epoch)?.[Number(number) - 1];
  }

  /** Returns the changes up to a position, also of an epoch that has ended. */
  pathTo({ epoch, number }: Position): readonly Change[] {
    return this.#paths.get(epoch)!.slice(0, number);
  }

  #begin(partition: Partition, chain: EpochChain, changes: Change[]): void {
    this.#histories[partition] = { chain, changes };
    this.#paths.set(chain.epoch, changes);
    this.#append(partition, { namespaceId: NOBODY, author: undefined, kind: 'epoch' });
  }

  #append(
    partition: Partition,
    what: Pick<Change, 'namespaceId' | 'author'> & ({ kind: 'set'; key: string } | { kind: 'epoch' }),
  ): Change {
    const { chain, changes } = this.#histories[partition]!;
    const position = { epoch: chain.epoch, number: changes.length + 1 };
    const change: Change = { partition, position, tags: [], ...what };
    changes.push(change);
    return change;
  }

  #newEpoch(): Epoch {
    return (++this.#epochs).toString(16).padStart(16, '0') as Epoch;
  }
}
