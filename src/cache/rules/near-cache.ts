import { type Coverable, covers, type Selector } from './selector.ts';

/** What a stream tells of one change, as far as a near cache looks at it. */
export type NearChange =
  | { readonly kind: 'set'; readonly key: string; readonly revision: string }
  /** Any other change of a key. */
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'wide'; readonly selector: Selector }
  /** A new epoch began in some partition: what was read ahead of the stream may have been lost. */
  | { readonly kind: 'epoch' };

/** What a near cache keeps, as far as the rule looks at it. */
export interface NearEntry extends Coverable {
  readonly revision: string;
}

/**
 * The near cache rule for what enters: tells whether a Hit may be kept, given every change that the stream told since
 * the token that the Get carried was the newest. What is told later drops it, so that nothing needs to be ordered.
 *
 * A change of the key forbids, unless the newest of them is the very SET that made the Hit. A wide change forbids always:
 * a SET that the stream tells after it may be a fill from before it, which its stamp hides.
 */
export function mayKeep(entry: NearEntry, toldSince: readonly NearChange[]): boolean {
  let newest: NearChange | undefined;
  for (const change of toldSince) {
    if (!concerns(change, entry)) continue;
    if (change.kind === 'wide' || change.kind === 'epoch') return false;
    newest = change;
  }
  return newest === undefined || !drops(newest, entry);
}

/**
 * The near cache rule for own writes: as `mayKeep`, since the token that was the newest when the value's computation
 * began, and only once the stream has told the SET itself. An acknowledgement alone may come from a deposed primary,
 * whose changes no stream ever tells.
 */
export function mayKeepOwn(entry: NearEntry, toldSince: readonly NearChange[]): boolean {
  const told = toldSince.some((change) => change.kind === 'set' && change.revision === entry.revision);
  return told && mayKeep(entry, toldSince);
}

/** The near cache rule for what is kept: tells whether a change drops an entry. All but the SET that made it. */
export function drops(change: NearChange, entry: NearEntry): boolean {
  return concerns(change, entry) && !(change.kind === 'set' && change.revision === entry.revision);
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
