import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { ReadResult } from '../store/store.ts';
import { type CacheParts, tokenAt } from './cache-parts.ts';
import type { GetOutcome } from './get-entry.ts';
import { honourTokens } from './honour-tokens.ts';
import { judgeFresh, judgeRead } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks for several entries. */
export interface BatchGetQuery {
  /** At least one. */
  readonly keys: readonly string[];
  /** Tokens that the answers must not be older than. */
  readonly tokens: readonly string[];
  readonly allowStale: boolean;
}

/** The outcomes in the order of the keys, and one token that is the fence of every miss among them. */
export interface BatchGetOutcome {
  readonly outcomes: readonly GetOutcome[];
  readonly token: string;
}

/**
 * Returns several entries of one namespace. No leases: a batch of fills is a batch of Sets under the token.
 *
 * @throws OperatingError TOKEN_UNUSABLE
 */
export function batchGet(parts: CacheParts, namespace: Namespace, query: BatchGetQuery): MaybePromise<BatchGetOutcome> {
  return whenReady(parts.store.readMany(namespace.id, query.keys), (reads) => {
    const oldest = reads[0]!;
    honourTokens(parts, namespace, query.tokens, oldest.head);
    return {
      outcomes: reads.map((read) => outcomeOf(namespace, read, query.allowStale)),
      token: tokenAt(parts, namespace, oldest.head, oldest.nowMs),
    };
  });
}

function outcomeOf(namespace: Namespace, read: ReadResult, allowStale: boolean): GetOutcome {
  const judgement = allowStale ? judgeRead(namespace.control, read) : judgeFresh(namespace.control, read);
  if (judgement.kind === 'absent') {
    return { kind: 'miss', cause: judgement.cause, fence: '', lease: undefined, retryAfterMs: undefined };
  }
  const { entry, freshUntilMs, freshForMs, keepForMs } = judgement;
  return { kind: 'hit', entry, freshUntilMs, freshForMs, keepForMs, lease: undefined };
}
