import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, Authored, Once } from '../store/store.ts';
import { type BatchGetOutcome, type BatchGetQuery, batchGet } from './batch-get.ts';
import { type CacheParts, tokenOf } from './cache-parts.ts';
import type { CallContext } from './call-context.ts';
import { countDelete, countGet, countIncrement, countInvalidate, countSet, countTouch } from './count-outcomes.ts';
import { type DeleteOutcome, deleteEntry } from './delete-entry.ts';
import { endLease } from './end-lease.ts';
import { type ExistsOutcome, type ExistsQuery, entryExists } from './entry-exists.ts';
import { type GetOutcome, type GetQuery, getEntry } from './get-entry.ts';
import { type IncrementCommand, type IncrementOutcome, incrementEntry } from './increment-entry.ts';
import { type InvalidateCommand, type InvalidateOutcome, invalidate } from './invalidate.ts';
import type { Namespace } from './namespace.ts';
import { type SetCommand, type SetOutcome, setEntry } from './set-entry.ts';
import { type TouchCommand, type TouchOutcome, touchEntry } from './touch-entry.ts';

/** Asks to delete one entry. */
export interface DeleteCommand extends Authored {
  readonly key: string;
  readonly once: Once | undefined;
}

/**
 * The cache as its callers see it: each operation in a file of its own, and here what they have in common: they are
 * counted. Over a store in memory every operation but waiting and counting answers at once.
 */
export class CacheManager {
  readonly #parts: CacheParts;

  constructor(parts: CacheParts) {
    this.#parts = parts;
  }

  /** See `getEntry`. */
  get(namespace: Namespace, query: GetQuery, context: CallContext): MaybePromise<GetOutcome> {
    return whenReady(getEntry(this.#parts, namespace, query, context), (outcome) => countGet(namespace, outcome));
  }

  /** See `entryExists`. Not counted: it serves nothing. */
  exists(namespace: Namespace, query: ExistsQuery): MaybePromise<ExistsOutcome> {
    return entryExists(this.#parts, namespace, query);
  }

  /** See `batchGet`. */
  batchGet(namespace: Namespace, query: BatchGetQuery): MaybePromise<BatchGetOutcome> {
    return whenReady(batchGet(this.#parts, namespace, query), (outcome) => {
      for (const each of outcome.outcomes) countGet(namespace, each);
      return outcome;
    });
  }

  /** See `setEntry`. */
  set(namespace: Namespace, command: SetCommand): MaybePromise<SetOutcome> {
    return whenReady(setEntry(this.#parts, namespace, command), (outcome) => countSet(namespace, outcome));
  }

  /** Removes one entry because a caller deletes it. */
  delete(namespace: Namespace, { key, once, author }: DeleteCommand): MaybePromise<DeleteOutcome> {
    const removal = { key, cause: 'deleted', author, ...(once === undefined ? {} : { once }) } as const;
    return whenReady(deleteEntry(this.#parts, namespace, removal), (outcome) => countDelete(namespace, outcome));
  }

  /** See `touchEntry`. */
  touch(namespace: Namespace, command: TouchCommand): MaybePromise<TouchOutcome> {
    return whenReady(touchEntry(this.#parts, namespace, command), (outcome) => countTouch(namespace, outcome));
  }

  /** See `incrementEntry`. */
  increment(namespace: Namespace, command: IncrementCommand): MaybePromise<IncrementOutcome> {
    return whenReady(incrementEntry(this.#parts, namespace, command), (outcome) => countIncrement(namespace, outcome));
  }

  /** See `endLease`. */
  releaseLease(namespace: Namespace, key: string, leaseId: string): MaybePromise<boolean> {
    return whenReady(endLease(this.#parts, { namespaceId: namespace.id, key }, leaseId), (released) => {
      if (released) namespace.counters.leases.released++;
      return released;
    });
  }

  /** See `invalidate`. */
  async invalidate(namespace: Namespace, command: InvalidateCommand, context: CallContext): Promise<InvalidateOutcome> {
    return countInvalidate(namespace, command, await invalidate(this.#parts, namespace, command, context));
  }

  /** Returns the token of one or more changes of a namespace. */
  tokenOf(namespace: Namespace, changes: readonly Applied[]): string {
    return tokenOf(this.#parts, namespace, changes);
  }
}
