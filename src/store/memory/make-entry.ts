import type { Lifetime } from '../../cache/rules/lifetime.ts';
import type { Content, StoredEntry } from '../store.ts';

/** Returns an entry, always with its fields in the same order, so that all entries share one shape. */
export function makeEntry(
  key: string,
  { value, contentType, tags }: Content,
  { position, stamp }: Pick<StoredEntry, 'position' | 'stamp'>,
  { createdAtMs, freshUntilMs, goneAtMs }: Lifetime,
  markedStale = false,
): StoredEntry {
  return { key, value, contentType, tags, position, stamp, createdAtMs, freshUntilMs, goneAtMs, markedStale };
}
