import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, EntryRef, Once } from '../store/store.ts';
import type { CacheParts } from './cache-parts.ts';

/**
 * Applies a change that may have been applied before: `repeat` answers from the first try's result, `apply` makes the
 * change. Asked first, because a condition that held then may not hold any more.
 */
export function applyOnce<Outcome>(
  parts: CacheParts,
  ref: EntryRef,
  once: Once | undefined,
  apply: () => MaybePromise<Outcome>,
  repeat: (earlier: Applied) => Outcome,
): MaybePromise<Outcome> {
  if (once === undefined) return apply();
  return whenReady(parts.store.recall(ref, once.requestId), (earlier) =>
    earlier === undefined ? apply() : repeat(earlier),
  );
}
