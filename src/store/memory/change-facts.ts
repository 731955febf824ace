import { type Lifetime, lifetimeFrom } from '../../cache/rules/lifetime.ts';
import type { Position } from '../../cache/rules/position.ts';
import type { Applied, Change, EntryRef, Retime, StoredEntry, Write } from '../store.ts';

/** The one partition: of every key, and every namespace's control partition. */
const PARTITION = 0;

/** Returns where a change happened. */
export function placeOf(ref: EntryRef, position: Position): Pick<Change, 'namespaceId' | 'partition' | 'position'> {
  return { namespaceId: ref.namespaceId, partition: PARTITION, position };
}

/** Returns the result of a change that was applied now. */
export function appliedAt(facts: Pick<Applied, 'position' | 'stamp' | 'existed' | 'lifetime' | 'nowMs'>): Applied {
  return { kind: 'applied', ...facts, note: undefined, repeated: false };
}

/** Returns the lifetime of a written entry: the one it replaces keeps its own if that was asked for. */
export function writtenLifetime(write: Write, before: StoredEntry | undefined, nowMs: number): Lifetime {
  if (write.keepLifetime === true && before !== undefined) return { ...lifetimeOf(before), createdAtMs: nowMs };
  return lifetimeFrom(nowMs, write.ttlMs, write.staleWindowMs);
}

/** Returns the lifetime after a retime. */
export function retimedLifetime(retime: Retime, before: StoredEntry, nowMs: number): Lifetime {
  if (retime.keepLifetime === true) return lifetimeOf(before);
  return lifetimeFrom(nowMs, retime.ttlMs, retime.staleWindowMs);
}

/** Tells whether an entry is still marked stale after a retime: a new lifetime begins fresh. */
export function isMarked(retime: Retime, before: StoredEntry): boolean {
  return retime.keepLifetime === true && before.markedStale;
}

/** Returns an entry's lifetime. */
export function lifetimeOf({ createdAtMs, freshUntilMs, goneAtMs }: StoredEntry): Lifetime {
  return { createdAtMs, freshUntilMs, goneAtMs };
}

/** Returns all tags of two lists, each once if it was once in each. */
export function union(tags: readonly string[], others: readonly string[]): readonly string[] {
  const missing = others.filter((tag) => !tags.includes(tag));
  return missing.length === 0 ? tags : [...tags, ...missing];
}
