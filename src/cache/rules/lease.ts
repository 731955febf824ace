import type { Epoch, Position } from './position.ts';

/** The fill lease of a key, as the store remembers it. */
export interface StoredLease {
  readonly id: string;
  /** Control position at which the miss was judged. */
  readonly stamp: Position;
  /** Store time from which on it is no longer held, in milliseconds. */
  readonly endsAtMs: number;
}

/** Returns a lease's id. It names the epoch: after a fork the counter counts the same numbers again. */
export function leaseIdOf(epoch: Epoch, count: number): string {
  return `${epoch}.${count}`;
}

/** Tells whether a Set under a lease may be applied. A change of the key ends the lease, so that none is stored then. */
export function leaseStands(lease: StoredLease | undefined, id: string, nowMs: number): boolean {
  return lease !== undefined && lease.id === id && nowMs < lease.endsAtMs;
}

/**
 * Tells whether a lease may be granted although one is stored: it has run out, or it is void because its stamp lies
 * below a watermark that covers the key. Numbers of different epochs don't compare: then the stored one counts.
 *
 * @param voidBelow the highest watermark that covers the key, as a position
 */
export function mayGrant(stored: StoredLease | undefined, voidBelow: Position, nowMs: number): boolean {
  if (stored === undefined || nowMs >= stored.endsAtMs) return true;
  return stored.stamp.epoch === voidBelow.epoch && stored.stamp.number < voidBelow.number;
}
