import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Applied, Authored, NamespaceId, Once, Store } from '../store/store.ts';
import type { InvalidationMode, Selector } from './rules/selector.ts';

/** What the selectors of an invalidation ask of the store. */
export interface SelectorsChange extends Authored {
  readonly namespaceId: NamespaceId;
  readonly selectors: readonly Selector[];
  readonly mode: InvalidationMode;
  /** Of the whole invalidation. */
  readonly once: Once | undefined;
}

/**
 * Makes the changes that the selectors of an invalidation stand for: a key that is to go is removed, for all else a
 * watermark is raised. Returns how each ended, in their order, once all have.
 */
export function applySelectors(
  store: Pick<Store, 'remove' | 'invalidate'>,
  change: SelectorsChange,
): Promise<PromiseSettledResult<Applied>[]> {
  return Promise.allSettled(change.selectors.map(async (selector) => applySelector(store, selector, change)));
}

function applySelector(
  store: Pick<Store, 'remove' | 'invalidate'>,
  selector: Selector,
  { namespaceId, author, mode, once }: SelectorsChange,
): MaybePromise<Applied> {
  const origin = { namespaceId, author, ...onceFor(once, selector) };
  if (selector.kind === 'key' && mode === 'remove') {
    return store.remove({ ...origin, key: selector.key, cause: 'invalidated' });
  }
  return store.invalidate({ ...origin, selector, mode });
}

/** One invalidation may make several changes; each needs an id of its own to be applied once. */
function onceFor(once: Once | undefined, selector: Selector): { once?: Once } {
  if (once === undefined) return {};
  const name = selector.kind === 'tag' ? selector.tag : selector.kind === 'key' ? selector.key : '';
  return { once: { ...once, requestId: `${once.requestId} ${name}` } };
}
