import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Applied, Authored, NamespaceId, Once, Store } from '../store/store.ts';
import type { InvalidationMode, Selector } from './rules/selector.ts';

/** What one selector of an invalidation asks of the store. */
export interface SelectorChange extends Authored {
  readonly namespaceId: NamespaceId;
  readonly selector: Selector;
  readonly mode: InvalidationMode;
  /** Of the whole invalidation. */
  readonly once: Once | undefined;
}

/**
 * Makes the change that one selector of an invalidation stands for: a key that is to go is removed, for all else a
 * watermark is raised.
 */
export function applySelector(
  store: Pick<Store, 'remove' | 'invalidate'>,
  { namespaceId, author, selector, mode, once }: SelectorChange,
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
