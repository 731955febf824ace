import { type EpochChain, effectiveNumber } from './epoch-chain.ts';
import { type Moment, positionIn } from './moment.ts';
import type { Partition, Position } from './position.ts';

/**
 * Tells whether whoever was told everything up to `told` was told everything up to `head`. What names lost changes, or
 * an epoch that is not in the chain, covers nothing and is not covered: then another head must be asked for.
 *
 * Laws: a moment covers itself; what covers a later moment of one history covers an earlier one.
 */
export function coversMoment(told: Moment, head: Moment, chainOf: (partition: Partition) => EpochChain): boolean {
  return head.every(({ partition, position }) => {
    const heard = positionIn(told, partition);
    return heard !== undefined && coversPosition(heard, position, () => chainOf(partition));
  });
}

function coversPosition(told: Position, head: Position, chain: () => EpochChain): boolean {
  if (told.epoch === head.epoch) return told.number >= head.number;
  const [heard, wanted] = [effectiveNumber(chain(), told), effectiveNumber(chain(), head)];
  return heard === told.number && wanted === head.number && heard >= wanted;
}
