import type { Random } from '../base/random.ts';
import type { Applied, Store } from '../store/store.ts';
import type { LeaseWaiters } from './lease-waiters.ts';
import type { Namespace } from './namespace.ts';
import type { Position } from './rules/position.ts';
import { joinPositions, type Placed } from './rules/token.ts';
import type { TokenSealer } from './token-sealer.ts';

/** What the operations of the cache work with. */
export interface CacheParts {
  readonly store: Store;
  readonly tokens: TokenSealer;
  readonly waiters: LeaseWaiters;
  readonly random: Random;
}

/** Partition of every key, and control partition of every namespace, while one partition serves all. */
export const ONLY_PARTITION = 0;

/** Returns the token of one moment of a namespace. */
export function tokenAt(parts: CacheParts, namespace: Namespace, position: Position, nowMs: number): string {
  return sealed(parts, namespace, nowMs, [{ partition: ONLY_PARTITION, position }]);
}

/** Returns the token of one or more changes: where each happened, and the control position it depends on. */
export function tokenOf(parts: CacheParts, namespace: Namespace, changes: readonly Applied[]): string {
  const placed = changes.flatMap(({ position, stamp }): Placed[] => [
    { partition: ONLY_PARTITION, position },
    { partition: ONLY_PARTITION, position: stamp },
  ]);
  const nowMs = Math.max(...changes.map((change) => change.nowMs));
  return sealed(
    parts,
    namespace,
    nowMs,
    joinPositions(placed, () => namespace.control.chain),
  );
}

function sealed(parts: CacheParts, namespace: Namespace, nowMs: number, positions: readonly Placed[]): string {
  return parts.tokens.seal({ namespaceId: namespace.id, givenAtMs: nowMs, positions });
}
