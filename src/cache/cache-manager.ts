import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Applied, Authored, Once } from '../store/store.ts';
import { awaitReceipt } from './await-receipt.ts';
import type { BatchGetOutcome, BatchGetQuery } from './batch-get.ts';
import { type CacheParts, tokenOf } from './cache-parts.ts';
import type { CallContext } from './call-context.ts';
import { countDelete, countGet, countIncrement, countInvalidate, countSet, countTouch } from './count-outcomes.ts';
import { type DeleteOutcome, deleteEntry } from './delete-entry.ts';
import { endLease } from './end-lease.ts';
import type { ExistsOutcome, ExistsQuery } from './entry-exists.ts';
import type { GetOutcome, GetQuery } from './get-entry.ts';
import { type IncrementCommand, type IncrementOutcome, incrementEntry } from './increment-entry.ts';
import { type InvalidateCommand, type InvalidateOutcome, invalidate } from './invalidate.ts';
import type { Namespace } from './namespace.ts';
import { type HeadOutcome, type HeadQuery, namespaceHead } from './namespace-head.ts';
import { batchGetOrFallBack, existsOrFallBack, getOrFallBack } from './reads-with-fallback.ts';
import type { SetCommand, SetOutcome } from './set-entry.ts';
import { type TouchCommand, type TouchOutcome, touchEntry } from './touch-entry.ts';
import { setOrKeepLocally } from './write-fallback.ts';

/** Asks to delete one entry. */
export interface DeleteCommand extends Authored {
  readonly key: string;
  readonly once: Once | undefined;
}

/**
 * The cache as its callers see it: each operation in a file of its own, and here what they have in common: they are
 * counted, and a change of a key ends what was kept of it locally. Over a store in memory every operation but waiting
 * and counting answers at once.
 */
export class CacheManager {
  readonly #parts: CacheParts;

  constructor(parts: CacheParts) {
    this.#parts = parts;
  }

  /** See `getOrFallBack`. */
  get(namespace: Namespace, query: GetQuery, context: CallContext): MaybePromise<GetOutcome> {
    return whenReady(getOrFallBack(this.#parts, namespace, query, context), (outcome) => countGet(namespace, outcome));
  }

  /** See `existsOrFallBack`. Not counted: it serves nothing. */
  exists(namespace: Namespace, query: ExistsQuery): MaybePromise<ExistsOutcome> {
    return existsOrFallBack(this.#parts, namespace, query);
  }

  /** See `batchGetOrFallBack`. */
  batchGet(namespace: Namespace, query: BatchGetQuery): MaybePromise<BatchGetOutcome> {
    return whenReady(batchGetOrFallBack(this.#parts, namespace, query), (outcome) => {
      for (const each of outcome.outcomes) if (!(each instanceof OperatingError)) countGet(namespace, each);
      return outcome;
    });
  }

  /** See `setOrKeepLocally`. */
  set(namespace: Namespace, command: SetCommand): MaybePromise<SetOutcome> {
    return whenReady(setOrKeepLocally(this.#parts, namespace, command), (outcome) => {
      if (outcome.kind === 'stored') this.#forgetLocal(namespace, command.key);
      return countSet(namespace, outcome);
    });
  }

  /** Removes one entry because a caller deletes it. */
  delete(namespace: Namespace, { key, once, author }: DeleteCommand): MaybePromise<DeleteOutcome> {
    // Before it is known whether the store can be reached: nobody wants the entry any more.
    this.#forgetLocal(namespace, key);
    const removal = { key, cause: 'deleted', author, ...(once === undefined ? {} : { once }) } as const;
    return whenReady(deleteEntry(this.#parts, namespace, removal), (outcome) => countDelete(namespace, outcome));
  }

  /** See `touchEntry`. */
  touch(namespace: Namespace, command: TouchCommand): MaybePromise<TouchOutcome> {
    return whenReady(touchEntry(this.#parts, namespace, command), (outcome) => {
      this.#forgetLocal(namespace, command.key);
      return countTouch(namespace, outcome);
    });
  }

  /** See `incrementEntry`. */
  increment(namespace: Namespace, command: IncrementCommand): MaybePromise<IncrementOutcome> {
    return whenReady(incrementEntry(this.#parts, namespace, command), (outcome) => {
      this.#forgetLocal(namespace, command.key);
      return countIncrement(namespace, outcome);
    });
  }

  /** See `endLease`. */
  releaseLease(namespace: Namespace, key: string, leaseId: string): MaybePromise<boolean> {
    return whenReady(endLease(this.#parts, { namespaceId: namespace.id, key }, leaseId), (released) => {
      if (released) namespace.counters.leases.released++;
      return released;
    });
  }

  /** See `invalidate`; counted before a receipt is waited for, as `awaitReceipt` does. */
  async invalidate(namespace: Namespace, command: InvalidateCommand, context: CallContext): Promise<InvalidateOutcome> {
    // Of all keys: which of them are covered is not worth finding out.
    if (!command.dryRun) this.#parts.locals.forgetAll(namespace.id);
    const outcome = countInvalidate(namespace, command, await invalidate(this.#parts, namespace, command, context));
    return awaitReceipt(this.#parts, outcome, command.wait, context);
  }

  /** See `namespaceHead`. */
  head(namespace: Namespace, query: HeadQuery): HeadOutcome {
    return namespaceHead(this.#parts, namespace, query);
  }

  /** Returns the token of one or more changes of a namespace. */
  tokenOf(namespace: Namespace, changes: readonly Applied[]): string {
    return tokenOf(this.#parts, namespace, changes);
  }

  /** The store has answered for a key, or the entry is not wanted any more. */
  #forgetLocal({ id }: Namespace, key: string): void {
    if (this.#parts.locals.size > 0) this.#parts.locals.forget({ namespaceId: id, key });
  }
}
