import type { EpochChain } from '../../src/cache/rules/epoch-chain.ts';
import type { Partition, Position } from '../../src/cache/rules/position.ts';
import type { Placed, TokenFault } from '../../src/cache/rules/token.ts';
import type { World } from './world.ts';

/** An opened token. */
export type Token = readonly Placed[];

/** What somebody knows of one partition. */
export interface Known {
  readonly partition: Partition;
  readonly chain: EpochChain;
  readonly head: number;
}

/** Returns why the first unusable token can't be honoured, as far as the partitions that are known tell. */
export function firstFault(world: World, tokens: readonly Token[], known: readonly Known[]): TokenFault | undefined {
  for (const token of tokens) {
    const positions = token.filter(({ partition }) => known.some((one) => one.partition === partition));
    const content = { namespaceId: 'n', givenAtMs: 0, positions };
    const fault = world.rules.tokenFault(content, 'n', (number) => known.find(({ partition }) => partition === number));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Returns the token of one position in each partition. */
export function tokenOf(positions: readonly Position[]): Token {
  return positions.map((position, partition) => ({ partition, position }));
}
