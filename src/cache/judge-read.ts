import type { ReadResult, RemovalCause, StoredEntry } from '../store/store.ts';
import { revisionOf } from './revision.ts';
import { lifeStage } from './rules/lifetime.ts';

/** The part of a read that is judged. */
export type Read = Omit<ReadResult, 'moment'>;

/** What a read leaves to serve. */
export type Judgement =
  | {
      readonly kind: 'present';
      readonly entry: StoredEntry;
      readonly freshUntilMs: number;
      readonly freshForMs: number;
      readonly keepForMs: number;
    }
  | { readonly kind: 'absent'; readonly cause: RemovalCause };

/**
 * Judges a store's answer by what the watermarks leave and by the store's clock. A present entry with `freshForMs` 0 is stale; an
 * absent one was never there, is gone, or was invalidated.
 */
export function judgeRead(read: Read): Judgement {
  const { entry, visibility, nowMs } = read;
  if (entry === undefined) return { kind: 'absent', cause: read.absence };
  if (visibility === 'removed') return { kind: 'absent', cause: 'invalidated' };
  if (lifeStage(entry, nowMs) === 'gone') return { kind: 'absent', cause: 'expired' };
  const freshUntilMs = visibility === 'visible' ? entry.freshUntilMs : Math.min(entry.freshUntilMs, nowMs);
  const freshForMs = Math.max(0, freshUntilMs - nowMs);
  return { kind: 'present', entry, freshUntilMs, freshForMs, keepForMs: entry.goneAtMs - nowMs };
}

/** Returns the revision of a present entry, the empty text if there is none. */
export function revisionIn(judgement: Judgement): string {
  return judgement.kind === 'present' ? revisionOf(judgement.entry.position) : '';
}

/** As `judgeRead`, with a stale entry absent too: what a caller sees who does not allow stale ones. */
export function judgeFresh(read: Read): Judgement {
  const judgement = judgeRead(read);
  if (judgement.kind === 'absent' || judgement.freshForMs > 0) return judgement;
  const marked = judgement.entry.markedStale || judgement.entry.freshUntilMs > read.nowMs;
  return { kind: 'absent', cause: marked ? 'invalidated' : 'expired' };
}
