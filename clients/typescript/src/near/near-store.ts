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
  decoded?: { readonly value: unknown };
}

/** What a near store may hold. */
export interface NearBounds {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** Entries by key, bounded; the least recently used leaves first. */
export class NearStore {
  readonly #bounds: NearBounds;
  /** In the order of their last use: a Map keeps the order in which keys were put in. */
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

  /** Returns an entry and makes it the most recently used. */
  use(key: string): KeptEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Puts an entry in the place of what has its key, and makes room. False if it is larger than the whole store. */
  put(entry: KeptEntry): boolean {
    this.remove(entry.key);
    if (entry.weightBytes > this.#bounds.bytesMax) return false;
    this.#entries.set(entry.key, entry);
    this.#bytes += entry.weightBytes;
    for (const tag of entry.tags) this.#keysWith(tag).add(entry.key);
    this.#makeRoom();
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

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#bounds.entriesMax && this.#bytes <= this.#bounds.bytesMax) return;
      this.remove(key);
      this.#evictions++;
    }
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
