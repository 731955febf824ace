import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, Removal } from '../store/store.ts';
import type { CacheParts } from './cache-parts.ts';
import { LATEST } from './honour-tokens.ts';
import { judgeRead } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Noted with the first try, so that a repeat is answered alike. */
const EXISTED = 'existed';

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
  return whenReady(parts.store.read(ref, LATEST), (read) => {
    const visible = judgeRead(read).kind === 'present';
    const once = ref.once === undefined ? {} : { once: { ...ref.once, note: visible ? EXISTED : '' } };
    return whenReady(parts.store.remove({ ...ref, ...once }), (change) => ({
      existed: change.repeated ? change.note === EXISTED : visible,
      change,
    }));
  });
}
