import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { OperatingError } from '../base/operating-error.ts';
import type { ReadResult } from '../store/store.ts';
import { type CacheParts, tokenOfReads } from './cache-parts.ts';
import type { GetOutcome } from './get-entry.ts';
import { type Consistency, freshnessOf } from './honour-tokens.ts';
import { judgeFresh, judgeRead } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks for several entries. */
export interface BatchGetQuery {
  /** At least one. */
  readonly keys: readonly string[];
  readonly consistency: Consistency;
  readonly allowStale: boolean;
}

/**
 * The outcomes in the order of the keys, and one token that is the fence of every miss among them. Where the store can't
 * be asked there is no token, and an error for each key that has nothing else.
 */
export interface BatchGetOutcome {
  readonly outcomes: readonly (GetOutcome | OperatingError)[];
  readonly token: string;
}

/**
 * Returns several entries of one namespace. No leases: a batch of fills is a batch of Sets under the token.
 *
 * @throws OperatingError TOKEN_UNUSABLE
 */
export function batchGet(parts: CacheParts, namespace: Namespace, query: BatchGetQuery): MaybePromise<BatchGetOutcome> {
  const freshness = freshnessOf(parts, namespace, query.consistency);
  return whenReady(parts.store.readMany(namespace.id, query.keys, freshness), (reads) => ({
    outcomes: reads.map((read) => outcomeOf(read, query.allowStale)),
    token: tokenOfReads(parts, namespace, reads),
  }));
}

function outcomeOf(read: ReadResult, allowStale: boolean): GetOutcome {
  const judgement = allowStale ? judgeRead(read) : judgeFresh(read);
  if (judgement.kind === 'absent') {
    return { kind: 'miss', cause: judgement.cause, fence: '', lease: undefined, retryAfterMs: undefined };
  }
  const { entry, freshUntilMs, freshForMs, keepForMs } = judgement;
  return { kind: 'hit', entry, freshUntilMs, freshForMs, keepForMs, lease: undefined, fallback: undefined };
}
