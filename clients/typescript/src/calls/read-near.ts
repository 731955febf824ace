import type { ClientParts } from '../client-parts.ts';
import type { FreshnessOptions } from '../freshness/demand.ts';
import { hitOf, type Lookup, negativeOf } from '../lookup.ts';
import type { NearCache } from '../near/near-cache.ts';
import type { KeptEntry } from '../near/near-store.ts';
import type { ShowOptions } from './answer.ts';

// The path of a near hit. It is synchronous and reads the clock once: on it, what takes as long as a look into a Map is much.

/** Returns what the near cache serves, if it may answer this read. Counts a hit or a miss. Throws a CodecError. */
export function readNear(
  parts: ClientParts,
  key: string,
  options: FreshnessOptions & ShowOptions,
): Lookup<unknown> | undefined {
  const { near } = parts;
  // A token can't be compared here with what the near cache holds.
  if (near === undefined || options.latest || (options.atLeast?.length ?? 0) > 0) return undefined;
  const nowMs = parts.clock.monotonicMs();
  const entry = near.serve(key, nowMs);
  return entry === undefined ? undefined : nearLookupOf(parts, entry, options, nowMs);
}

/** Returns what the near cache serves now. Counts a hit, but no miss. Throws a CodecError. */
export function peekNear(
  parts: ClientParts,
  near: NearCache,
  key: string,
  show: ShowOptions,
): Lookup<unknown> | undefined {
  const nowMs = parts.clock.monotonicMs();
  const entry = near.peek(key, nowMs);
  return entry === undefined ? undefined : nearLookupOf(parts, entry, show, nowMs);
}

function nearLookupOf(parts: ClientParts, entry: KeptEntry, show: ShowOptions, nowMs: number): Lookup<unknown> {
  const { key, revision, bytes, freshUntilMs } = entry;
  const always = { key, revision, stale: false, unverified: false, freshForMs: freshUntilMs - nowMs };
  const served = show.withTags ? { ...always, tags: entry.tags } : always;
  return bytes === undefined ? negativeOf(served) : hitOf(served, decodedOf(parts, entry, bytes, show));
}

function decodedOf(
  { codecs, shareDecoded }: ClientParts,
  entry: KeptEntry,
  bytes: Uint8Array,
  { unknownAsBytes }: ShowOptions,
): unknown {
  const { contentType } = entry;
  if (!shareDecoded) return codecs.decodeCopy({ bytes, contentType }, unknownAsBytes);
  entry.decoded ??= { value: codecs.decode({ bytes, contentType }, unknownAsBytes) };
  return entry.decoded.value;
}
