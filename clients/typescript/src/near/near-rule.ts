// The rule by which a near cache stays right, as pure functions. Nothing is imported here, so that a simulation of servers
// and clients can run the very rule that is shipped.

/** What a wide invalidation covers; a key where the client itself changed one. */
export type Selector =
  | { readonly kind: 'namespace' }
  | { readonly kind: 'prefix'; readonly prefix: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'key'; readonly key: string };

/** The part of an entry that selectors look at. */
export interface Coverable {
  readonly key: string;
  readonly tags: readonly string[];
}

/** What a stream tells of one change, as far as a near cache looks at it. */
export type NearChange =
  | { readonly kind: 'set'; readonly key: string; readonly revision: string }
  /** Any other change of a key. */
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'wide'; readonly selector: Selector }
  /** A new epoch began: what was read ahead of the stream may have been lost. */
  | { readonly kind: 'epoch' };

/** What a near cache keeps, as far as the rule looks at it. */
export interface NearEntry extends Coverable {
  readonly revision: string;
}

/**
 * The rule for what enters: tells whether a Hit may be kept, given every change that the stream told since the token that
 * the read carried was the newest. What is told later drops it, so that nothing needs to be ordered.
 *
 * A change of the key forbids, unless the newest of them is the very SET that made the Hit. A wide change forbids always:
 * a SET that the stream tells after it may be a fill from before it, which its stamp hides.
 */
export function mayKeep(entry: NearEntry, toldSince: Iterable<NearChange>): boolean {
  let newest: NearChange | undefined;
  for (const change of toldSince) {
    if (!concerns(change, entry)) continue;
    if (change.kind === 'wide' || change.kind === 'epoch') return false;
    newest = change;
  }
  return newest === undefined || !drops(newest, entry);
}

/** The rule for what is kept: tells whether a change drops an entry. All but the SET that made it. */
export function drops(change: NearChange, entry: NearEntry): boolean {
  return concerns(change, entry) && !(change.kind === 'set' && change.revision === entry.revision);
}

/** Tells whether a selector covers an entry. */
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

function concerns(change: NearChange, entry: NearEntry): boolean {
  switch (change.kind) {
    case 'set':
    case 'key':
      return change.key === entry.key;
    case 'wide':
      return covers(change.selector, entry);
    case 'epoch':
      return true;
  }
}
