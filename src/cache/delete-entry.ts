import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, Removal } from '../store/store.ts';
import type { CacheParts } from './cache-parts.ts';
import { judgeRead } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** The outcome of a removal: a change in any case. */
export interface DeleteOutcome {
  /** True if an entry that a caller could see, fresh or stale, was removed. */
  readonly existed: boolean;
  readonly change: Applied;
}

/** Removes one entry, because a caller deletes it or because its source changed. */
export function deleteEntry(
  parts: CacheParts,
  namespace: Namespace,
  removal: Omit<Removal, 'namespaceId'>,
): MaybePromise<DeleteOutcome> {
  const ref = { ...removal, namespaceId: namespace.id };
  return whenReady(parts.store.read(ref), (read) => {
    const visible = judgeRead(namespace.control, read).kind === 'present';
    return whenReady(parts.store.remove(ref), (change) => ({
      existed: change.repeated ? change.existed : visible,
      change,
    }));
  });
}
