import type { Freshness } from '../store/store.ts';
import type { CacheParts } from './cache-parts.ts';
import type { Namespace } from './namespace.ts';
import type { TokenContent, TokenFault } from './rules/token.ts';
import { tokenUnusable } from './rules/token-unusable.ts';
import type { TokenSealer } from './token-sealer.ts';

/** How fresh a caller wants a read to be. */
export type Consistency =
  | { readonly kind: 'any' | 'latest' }
  /** Not older than these tokens, at least one. */
  | { readonly kind: 'at-least'; readonly tokens: readonly string[] };

/** As fresh as every read. */
export const ANY: Freshness = { kind: 'any' };

/** What the store itself holds: for reads that decide about a change, where an old answer would be tried in vain. */
export const LATEST: Freshness = { kind: 'latest' };

/** Opens a token. Returns what it says, or why it is none of this namespace. */
export function readToken(
  tokens: TokenSealer,
  namespace: Pick<Namespace, 'id'>,
  text: string,
): TokenContent | TokenFault {
  const token = tokens.open(text);
  if (token === undefined) return 'FOREIGN';
  return token.namespaceId === namespace.id ? token : 'OTHER_NAMESPACE';
}

/**
 * Returns what a token of a namespace says. Whether its positions can be honoured is for the store to say.
 *
 * @throws OperatingError TOKEN_UNUSABLE if it is none of this deployment and namespace
 */
export function openToken(parts: CacheParts, namespace: Namespace, text: string): TokenContent {
  const token = readToken(parts.tokens, namespace, text);
  if (typeof token === 'string') throw tokenUnusable(token);
  return token;
}

/**
 * Returns how fresh a store must answer so that a call has what it asked for.
 *
 * @throws OperatingError TOKEN_UNUSABLE if a token is none of this deployment and namespace
 */
export function freshnessOf(parts: CacheParts, namespace: Namespace, consistency: Consistency): Freshness {
  switch (consistency.kind) {
    case 'any':
      return ANY;
    case 'latest':
      return LATEST;
    case 'at-least':
      return {
        kind: 'at-least',
        moment: consistency.tokens.flatMap((token) => openToken(parts, namespace, token).positions),
      };
  }
}
