import { changedKey } from '../store/changed-key.ts';
import type { Change, NamespaceId } from '../store/store.ts';

/** What happened to what a change names. */
export type ChangeCause = 'set' | 'touch' | 'delete' | 'key' | 'tag' | 'prefix' | 'namespace' | 'epoch';

/** Which changes of a namespace a subscriber wants: all if no name is given, else those that match any name. */
export interface SubscriptionFilter {
  /** Scope prefixes. */
  readonly prefixes: readonly string[];
  readonly tags: readonly string[];
  readonly keys: readonly string[];
  /** Only these; empty for all. */
  readonly causes: readonly ChangeCause[];
  /** New epochs too, whatever else is asked for. */
  readonly epochs: boolean;
}

/** Returns what happened. */
export function causeOf(change: Change): ChangeCause {
  return change.kind === 'invalidate' ? change.selector.kind : change.kind;
}

/** Tells whether a filter lets every key pass. */
export function wantsAllKeys({ prefixes, tags, keys }: SubscriptionFilter): boolean {
  return prefixes.length === 0 && tags.length === 0 && keys.length === 0;
}

/** Tells whether a filter wants changes of this cause. */
export function wantsCause({ causes }: SubscriptionFilter, cause: ChangeCause): boolean {
  return causes.length === 0 || causes.includes(cause);
}

/** Tells whether a change may concern a namespace: its own do, and new epochs, which are of none. */
export function isOf(change: Change, namespaceId: NamespaceId): boolean {
  return change.kind === 'epoch' || change.namespaceId === namespaceId;
}

/** Tells whether a filter wants a change. `FilterIndex` finds the same filters without asking each. */
export function matches(filter: SubscriptionFilter, change: Change): boolean {
  if (change.kind === 'epoch') return filter.epochs;
  return wantsCause(filter, causeOf(change)) && wantsTarget(filter, change);
}

function wantsTarget(filter: SubscriptionFilter, change: Change): boolean {
  const key = changedKey(change);
  if (key === undefined) return mayCover(change, filter);
  return wantsAllKeys(filter) || wantsKey(filter, key, change.tags);
}

function wantsKey({ prefixes, tags, keys }: SubscriptionFilter, key: string, itsTags: readonly string[]): boolean {
  if (keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix))) return true;
  return itsTags.some((tag) => tags.includes(tag));
}

/**
 * Tells whether a wide change may cover an entry that the filter wants. Entries carry several tags and any key may carry
 * any, so a tag may cover whatever is wanted; a prefix covers only keys that begin with it.
 */
export function mayCover(change: Change, filter: SubscriptionFilter): boolean {
  if (change.kind !== 'invalidate' || change.selector.kind !== 'prefix' || wantsAllKeys(filter)) return true;
  const { prefix } = change.selector;
  const { prefixes, tags, keys } = filter;
  if (tags.length > 0 || keys.some((key) => key.startsWith(prefix))) return true;
  return prefixes.some((wanted) => wanted.startsWith(prefix) || prefix.startsWith(wanted));
}

/** Returns a name that equal filters share. */
export function filterName({ prefixes, tags, keys, causes, epochs }: SubscriptionFilter): string {
  const names = [prefixes, tags, keys, causes].map((each) => [...new Set<string>(each)].sort());
  return JSON.stringify([...names, epochs]);
}
