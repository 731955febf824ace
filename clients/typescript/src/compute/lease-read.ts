import { durationOf, millisecondsOf } from '../base/durations.ts';
import { limits } from '../base/limits.ts';
import { type Answer, lookupOf } from '../calls/answer.ts';
import { askOne } from '../calls/ask.ts';
import { readThrough } from '../calls/read.ts';
import type { ClientParts } from '../client-parts.ts';
import { type Lease, MissReason } from '../gen/reprise/v1/entry.ts';
import type { Hit, Negative } from '../lookup.ts';
import type { Job } from './options.ts';

/** A lookup that has an entry. */
export type Entry = Hit<unknown> | Negative;

/** What sees to it that a computed value is kept only if nothing changed while it was computed. */
export type Guard =
  | { readonly kind: 'lease'; readonly id: string }
  | { readonly kind: 'fence'; readonly fence: string }
  /** The store is away and the namespace says what happens: a plain write of one node, or none. */
  | { readonly kind: 'fallback' }
  /** The cache could not be asked. */
  | { readonly kind: 'none' };

/** What the cache says to somebody who would compute. */
export interface Reading {
  /** Absent after a miss. */
  readonly entry?: Entry;
  readonly guard: Guard;
  /** Somebody else computes: milliseconds after which to ask again. */
  readonly retryAfterMs?: number;
}

/** Reads a key, asking for the right to compute it; waits a little for others who have it. */
export async function readWithLease(
  parts: ClientParts,
  { key, options }: Job,
  { signal, leftMs }: { readonly signal: AbortSignal; readonly leftMs: number },
): Promise<Reading> {
  const timeoutMs = options.timeoutMs ?? parts.caller.timeoutMs;
  const waitMs = Math.max(0, Math.min(timeoutMs / 2, leftMs, limits.leaseWaitMsMax));
  const lease = { hold: durationOf(options.leaseMs ?? limits.leaseHoldMs), wait: durationOf(waitMs) };
  const allowStale = (options.staleWindowMs ?? 0) > 0;
  const answer = await readThrough(parts, key, { ...options, signal }, (demand, withTags) =>
    askOne(parts, key, demand, { allowStale, withTags, lease, timeoutMs, signal }),
  );
  const lookup = lookupOf(parts, key, answer, options);
  const { guard, ...others } = guardedBy(answer);
  return lookup.kind === 'miss' ? { guard, ...others } : { entry: lookup, guard };
}

/** Returns the stale value of a key, if the cache has one. */
export async function readStale(parts: ClientParts, { key, options }: Job): Promise<Entry | undefined> {
  try {
    const demand = { latest: false, asked: [], own: [] };
    const answer = await askOne(parts, key, demand, { allowStale: true, timeoutMs: options.timeoutMs });
    const lookup = lookupOf(parts, key, answer, options);
    return lookup.kind === 'miss' ? undefined : lookup;
  } catch {
    // It would stand in for a failure that tells more than this one.
    return undefined;
  }
}

function guardedBy(answer: Answer): Pick<Reading, 'guard' | 'retryAfterMs'> {
  if (answer.kind === 'hit') return { guard: leaseGuard(answer.hit.lease) ?? { kind: 'none' } };
  const { reason, lease, retryAfter } = answer.miss;
  const guard = leaseGuard(lease) ?? fenceGuard(answer.fence, reason);
  return retryAfter === undefined ? { guard } : { guard, retryAfterMs: millisecondsOf(retryAfter) };
}

function leaseGuard(lease: Lease | undefined): Guard | undefined {
  return lease && { kind: 'lease', id: lease.id };
}

function fenceGuard(fence: string, reason: MissReason): Guard {
  if (fence !== '') return { kind: 'fence', fence };
  return { kind: reason === MissReason.STORE_UNAVAILABLE ? 'fallback' : 'none' };
}
