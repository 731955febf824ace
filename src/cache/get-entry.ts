import { limits } from '../base/limits.ts';
import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import type {
  EntryRef,
  Freshness,
  GrantedLease,
  HeldLease,
  LeaseWish,
  OvertakenLease,
  ReadResult,
  RemovalCause,
  StoredEntry,
} from '../store/store.ts';
import { type CacheParts, tokenAt } from './cache-parts.ts';
import type { CallContext } from './call-context.ts';
import { endLease } from './end-lease.ts';
import { type Consistency, freshnessOf, LATEST } from './honour-tokens.ts';
import { type Judgement, judgeFresh, judgeRead } from './judge-read.ts';
import { formatLeaseId } from './lease-id.ts';
import type { LookOut } from './lease-waiters.ts';
import type { Namespace } from './namespace.ts';
import { revisionOf } from './revision.ts';

/** Asks for one entry. */
export interface GetQuery {
  readonly key: string;
  readonly consistency: Consistency;
  /** Empty for none. */
  readonly ifRevisionNot: string;
  readonly allowStale: boolean;
  readonly lease: { readonly holdMs: number; readonly waitMs: number } | undefined;
}

/** The right to fill, as the caller gets it. */
export interface OfferedLease {
  readonly id: string;
  readonly holdMs: number;
}

/** Why there is nothing: how the last entry left, or that the store could not be asked. */
export type MissCause = RemovalCause | 'store-unavailable';

/** The outcome of a Get. `stale` is `freshForMs` 0. */
export type GetOutcome =
  | {
      readonly kind: 'hit' | 'not-modified';
      readonly entry: StoredEntry;
      /** When the entry becomes or became stale, by the store's clock. */
      readonly freshUntilMs: number;
      readonly freshForMs: number;
      readonly keepForMs: number;
      readonly lease: OfferedLease | undefined;
      /** Where it came from if the store could not be asked: nobody knows whether it still holds. */
      readonly fallback: 'stale' | 'local' | undefined;
    }
  | {
      readonly kind: 'miss';
      readonly cause: MissCause;
      readonly fence: string;
      readonly lease: OfferedLease | undefined;
      readonly retryAfterMs: number | undefined;
    };

/**
 * Returns one entry, or the right to fill it. With a lease wish, whoever misses first is asked to fill; the others get
 * a stale entry if they allow it, or wait for the value.
 *
 * @throws OperatingError TOKEN_UNUSABLE; CANCELLED if the caller leaves while it is asked to fill
 */
export function getEntry(
  parts: CacheParts,
  namespace: Namespace,
  query: GetQuery,
  context: CallContext,
): MaybePromise<GetOutcome> {
  return whenReady(claim(parts, namespace, query), (claimed) =>
    claimed.kind === 'held' ? waitForFill(parts, namespace, query, context, claimed) : claimed,
  );
}

/** Somebody else fills the key: this is what there is without them. */
interface Held {
  readonly kind: 'held';
  readonly remainingMs: number;
  readonly outcome: GetOutcome;
  /** Since before it was asked for the lease. */
  readonly lookOut: LookOut;
}

type Present = Extract<Judgement, { kind: 'present' }>;

/** Reads, and asks for the lease if one is wished and nothing fresh is there. */
function claim(parts: CacheParts, namespace: Namespace, query: GetQuery): MaybePromise<GetOutcome | Held> {
  return claimFrom(parts, namespace, query, freshnessOf(parts, namespace, query.consistency), 1);
}

function claimFrom(
  parts: CacheParts,
  namespace: Namespace,
  query: GetQuery,
  freshness: Freshness,
  tries: number,
): MaybePromise<GetOutcome | Held> {
  return whenReady(parts.store.read({ namespaceId: namespace.id, key: query.key }, freshness), (read) => {
    const judgement = query.allowStale ? judgeRead(read) : judgeFresh(read);
    const settled = query.lease === undefined || (judgement.kind === 'present' && judgement.freshForMs > 0);
    if (settled) return outcomeOf(parts, namespace, query, read, judgement);
    return whenReady(claimLease(parts, namespace, query, read, judgement), (claimed) => {
      if (claimed.kind !== 'overtaken') return claimed;
      // The value came between the read and the wish. Past the tiers, whose news of it may still be on the way.
      if (tries < limits.conditionAttemptsMax) return claimFrom(parts, namespace, query, LATEST, tries + 1);
      return outcomeOf(parts, namespace, query, read, judgement, undefined, RETRY_AFTER_MS_MAX);
    });
  });
}

function claimLease(
  parts: CacheParts,
  namespace: Namespace,
  query: GetQuery,
  read: ReadResult,
  judgement: Judgement,
): MaybePromise<GetOutcome | Held | OvertakenLease> {
  const holdMs = query.lease?.holdMs ?? 0;
  const wish: LeaseWish = { namespaceId: namespace.id, key: query.key, holdMs, seen: read.moment };
  const lookOut = parts.waiters.lookOut(wish);
  return whenReady(askForLease(parts, wish, lookOut), (answer) => {
    if (answer.kind !== 'held') lookOut.leave();
    if (answer.kind === 'overtaken') return answer;
    if (answer.kind === 'granted') {
      parts.waiters.leaseGranted(wish, holdMs);
      const lease = { id: formatLeaseId({ storeId: answer.leaseId, stamp: answer.stamp }), holdMs };
      return outcomeOf(parts, namespace, query, read, judgement, lease);
    }
    // Most fills take less than the hold that was asked for.
    const retryAfterMs = Math.min(answer.remainingMs, RETRY_AFTER_MS_MAX);
    const outcome = outcomeOf(parts, namespace, query, read, judgement, undefined, retryAfterMs);
    if (judgement.kind === 'absent') return { kind: 'held', remainingMs: answer.remainingMs, outcome, lookOut };
    // A stale entry is served at once: only one caller pays for the new value.
    lookOut.leave();
    return outcome;
  });
}

function askForLease(
  { store }: CacheParts,
  wish: LeaseWish,
  lookOut: LookOut,
): MaybePromise<GrantedLease | HeldLease | OvertakenLease> {
  const answer = store.acquireLease(wish);
  // A store that can't be reached ends the call, and with it the look-out.
  if (answer instanceof Promise) answer.catch(() => lookOut.leave());
  return answer;
}

async function waitForFill(
  parts: CacheParts,
  namespace: Namespace,
  query: GetQuery,
  context: CallContext,
  first: Held,
): Promise<GetOutcome> {
  const ref: EntryRef = { namespaceId: namespace.id, key: query.key };
  const startedWithMs = context.remainingMs();
  const patienceMs = Math.min(query.lease?.waitMs ?? 0, startedWithMs - ANSWER_TIME_MS);
  if (patienceMs > 0) namespace.counters.leases.waited++;
  let held = first;
  for (;;) {
    const waitMs = patienceMs - (startedWithMs - context.remainingMs());
    const bound = { waitMs, leaseEndsInMs: held.remainingMs, signal: context.signal };
    namespace.counters.waiters++;
    const end = await parts.waiters.wait(ref, bound, held.lookOut);
    namespace.counters.waiters--;
    if (end !== 'woken') return held.outcome;
    const claimed = await claim(parts, namespace, query);
    if (claimed.kind !== 'held') return keepIfWanted(parts, ref, context, claimed);
    held = claimed;
  }
}

/** Milliseconds before the deadline at which a waiting call gives up, so that its answer still arrives. */
const ANSWER_TIME_MS = 20;

/** Longest time after which a caller who was sent away is asked to come again, in milliseconds. */
const RETRY_AFTER_MS_MAX = 1000;

/** Hands a lease back that was given to a caller who has left: the next in line is asked. */
async function keepIfWanted(
  parts: CacheParts,
  ref: EntryRef,
  context: CallContext,
  outcome: GetOutcome,
): Promise<GetOutcome> {
  if (!context.signal.aborted || outcome.lease === undefined) return outcome;
  await endLease(parts, ref, outcome.lease.id);
  throw new OperatingError('CANCELLED', 'The caller gave the call up.');
}

function outcomeOf(
  parts: CacheParts,
  namespace: Namespace,
  query: GetQuery,
  read: ReadResult,
  judgement: Judgement,
  lease?: OfferedLease,
  retryAfterMs?: number,
): GetOutcome {
  if (judgement.kind === 'present') return served(query, judgement, lease);
  const fence = tokenAt(parts, namespace, read.moment, read.nowMs);
  return { kind: 'miss', cause: judgement.cause, fence, lease, retryAfterMs };
}

function served(query: GetQuery, found: Present, lease: OfferedLease | undefined): GetOutcome {
  const same = query.ifRevisionNot !== '' && query.ifRevisionNot === revisionOf(found.entry.position);
  const { entry, freshUntilMs, freshForMs, keepForMs } = found;
  return {
    kind: same ? 'not-modified' : 'hit',
    entry,
    freshUntilMs,
    freshForMs,
    keepForMs,
    lease,
    fallback: undefined,
  };
}
