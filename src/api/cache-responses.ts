import type { GetOutcome, MissCause, OfferedLease } from '../cache/get-entry.ts';
import type { IncrementOutcome, NotIncrementedCause } from '../cache/increment-entry.ts';
import { revisionOf } from '../cache/revision.ts';
import type { NotStoredCause, SetOutcome } from '../cache/set-entry.ts';
import type { Empty } from '../gen/google/protobuf/empty.ts';
import { type GetResponse, type IncrementResponse, NotIncrementedReason } from '../gen/reprise/v1/cache_service.ts';
import {
  type Hit,
  type Lease,
  type Miss,
  MissReason,
  type NotModified,
  type NotStored,
  NotStoredReason,
  type Stored,
} from '../gen/reprise/v1/entry.ts';
import type { Applied, StoredEntry } from '../store/store.ts';
import { durationOf, timestampOf } from './durations.ts';

const EMPTY: Empty = {};
const NO_TAGS: string[] = [];

const missReasons: Record<MissCause, MissReason> = {
  unknown: MissReason.UNKNOWN,
  expired: MissReason.EXPIRED,
  evicted: MissReason.EVICTED,
  invalidated: MissReason.INVALIDATED,
  deleted: MissReason.DELETED,
  'store-unavailable': MissReason.STORE_UNAVAILABLE,
};

const notStoredReasons: Record<NotStoredCause, NotStoredReason> = {
  present: NotStoredReason.PRESENT,
  absent: NotStoredReason.ABSENT,
  'revision-mismatch': NotStoredReason.REVISION_MISMATCH,
  'lease-void': NotStoredReason.LEASE_VOID,
  'fence-overtaken': NotStoredReason.FENCE_OVERTAKEN,
  contended: NotStoredReason.CONTENDED,
};

const notIncrementedReasons: Record<NotIncrementedCause, NotIncrementedReason> = {
  overflow: NotIncrementedReason.OVERFLOW,
  'not-a-counter': NotIncrementedReason.NOT_A_COUNTER,
  contended: NotIncrementedReason.CONTENDED,
};

type Served = Extract<GetOutcome, { kind: 'hit' | 'not-modified' }>;
type Missed = Extract<GetOutcome, { kind: 'miss' }>;

/** Returns the answer to a Get. */
export function getResponseOf(outcome: GetOutcome, withTags: boolean): GetResponse {
  switch (outcome.kind) {
    case 'hit':
      return { result: { $case: 'hit', value: hitOf(outcome, withTags) } };
    case 'not-modified':
      return { result: { $case: 'notModified', value: notModifiedOf(outcome) } };
    case 'miss':
      return { result: { $case: 'miss', value: missOf(outcome) } };
  }
}

/** Returns a served entry. */
export function hitOf(outcome: Served, withTags: boolean): Hit {
  const { entry } = outcome;
  return {
    content: contentOf(entry),
    contentType: entry.contentType,
    revision: revisionOf(entry.position),
    ...timesOf(outcome),
    stale: outcome.freshForMs === 0,
    tags: withTags ? [...entry.tags] : NO_TAGS,
    lease: leaseOf(outcome.lease),
    unverified: outcome.fallback !== undefined,
  };
}

/** Returns a miss. */
export function missOf(outcome: Missed): Miss {
  return {
    reason: missReasons[outcome.cause],
    fence: outcome.fence,
    lease: leaseOf(outcome.lease),
    retryAfter: outcome.retryAfterMs === undefined ? undefined : durationOf(Math.ceil(outcome.retryAfterMs)),
  };
}

function notModifiedOf(outcome: Served): NotModified {
  const { entry, freshForMs } = outcome;
  return {
    revision: revisionOf(entry.position),
    ...timesOf(outcome),
    stale: freshForMs === 0,
    lease: leaseOf(outcome.lease),
  };
}

/** Returns that an entry was written, with the token of its change, or kept by this node alone. */
export function storedOf(
  outcome: Exclude<SetOutcome, { kind: 'not-stored' }>,
  tokenOf: (change: Applied) => string,
): Stored {
  if (outcome.kind === 'stored') return { ...writtenOf(outcome.change, tokenOf(outcome.change)), local: false };
  const left = durationOf(outcome.ttlMs);
  const expireTime = timestampOf(outcome.freshUntilMs);
  return { revision: '', token: '', freshFor: left, keepFor: left, expireTime, local: true };
}

/** Returns what a change made: its revision, its token and the entry's times. */
export function writtenOf(change: Applied, token: string): Written {
  const { lifetime, nowMs, position } = change;
  const freshUntilMs = lifetime?.freshUntilMs ?? nowMs;
  return {
    revision: revisionOf(position),
    token,
    freshFor: durationOf(Math.max(0, freshUntilMs - nowMs)),
    keepFor: durationOf(Math.max(0, (lifetime?.goneAtMs ?? nowMs) - nowMs)),
    expireTime: timestampOf(freshUntilMs),
  };
}

/** What Stored, Touched and Incremented have in common. */
export interface Written {
  revision: string;
  token: string;
  freshFor: ReturnType<typeof durationOf>;
  keepFor: ReturnType<typeof durationOf>;
  expireTime: ReturnType<typeof timestampOf>;
}

/** Returns why a Set was not applied. */
export function notStoredOf(outcome: { cause: NotStoredCause; revision: string }): NotStored {
  return { reason: notStoredReasons[outcome.cause], revision: outcome.revision };
}

/** Returns the answer to an Increment. */
export function incrementResponseOf(
  outcome: IncrementOutcome,
  tokenOf: (change: Applied) => string,
): IncrementResponse {
  if (outcome.kind === 'not-incremented') {
    const reason = notIncrementedReasons[outcome.cause];
    return { result: { $case: 'notIncremented', value: { reason, revision: outcome.revision } } };
  }
  const written = writtenOf(outcome.change, tokenOf(outcome.change));
  return { result: { $case: 'incremented', value: { value: outcome.value, ...written } } };
}

function contentOf(entry: StoredEntry): NonNullable<Hit['content']> {
  return entry.value === undefined
    ? { $case: 'negative', value: EMPTY }
    : { $case: 'value', value: entry.value as Buffer };
}

function timesOf(outcome: Served): Pick<Hit, 'freshFor' | 'keepFor' | 'expireTime'> {
  return {
    freshFor: durationOf(outcome.freshForMs),
    keepFor: durationOf(outcome.keepForMs),
    expireTime: timestampOf(outcome.freshUntilMs),
  };
}

function leaseOf(lease: OfferedLease | undefined): Lease | undefined {
  return lease === undefined ? undefined : { id: lease.id, hold: durationOf(lease.holdMs) };
}
