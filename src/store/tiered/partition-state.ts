import type { Clock } from '../../base/clock.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { PartitionView } from './partition-view.ts';

/** How a partition stands, as this node knows it. Times in milliseconds. */
export interface PartitionState {
  readonly partition: Partition;
  /** How long ago a heartbeat proved that a server is the primary in force; `undefined` if none ever did. */
  readonly primaryProvenMs: number | undefined;
  /** For how long that server has been it. */
  readonly primaryForMs: number | undefined;
  /** How long ago the tail was proven to lack nothing; `undefined` if it was not since its history began. */
  readonly tailProvenMs: number | undefined;
  /** The node may serve the partition from memory. */
  readonly permitted: boolean;
  /** By how much the store's clock is ahead of this node's; `undefined` before the store told its time. */
  readonly clockAheadMs: number | undefined;
}

/** Returns how a partition stands. */
export function partitionState(view: PartitionView, clock: Clock, maxLagMs: number): PartitionState {
  const monotonicMs = clock.monotonicMs();
  const since = (atMs: number | undefined) => (atMs === undefined ? undefined : monotonicMs - atMs);
  return {
    partition: view.partition,
    primaryProvenMs: since(view.proof?.provenAtMs),
    primaryForMs: since(view.servedSinceMs),
    tailProvenMs: since(view.provenAtMs),
    permitted: view.permitted(monotonicMs, maxLagMs),
    clockAheadMs: view.proof && view.nowMs(monotonicMs) - clock.nowMs(),
  };
}
