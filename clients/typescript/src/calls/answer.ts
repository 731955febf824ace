import { millisecondsOf } from '../base/durations.ts';
import { enumName } from '../base/enum-name.ts';
import type { ClientParts } from '../client-parts.ts';
import { type Hit, type Miss, MissReason } from '../gen/reprise/v1/entry.ts';
import { hitOf, type Lookup, missOf, negativeOf, type Served } from '../lookup.ts';
import type { Brought } from '../near/near-cache.ts';

/** What the server answered for one key. */
export type Answer =
  | { readonly kind: 'hit'; readonly hit: Hit }
  /** `fence`: of the miss, or of the batch that it is in. */
  | { readonly kind: 'miss'; readonly miss: Miss; readonly fence: string };

/** How an answer is shown to the caller. */
export interface ShowOptions {
  /** Tell the entry's tags. */
  readonly withTags?: boolean | undefined;
  /** Return bytes of a content type that no codec knows as they are. Default: the client's `unknownAsBytes`. */
  readonly unknownAsBytes?: boolean | undefined;
}

/** Returns an answer as a lookup. Throws a CodecError. */
export function lookupOf({ codecs }: ClientParts, key: string, answer: Answer, show: ShowOptions): Lookup<unknown> {
  if (answer.kind === 'miss') return missOf(key, enumName(MissReason, answer.miss.reason), answer.fence);
  const served = servedOf(key, answer.hit, show.withTags ?? false);
  const { content, contentType } = answer.hit;
  if (content?.$case !== 'value') return negativeOf(served);
  return hitOf(served, codecs.decode({ bytes: content.value, contentType }, show.unknownAsBytes));
}

/** Returns what the near cache may keep of an answer; undefined if nothing. */
export function broughtOf(key: string, answer: Answer): Brought | undefined {
  if (answer.kind === 'miss' || answer.hit.stale || answer.hit.unverified) return undefined;
  const { content, contentType, revision, tags, freshFor } = answer.hit;
  // A copy: the reader gets the original, and may do with it what it likes.
  const bytes = content?.$case === 'value' ? new Uint8Array(content.value) : undefined;
  return { key, bytes, contentType, revision, tags, freshForMs: millisecondsOf(freshFor) };
}

function servedOf(key: string, { revision, stale, unverified, freshFor, tags }: Hit, withTags: boolean): Served {
  const served = { key, revision, stale, unverified, freshForMs: millisecondsOf(freshFor) };
  return withTags ? { ...served, tags } : served;
}
