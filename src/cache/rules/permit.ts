import type { Epoch } from './position.ts';

/** How far a node's tail of one partition has come. */
export interface TailView {
  readonly epoch: Epoch;
  /** Number of the newest change that was applied. */
  readonly applied: number;
}

/** What one round trip to a partition's primary told. */
export interface Heartbeat {
  readonly epoch: Epoch;
  readonly head: number;
  /** False if Sentinel or the cluster names another primary: whoever answered was deposed and does not know it. */
  readonly inForce: boolean;
}

/** Which server was last found to be the primary, and when that question was sent. */
export interface PrimaryProof {
  readonly server: string;
  /** Monotonic time of the send, in milliseconds. */
  readonly provenAtMs: number;
}

/**
 * Tells whether a heartbeat proves that a node's tail had reached the head when the heartbeat was sent. What a deposed
 * primary answers proves nothing, in whatever epoch.
 */
export function provesTail(view: TailView, beat: Heartbeat): boolean {
  return beat.inForce && beat.epoch === view.epoch && view.applied >= beat.head;
}

/**
 * The L1 permit: tells whether a node may serve a partition from L1, or judge by its own watermarks, now. Counted from
 * the send of the heartbeat that proved it, never from the answer.
 */
export function permitHolds(provenAtMs: number | undefined, nowMs: number, maxLagMs: number): boolean {
  return provenAtMs !== undefined && nowMs - provenAtMs <= maxLagMs;
}

/**
 * Tells whether a read that is sent to a server now may be answered to a caller. A woken primary that was deposed calls
 * itself primary for seconds: reading through without a permit is no help against it, so the server needs one too.
 */
export function mayReadThrough(
  proof: PrimaryProof | undefined,
  server: string,
  sentAtMs: number,
  maxLagMs: number,
): boolean {
  return proof !== undefined && proof.server === server && permitHolds(proof.provenAtMs, sentAtMs, maxLagMs);
}
