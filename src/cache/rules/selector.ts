/** What a wide invalidation covers, or the key whose entry it marks stale. */
export type Selector =
  | { readonly kind: 'namespace' }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'key'; readonly key: string };

/** What happens to the entries a selector covers: they go, or they are stale from now on. */
export type InvalidationMode = 'remove' | 'mark-stale';

/** The part of an entry that selectors look at. */
export interface Coverable {
  readonly key: string;
  readonly tags: readonly string[];
}

/** Tells whether a selector covers an entry. The prefix must be a scope prefix. */
export function covers(selector: Selector, entry: Coverable): boolean {
  switch (selector.kind) {
    case 'namespace':
      return true;
    case 'prefix':
      return entry.key.startsWith(selector.prefix);
    case 'tag':
      return entry.tags.includes(selector.tag);
    case 'key':
      return entry.key === selector.key;
  }
}
