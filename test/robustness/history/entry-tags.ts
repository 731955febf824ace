import { covers, type Selector } from '../../../src/cache/rules/selector.ts';
import type { CauseName, ModeName } from './history.ts';

/** Which tags a change is about. */
export interface ChangeTags {
  readonly tags: readonly string[];
  readonly tagsMaybe: readonly string[];
}

/** What is known of an entry's tags. */
interface EntryTags {
  /** Those of an entry that callers can see. */
  readonly seen: readonly string[];
  /** Those of an entry that may still be stored. */
  readonly stored: readonly string[];
  /** Something marked it stale: an Increment begins anew. */
  readonly stale: boolean;
}

const NONE: EntryTags = { seen: [], stored: [], stale: false };

/** A change of one namespace, as far as it matters to tags. */
export interface TaggedChange {
  readonly target: Selector;
  readonly cause: CauseName;
  readonly mode: ModeName;
  /** What the call gave the entry. `undefined` if it leaves the tags as they are. */
  readonly given: readonly string[] | undefined;
}

/** The tags of one namespace's entries, by what callers did: a model that is too simple to be wrong. */
export class NamespaceTags {
  readonly #entries = new Map<string, EntryTags>();

  /** Applies the next change; returns the tags by which it must match, and those by which it may. */
  apply(change: TaggedChange): ChangeTags {
    if (change.target.kind !== 'key') {
      this.#applyWide(change);
      return { tags: [], tagsMaybe: [] };
    }
    const { key } = change.target;
    const before = this.#entries.get(key) ?? NONE;
    const after = afterKeyChange(before, change);
    this.#entries.set(key, after);
    const tags = [...new Set([...before.seen, ...after.seen])];
    return { tags, tagsMaybe: before.stored.filter((tag) => !tags.includes(tag)) };
  }

  #applyWide({ target, mode }: TaggedChange): void {
    for (const [key, entry] of this.#entries) {
      if (!covers(target, { key, tags: entry.stored })) continue;
      this.#entries.set(key, mode === 'REMOVE' ? { ...entry, seen: [] } : { ...entry, stale: true });
    }
  }
}

function afterKeyChange(before: EntryTags, { cause, mode, given }: TaggedChange): EntryTags {
  switch (cause) {
    case 'SET':
      if (given !== undefined) return { seen: given, stored: given, stale: false };
      return before.stale ? { ...before, seen: [], stale: false } : before;
    case 'TOUCH':
      return before;
    case 'KEY':
      return mode === 'MARK_STALE' ? { ...before, stale: true } : NONE;
    default:
      return NONE;
  }
}
