import type { MaybePromise } from '../base/maybe-promise.ts';
import { whenReady } from '../base/maybe-promise.ts';
import type { OperatingError } from '../base/operating-error.ts';
import type { EntryRef, LastKnown } from '../store/store.ts';
import type { CacheParts } from './cache-parts.ts';
import type { GetOutcome } from './get-entry.ts';
import type { Consistency } from './honour-tokens.ts';
import { judgeFresh, judgeRead } from './judge-read.ts';
import type { LocalEntry } from './local-entries.ts';
import type { Namespace } from './namespace.ts';
import { whenUnavailable } from './when-unavailable.ts';

/** What callers of consistency `any` ask a namespace for. */
export interface FallbackQuery {
  readonly keys: readonly string[];
  readonly consistency: Consistency;
  readonly allowStale: boolean;
}

/** A read, and what becomes of it where the store can't be asked. */
export interface AskedRead<T> {
  readonly ask: (consistency: Consistency) => MaybePromise<T>;
  /** Makes the answer of what there is instead, in the order of the keys. An error: there is nothing for that key. */
  readonly instead: (outcomes: readonly (GetOutcome | OperatingError)[]) => T;
}

const LATEST: Consistency = { kind: 'latest' };

/** Tells whether a read of a namespace may get something else than an error where the store can't be asked. */
export function mayFallBack({ locals }: CacheParts, { settings }: Namespace, { kind }: Consistency): boolean {
  return kind === 'any' && (settings.readFallback !== 'error' || locals.size > 0);
}

/**
 * Asks the store, and answers by what the namespace chose where the store can't be asked. Keys that were written locally
 * are asked for past every tier: what memory may still serve is older than they, and an answer of the store ends them.
 */
export function readOrFallBack<T>(
  parts: CacheParts,
  namespace: Namespace,
  query: FallbackQuery,
  { ask, instead }: AskedRead<T>,
): MaybePromise<T> {
  const refs = query.keys.map((key) => ({ namespaceId: namespace.id, key }));
  const local = refs.filter((ref) => parts.locals.holds(ref));
  const consistency = local.length > 0 ? LATEST : query.consistency;
  const asked = (): MaybePromise<T> =>
    whenReady(ask(consistency), (answer) => {
      for (const ref of local) parts.locals.forget(ref);
      return answer;
    });
  return whenUnavailable(asked, (error) => {
    const outcomes = refs.map((ref) => fallbackOf(parts, namespace, ref, query.allowStale) ?? error);
    if (outcomes.every((outcome) => outcome === error)) throw error;
    return instead(outcomes);
  });
}

/** Returns what a key's reader gets without the store; `undefined` for the error that the store gave. */
function fallbackOf(
  parts: CacheParts,
  { settings }: Namespace,
  ref: EntryRef,
  allowStale: boolean,
): GetOutcome | undefined {
  const known = parts.store.lastKnown(ref);
  const local = parts.locals.find(ref, known.reachedAtMs);
  if (local !== undefined) return localHit(local, parts.locals.leftMs(local));
  if (settings.readFallback === 'error') return undefined;
  return currentHit(known, allowStale) ?? (settings.readFallback === 'stale' ? lastKnownHit(known) : undefined) ?? MISS;
}

const NO_LEASE = { lease: undefined, retryAfterMs: undefined } as const;
const MISS: GetOutcome = { kind: 'miss', cause: 'store-unavailable', fence: '', ...NO_LEASE };

function localHit({ entry }: LocalEntry, leftMs: number): GetOutcome {
  const { freshUntilMs } = entry;
  return {
    kind: 'hit',
    entry,
    freshUntilMs,
    freshForMs: leftMs,
    keepForMs: leftMs,
    lease: undefined,
    fallback: 'local',
  };
}

/** What may be served as ever: another key of the batch, or the lease, was what the store was asked for. */
function currentHit({ read, current }: LastKnown, allowStale: boolean): GetOutcome | undefined {
  const judgement = read && current ? (allowStale ? judgeRead(read) : judgeFresh(read)) : undefined;
  if (judgement?.kind !== 'present') return undefined;
  const { entry, freshUntilMs, freshForMs, keepForMs } = judgement;
  return { kind: 'hit', entry, freshUntilMs, freshForMs, keepForMs, lease: undefined, fallback: undefined };
}

/** What memory holds, of whatever age: stale in any case, since nobody knows whether it still holds. */
function lastKnownHit({ read }: LastKnown): GetOutcome | undefined {
  const judgement = read && judgeRead(read);
  if (read === undefined || judgement?.kind !== 'present') return undefined;
  const { entry, keepForMs } = judgement;
  const freshUntilMs = Math.min(judgement.freshUntilMs, read.nowMs);
  return { kind: 'hit', entry, freshUntilMs, freshForMs: 0, keepForMs, lease: undefined, fallback: 'stale' };
}
