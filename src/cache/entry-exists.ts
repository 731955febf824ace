import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { CacheParts } from './cache-parts.ts';
import { type Consistency, freshnessOf } from './honour-tokens.ts';
import { judgeFresh } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks whether an entry exists. */
export interface ExistsQuery {
  readonly key: string;
  readonly consistency: Consistency;
}

/** Whether a fresh entry exists, and whether it is negative. */
export interface ExistsOutcome {
  readonly exists: boolean;
  readonly negative: boolean;
}

/**
 * Tells whether there is a fresh entry.
 *
 * @throws OperatingError TOKEN_UNUSABLE
 */
export function entryExists(parts: CacheParts, namespace: Namespace, query: ExistsQuery): MaybePromise<ExistsOutcome> {
  const freshness = freshnessOf(parts, namespace, query.consistency);
  return whenReady(parts.store.read({ namespaceId: namespace.id, key: query.key }, freshness), (read) => {
    const found = judgeFresh(read);
    return { exists: found.kind === 'present', negative: found.kind === 'present' && found.entry.value === undefined };
  });
}
