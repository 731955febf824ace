import { type EpochChain, effectiveNumber } from './epoch-chain.ts';
import type { Partition, Position } from './position.ts';

/** A position and the partition it belongs to. */
export interface Placed {
  readonly partition: Partition;
  readonly position: Position;
}

/** What a token says once it is opened. */
export interface TokenContent {
  readonly namespaceId: string;
  /** Store time at which it was given, in milliseconds. */
  readonly givenAtMs: number;
  /** At most one position a partition. */
  readonly positions: readonly Placed[];
}

/** Why a token can't be honoured. */
export type TokenFault = 'FOREIGN' | 'OTHER_NAMESPACE' | 'FUTURE' | 'BEYOND_FORK' | 'UNKNOWN_EPOCH';

/** What a reader knows of a partition. */
export interface PartitionView {
  readonly chain: EpochChain;
  /** Number of the newest change in the epoch in force. */
  readonly head: number;
}

/**
 * Returns why a token can't be honoured in this namespace and history, or `undefined` if it can.
 *
 * Laws: a token given now is honoured now and for as long as the history goes on; one that names a lost change is not.
 */
export function tokenFault(
  token: TokenContent,
  namespaceId: string,
  view: (partition: Partition) => PartitionView | undefined,
): TokenFault | undefined {
  if (token.namespaceId !== namespaceId) return 'OTHER_NAMESPACE';
  for (const { partition, position } of token.positions) {
    const fault = positionFault(position, view(partition));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Returns why a position can not be honoured by who knows its partition, or `undefined` if it can. */
export function positionFault(position: Position, view: PartitionView | undefined): TokenFault | undefined {
  if (view === undefined) return 'FOREIGN';
  const number = effectiveNumber(view.chain, position);
  if (number === undefined) return 'UNKNOWN_EPOCH';
  if (number < position.number) return 'BEYOND_FORK';
  return number > view.head ? 'FUTURE' : undefined;
}

/**
 * Joins positions into one a partition: the later of two. Of two epochs the one in force is later, then the younger
 * ancestor.
 *
 * Laws: commutative, associative, idempotent.
 */
export function joinPositions(
  placed: readonly Placed[],
  chainOf: (partition: Partition) => EpochChain,
): readonly Placed[] {
  return onePerPartition(placed, (a, b) => isLater(chainOf(a.partition), a.position, b.position));
}

/**
 * As `joinPositions`, with the earlier of two: what several reads together may be said to have seen, so that a fence made
 * of it holds for each of them.
 */
export function earliestPositions(
  placed: readonly Placed[],
  chainOf: (partition: Partition) => EpochChain,
): readonly Placed[] {
  return onePerPartition(placed, (a, b) => isLater(chainOf(a.partition), b.position, a.position));
}

function onePerPartition(placed: readonly Placed[], wins: (a: Placed, b: Placed) => boolean): readonly Placed[] {
  const winners = new Map<Partition, Placed>();
  for (const candidate of placed) {
    const known = winners.get(candidate.partition);
    if (known === undefined || wins(candidate, known)) winners.set(candidate.partition, candidate);
  }
  return [...winners.values()].sort((a, b) => a.partition - b.partition);
}

function isLater(chain: EpochChain, a: Position, b: Position): boolean {
  if (a.epoch === b.epoch) return a.number > b.number;
  return epochAge(chain, a) < epochAge(chain, b);
}

function epochAge(chain: EpochChain, position: Position): number {
  if (position.epoch === chain.epoch) return -1;
  const index = chain.ancestors.findIndex((ancestor) => ancestor.epoch === position.epoch);
  return index === -1 ? chain.ancestors.length : index;
}
