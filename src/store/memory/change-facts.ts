import assert from 'node:assert/strict';
import { type Lifetime, lifetimeFrom } from '../../cache/rules/lifetime.ts';
import { type Moment, positionIn } from '../../cache/rules/moment.ts';
import type { Partition, Position } from '../../cache/rules/position.ts';
import type { Selector } from '../../cache/rules/selector.ts';
import type { Applied, Authored, Change, EntryRef, Removal, Retime, StoredEntry, Write } from '../store.ts';

/** The one partition: of every key, and every namespace's control partition. */
export const PARTITION = 0;

/** The partitions of every namespace. */
export const PARTITIONS: readonly Partition[] = [PARTITION];

/** Returns where a change happened, by whom, and the tags of the entry it was about. */
export function placeOf(
  { namespaceId, author }: Pick<EntryRef, 'namespaceId'> & Authored,
  position: Position,
  tags: readonly string[],
): Pick<Change, 'namespaceId' | 'partition' | 'position' | 'author' | 'tags'> {
  return { namespaceId, partition: PARTITION, position, author, tags };
}

/** Returns the result of a change that was applied now. */
export function appliedAt(
  facts: Pick<Applied, 'position' | 'stamp' | 'moment' | 'existed' | 'lifetime' | 'nowMs'>,
): Applied {
  return { kind: 'applied', ...facts, note: undefined, repeated: false };
}

/** Returns the control position of a moment that a read told: every one has it. */
export function stampIn(moment: Moment): Position {
  const stamp = positionIn(moment, PARTITION);
  assert(stamp !== undefined, 'a moment that was read names the control partition');
  return stamp;
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

/** Returns all tags of two lists, each once if it was once in each, in a list that nobody else holds. */
export function union(tags: readonly string[], others: readonly string[]): readonly string[] {
  return [...tags, ...others.filter((tag) => !tags.includes(tag))];
}

/** Returns what a removal is in the log. */
export function removalFacts({ cause, key }: Removal): RemovalFacts {
  if (cause === 'deleted') return { kind: 'delete', key };
  return { kind: 'invalidate', selector: { kind: 'key', key }, mode: 'remove' };
}

type RemovalFacts =
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'invalidate'; readonly selector: Selector; readonly mode: 'remove' };
