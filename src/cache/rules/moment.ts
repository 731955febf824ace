import type { EpochChain } from './epoch-chain.ts';
import type { Partition, Position } from './position.ts';
import { type Placed, positionFault, type TokenFault } from './token.ts';

/** What was seen: positions of one or more partitions. Never changed: a later moment is another one. */
export type Moment = readonly Placed[];

/** Returns the position of a partition in a moment; `undefined` if it names none. */
export function positionIn(moment: Moment, partition: Partition): Position | undefined {
  return moment.find((placed) => placed.partition === partition)?.position;
}

/** Returns the moment after more changes, each partition's in order. */
export function momentAfter(moment: Moment, changes: readonly Placed[]): Moment {
  const newest = new Map(moment.map((placed) => [placed.partition, placed]));
  for (const { partition, position } of changes) newest.set(partition, { partition, position });
  return [...newest.values()].sort((a, b) => a.partition - b.partition);
}

/** Returns the first partition in which `moment` is behind `goal`, as it stands in both; `undefined` if in none. */
export function firstBehind(moment: Moment, goal: Moment): { from: Placed; to: Placed } | undefined {
  for (const to of goal) {
    const from = moment.find((placed) => placed.partition === to.partition);
    if (from !== undefined && from.position.number < to.position.number) return { from, to };
  }
  return undefined;
}

/** Returns why some position of a moment can't be honoured by who knows one partition, or `undefined` if all can. */
export function faultIn(moment: Moment, partition: Partition, chain: EpochChain, head: number): TokenFault | undefined {
  for (const placed of moment) {
    if (placed.partition !== partition) continue;
    const fault = positionFault(placed.position, { chain, head });
    if (fault !== undefined) return fault;
  }
  return undefined;
}
