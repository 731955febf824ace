import { type EpochChain, inHistory } from './epoch-chain.ts';
import type { Position } from './position.ts';

/** An invalidation that a node acknowledged. */
export interface Acknowledged {
  readonly position: Position;
  /** Monotonic time of the acknowledgement, in milliseconds. */
  readonly acknowledgedAtMs: number;
}

/** What a heartbeat that the primary in force answered told of a partition. */
export interface History {
  readonly chain: EpochChain;
  /** Monotonic time of its send, in milliseconds. */
  readonly sentAtMs: number;
}

/** Remember it, forget it, or make it again as a new change. */
export type ReissueStep = 'keep' | 'forget' | 'reissue';

/**
 * Accepted-is-kept: returns what a node does with an invalidation that it acknowledged. It is asked at every heartbeat
 * that the primary in force answered, not only when the epoch changes, because the acknowledgement may come after that.
 * Only a history that still holds it lets the node forget, once whatever could still lose it is over; time alone never
 * does.
 *
 * @param memoryMs longer than a replica lags and a deposed primary answers, together
 */
export function reissueStep(acknowledged: Acknowledged, history: History, memoryMs: number): ReissueStep {
  if (history.sentAtMs <= acknowledged.acknowledgedAtMs) return 'keep';
  if (!inHistory(history.chain, acknowledged.position)) return 'reissue';
  return history.sentAtMs > acknowledged.acknowledgedAtMs + memoryMs ? 'forget' : 'keep';
}
