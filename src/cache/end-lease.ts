import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { EntryRef } from '../store/store.ts';
import type { CacheParts } from './cache-parts.ts';
import { parseLeaseId } from './lease-id.ts';

/** Ends a lease before its time and asks whoever waits next. Returns false if it was not held. */
export function endLease(parts: CacheParts, ref: EntryRef, leaseId: string): MaybePromise<boolean> {
  const id = parseLeaseId(leaseId);
  if (id === undefined) return false;
  return whenReady(parts.store.releaseLease(ref, id.storeId), (released) => {
    if (released) parts.waiters.wakeNext(ref);
    return released;
  });
}
