import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { CacheParts } from './cache-parts.ts';
import { honourTokens } from './honour-tokens.ts';
import { judgeFresh } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks whether an entry exists. */
export interface ExistsQuery {
  readonly key: string;
  /** Tokens that the answer must not be older than. */
  readonly tokens: readonly string[];
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
  return whenReady(parts.store.read({ namespaceId: namespace.id, key: query.key }), (read) => {
    honourTokens(parts, namespace, query.tokens, read.head);
    const found = judgeFresh(namespace.control, read);
    return { exists: found.kind === 'present', negative: found.kind === 'present' && found.entry.value === undefined };
  });
}
