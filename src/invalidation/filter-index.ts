import { scopePrefixes } from '../cache/rules/scope-prefix.ts';
import { changedKey } from '../store/changed-key.ts';
import type { Change } from '../store/store.ts';
import { causeOf, mayCover, type SubscriptionFilter, wantsAllKeys, wantsCause } from './subscription-filter.ts';

/** Something with a filter. */
export interface Filtered {
  readonly filter: SubscriptionFilter;
}

/**
 * Finds whose filter wants a change. For a change of one key this takes as long as there are matches, however many
 * members there are; a wide change concerns nearly everyone anyway and asks each.
 */
export class FilterIndex<Member extends Filtered> {
  readonly #members = new Set<Member>();
  readonly #wantsAll = new Set<Member>();
  readonly #byPrefix = new Map<string, Set<Member>>();
  readonly #byTag = new Map<string, Set<Member>>();
  readonly #byKey = new Map<string, Set<Member>>();

  /** Adds a member. */
  add(member: Member): void {
    this.#members.add(member);
    if (wantsAllKeys(member.filter)) this.#wantsAll.add(member);
    for (const [index, name] of this.#namesOf(member)) {
      const members = index.get(name);
      if (members === undefined) index.set(name, new Set([member]));
      else members.add(member);
    }
  }

  /** Removes a member. */
  delete(member: Member): void {
    this.#members.delete(member);
    this.#wantsAll.delete(member);
    for (const [index, name] of this.#namesOf(member)) {
      const members = index.get(name);
      members?.delete(member);
      if (members?.size === 0) index.delete(name);
    }
  }

  /** Returns the members that want a change, each once. */
  matching(change: Change): Member[] {
    if (change.kind === 'epoch') return [...this.#members].filter(({ filter }) => filter.epochs);
    const cause = causeOf(change);
    return [...this.#candidates(change)].filter(({ filter }) => wantsCause(filter, cause));
  }

  #candidates(change: Change): Iterable<Member> {
    const key = changedKey(change);
    if (key === undefined) return [...this.#members].filter(({ filter }) => mayCover(change, filter));
    if (this.#wantsAll.size === this.#members.size) return this.#wantsAll;
    const found = new Set(this.#wantsAll);
    addAll(found, this.#byKey.get(key));
    for (const tag of change.tags) addAll(found, this.#byTag.get(tag));
    if (this.#byPrefix.size > 0) for (const prefix of scopePrefixes(key)) addAll(found, this.#byPrefix.get(prefix));
    return found;
  }

  *#namesOf({ filter }: Member): Iterable<readonly [Map<string, Set<Member>>, string]> {
    for (const prefix of filter.prefixes) yield [this.#byPrefix, prefix];
    for (const tag of filter.tags) yield [this.#byTag, tag];
    for (const key of filter.keys) yield [this.#byKey, key];
  }
}

function addAll<Member>(found: Set<Member>, members: ReadonlySet<Member> | undefined): void {
  if (members !== undefined) for (const member of members) found.add(member);
}
