import { type EpochChain, forkChain } from './epoch-chain.ts';
import type { Epoch } from './position.ts';

/** What a partition's store remembers of its own history. */
export interface LineageMeta {
  readonly chain: EpochChain;
  /** Number of the newest change. */
  readonly head: number;
  /** Replication id under which the epoch in force began. It changes with every promotion and every restart. */
  readonly replicationId: string;
}

/**
 * The first lines of every script that changes something: returns the chain to put in force before anything else, or
 * `undefined` if the history goes on. Another replication id may mean that a tail was lost, so a new epoch begins at the
 * head that is there; without any memory nothing is shared.
 *
 * The new epoch takes a number of its own, `head + 1`, and its change tells everybody of the fork.
 */
export function newLineage(
  meta: LineageMeta | undefined,
  replicationId: string,
  mintEpoch: () => Epoch,
  ancestorsMax?: number,
): EpochChain | undefined {
  if (meta === undefined) return { epoch: mintEpoch(), ancestors: [] };
  if (meta.replicationId === replicationId) return undefined;
  return forkChain(meta.chain, mintEpoch(), meta.head, ancestorsMax);
}
