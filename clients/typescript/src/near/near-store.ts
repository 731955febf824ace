import { limits } from '../base/limits.ts';
import { drops, type NearChange, type NearEntry, type Selector } from './near-rule.ts';

/** An entry of the near cache: encoded, as it came. */
export interface KeptEntry extends NearEntry {
  /** Absent: the source has nothing under this key. */
  readonly bytes: Uint8Array | undefined;
  readonly contentType: string;
  /** Monotonic instant beyond which the entry is not served. */
  readonly freshUntilMs: number;
  /** Bytes charged. */
  readonly weightBytes: number;
  /** The value, once it was decoded for a reader who shares it. */
  decoded: { readonly value: unknown } | undefined;
  /** It was used since it was put in or spared. */
  used: boolean;
}

/** What a near store may hold. */
export interface NearBounds {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/**
 * Entries by key, bounded. About the least recently used leaves first: the oldest entry that was not used since it was
 * put in. One that was used is spared once and becomes the youngest. This is CLOCK (Corbató, "A Paging Experiment with
 * the Multics System", 1968) as a queue: a use sets one bit, where moving the entry to the end took three times as long
 * as finding it. Unlike there, at most `nearSparedMax` entries are spared at once, so that nobody waits for a long search.
 */
export class NearStore {
  readonly #bounds: NearBounds;
  /** In the order in which they were put in or spared: a Map keeps it. */
  readonly #entries = new Map<string, KeptEntry>();
  readonly #keysByTag = new Map<string, Set<string>>();
  #bytes = 0;
  #evictions = 0;

  constructor(bounds: NearBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Entries that left to make room. */
  get evictions(): number {
    return this.#evictions;
  }

  /** Returns an entry, and notes that it was used. */
  use(key: string): KeptEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.used = true;
    return entry;
  }

  /** Puts an entry in the place of what has its key, and makes room. False if it is larger than the whole store. */
  put(entry: KeptEntry): boolean {
    this.remove(entry.key);
    if (entry.weightBytes > this.#bounds.bytesMax || this.#bounds.entriesMax < 1) return false;
    this.#makeRoomFor(entry);
    this.#entries.set(entry.key, entry);
    this.#bytes += entry.weightBytes;
    for (const tag of entry.tags) this.#keysWith(tag).add(entry.key);
    return true;
  }

  /** Removes an entry. False if there was none. */
  remove(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.weightBytes;
    for (const tag of entry.tags) this.#forgetTag(tag, key);
    return true;
  }

  /** Drops what a change covers. Returns how many entries left. */
  drop(change: NearChange): number {
    let dropped = 0;
    for (const key of this.#candidates(change)) {
      const entry = this.#entries.get(key);
      if (entry !== undefined && drops(change, entry) && this.remove(key)) dropped++;
    }
    return dropped;
  }

  /** Drops everything. Returns how many entries left. */
  clear(): number {
    const dropped = this.#entries.size;
    this.#entries.clear();
    this.#keysByTag.clear();
    this.#bytes = 0;
    return dropped;
  }

  /** The keys that a change may cover, found without looking at every entry where an index helps. */
  #candidates(change: NearChange): readonly string[] {
    if (change.kind === 'epoch') return [...this.#entries.keys()];
    return change.kind === 'wide' ? this.#selected(change.selector) : [change.key];
  }

  #selected(selector: Selector): readonly string[] {
    if (selector.kind === 'tag') return [...(this.#keysByTag.get(selector.tag) ?? [])];
    return selector.kind === 'key' ? [selector.key] : [...this.#entries.keys()];
  }

  #makeRoomFor({ weightBytes }: KeptEntry): void {
    let spared = 0;
    // The loop comes to spared entries again, as the youngest, when their bit is cleared: it ends.
    for (const entry of this.#entries.values()) {
      const { entriesMax, bytesMax } = this.#bounds;
      if (this.#entries.size < entriesMax && this.#bytes + weightBytes <= bytesMax) return;
      if (entry.used && spared < limits.nearSparedMax) {
        this.#spare(entry);
        spared++;
      } else {
        this.remove(entry.key);
        this.#evictions++;
      }
    }
  }

  #spare(entry: KeptEntry): void {
    entry.used = false;
    this.#entries.delete(entry.key);
    this.#entries.set(entry.key, entry);
  }

  #keysWith(tag: string): Set<string> {
    const keys = this.#keysByTag.get(tag) ?? new Set();
    this.#keysByTag.set(tag, keys);
    return keys;
  }

  #forgetTag(tag: string, key: string): void {
    const keys = this.#keysByTag.get(tag);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByTag.delete(tag);
  }
}
