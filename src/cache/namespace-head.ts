import { OperatingError } from '../base/operating-error.ts';
import { type CacheParts, tokenAt } from './cache-parts.ts';
import { readToken } from './honour-tokens.ts';
import type { Namespace } from './namespace.ts';
import { coversMoment } from './rules/covers-moment.ts';
import type { Moment } from './rules/moment.ts';

/** Asks how far the history of a namespace has come. */
export interface HeadQuery {
  /** The newest token that the caller's stream has told; empty for none. */
  readonly streamToken: string;
  /** The head of an earlier answer; empty for none. */
  readonly earlierHead: string;
}

/** How far the history of a namespace has come. */
export interface HeadOutcome {
  /** Token that stands after all that was acknowledged until `ageMs` before the call. */
  readonly head: string;
  readonly ageMs: number;
  /** The stream had told everything up to the earlier head. */
  readonly covered: boolean;
}

/**
 * Returns a head that is proven, and whether a stream has told as much as an earlier one: together they prove how fresh a
 * near cache is (docs/near-cache.md).
 *
 * @throws OperatingError STORE_UNAVAILABLE where the node can't prove anything now
 */
export function namespaceHead(parts: CacheParts, namespace: Namespace, query: HeadQuery): HeadOutcome {
  const proven = parts.store.provenHead(namespace.id);
  if (proven === undefined) throw unproven();
  const [told, earlier] = [query.streamToken, query.earlierHead].map((text) => momentOf(parts, namespace, text));
  const covered =
    told !== undefined &&
    earlier !== undefined &&
    coversMoment(told, earlier, (partition) => parts.store.chain(partition));
  return { head: tokenAt(parts, namespace, proven.moment, proven.nowMs), ageMs: proven.ageMs, covered };
}

/** Returns what a token says; `undefined` for none, and for one that is none of this namespace: the stream tells why. */
function momentOf(parts: CacheParts, namespace: Namespace, text: string): Moment | undefined {
  if (text === '') return undefined;
  const token = readToken(parts.tokens, namespace, text);
  return typeof token === 'string' ? undefined : token.positions;
}

function unproven(): OperatingError {
  const message = 'The node can not prove now that it has heard of every change: ask again, or another node.';
  return new OperatingError('STORE_UNAVAILABLE', message, { retryAfterMs: 250 });
}
