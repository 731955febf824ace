import { clampToFork } from '../cache/rules/fork.ts';
import type { Moment } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { TokenSealer } from '../cache/token-sealer.ts';
import type { NamespaceId } from '../store/store.ts';

/**
 * Returns the moment after which a stream is asked to go on: what its token says, nothing without a token (empty);
 * `undefined` if the token is none of this deployment and namespace.
 */
export function presentedMoment(tokens: TokenSealer, namespaceId: NamespaceId, token: string): Moment | undefined {
  if (token === '') return [];
  const content = tokens.open(token);
  return content?.namespaceId === namespaceId ? content.positions : undefined;
}

/** Returns where a stream begins: after what its token names, and in the other partitions after what was told. */
export function completed(after: Moment, told: Moment): Moment {
  return told.map((placed) => after.find(({ partition }) => partition === placed.partition) ?? placed);
}

/** Returns a moment as it counts after a fork: in that partition not beyond it, and in the epoch in force. */
export function clamped(moment: Moment, forked: Partition, fork: Position): Moment {
  return moment.map(({ partition, position }) => {
    if (partition !== forked) return { partition, position };
    return { partition, position: { epoch: fork.epoch, number: clampToFork(position.number, fork.number) } };
  });
}
