import type { Position } from '../../src/cache/rules/position.ts';

/**
 * Rules about what is handed on, rather than what is decided from it: what a fill is stamped with, which token a near
 * cache sends. They stand here as functions so that a planted defect can replace them too.
 */
export const habits = {
  /** A fill is stamped with what its miss had seen, not with what its node knows when it arrives. */
  fillStamp: (seen: Position, _atArrival: Position): Position => seen,
  /** A plain Set is stamped with the control head that was read for it, not with what its node's tail had applied. */
  plainSetHead: (head: Position, _applied: Position): Position => head,
  /** A near cache reads at least as fresh as its stream. */
  nearReadToken: (token: readonly Position[]): readonly Position[] => token,
  /** A stream goes on where its token says, not where the node is. */
  resumePoint: (token: readonly Position[], _now: readonly Position[]): readonly Position[] => token,
  /** A read that others may join is as old as the proof of the control partition, once that is asked. */
  askedAsOfMs: (asOfMs: number, provenAtMs: number): number => Math.min(asOfMs, provenAtMs),
  /** The sweep waits for as long as a failover may bring back what it settled. */
  sweepPatienceMs: (memoryMs: number): number => memoryMs + 1,
  /** L1 is swept by the old table before another takes its place. */
  sweepBeforeNewTable: (): boolean => true,
};
