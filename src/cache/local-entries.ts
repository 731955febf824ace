import { AgeMap } from '../base/age-map.ts';
import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { weightBytes } from '../store/memory/weight.ts';
import type { Content, EntryRef, NamespaceId, StoredEntry } from '../store/store.ts';
import { NO_POSITION } from './revision.ts';

/** What a node keeps of a Set that did not reach the store. */
export interface LocalEntry {
  /** Without a position: no change made it. Its times are this machine's. */
  readonly entry: StoredEntry;
  /** Monotonic times, in milliseconds. */
  readonly keptAtMs: number;
  readonly goneAtMs: number;
}

/** What is kept of one namespace, the oldest first. */
interface Shelf {
  readonly entries: AgeMap<LocalEntry>;
  /** What all of them weigh. */
  bytes: number;
  /** When the last of them is gone, on the monotonic clock. */
  goneAtMs: number;
}

/**
 * What plain Sets left on this node alone while the store could not be reached: short-lived, bounded, and no truth. An
 * entry falls as soon as the store is known to have been there after it was kept, so that it never hides what others did.
 */
export class LocalEntries {
  readonly #clock: Clock;
  readonly #bytesMax: number;
  readonly #shelves = new Map<NamespaceId, Shelf>();

  constructor(clock: Clock, bytesMax: number = limits.localBytesPerNamespaceMax) {
    this.#clock = clock;
    this.#bytesMax = bytesMax;
  }

  /** Namespaces of which something is kept. */
  get size(): number {
    return this.#shelves.size;
  }

  /** Keeps a copy in the place of what was kept under the key. Returns it; `undefined` if it alone exceeds the bound. */
  keep({ namespaceId, key }: EntryRef, content: Content, ttlMs: number): LocalEntry | undefined {
    const bytes = weightBytes(key, content);
    if (bytes > this.#bytesMax) return undefined;
    const keptAtMs = this.#clock.monotonicMs();
    const local = { entry: entryOf(key, content, this.#clock.nowMs(), ttlMs), keptAtMs, goneAtMs: keptAtMs + ttlMs };
    const shelf = this.#shelves.get(namespaceId) ?? { entries: new AgeMap(), bytes: 0, goneAtMs: 0 };
    this.#shelves.set(namespaceId, shelf);
    drop(shelf, key);
    while (shelf.bytes + bytes > this.#bytesMax) drop(shelf, shelf.entries.oldest()!.key);
    shelf.entries.set(key, local);
    shelf.bytes += bytes;
    shelf.goneAtMs = Math.max(shelf.goneAtMs, local.goneAtMs);
    return local;
  }

  /** Tells whether something is kept under a key, be it still wanted or not. */
  holds({ namespaceId, key }: EntryRef): boolean {
    return this.#shelves.get(namespaceId)?.entries.get(key) !== undefined;
  }

  /** Returns what is kept under a key, unless its time is over or the store was there after it was kept. */
  find(ref: EntryRef, storeReachedAtMs: number | undefined): LocalEntry | undefined {
    const local = this.#shelves.get(ref.namespaceId)?.entries.get(ref.key);
    if (local === undefined) return undefined;
    const overtaken = storeReachedAtMs !== undefined && storeReachedAtMs > local.keptAtMs;
    if (!overtaken && this.#clock.monotonicMs() < local.goneAtMs) return local;
    this.forget(ref);
    return undefined;
  }

  /** Returns for how long an entry still lives, in milliseconds. */
  leftMs({ goneAtMs }: LocalEntry): number {
    return Math.max(0, goneAtMs - this.#clock.monotonicMs());
  }

  /** Forgets a key: the store has answered for it, or somebody wants it gone. */
  forget({ namespaceId, key }: EntryRef): void {
    const shelf = this.#shelves.get(namespaceId);
    if (shelf === undefined) return;
    drop(shelf, key);
    if (shelf.entries.size === 0) this.#shelves.delete(namespaceId);
  }

  /** Forgets all of a namespace. */
  forgetAll(namespaceId: NamespaceId): void {
    this.#shelves.delete(namespaceId);
  }

  /** Frees what time has ended, once it has ended all of a namespace. */
  expireDue(): void {
    if (this.#shelves.size === 0) return;
    const nowMs = this.#clock.monotonicMs();
    for (const [namespaceId, { goneAtMs }] of this.#shelves) if (goneAtMs <= nowMs) this.#shelves.delete(namespaceId);
  }
}

function drop(shelf: Shelf, key: string): void {
  const local = shelf.entries.get(key);
  if (local === undefined) return;
  shelf.bytes -= weightBytes(key, local.entry);
  shelf.entries.delete(key);
}

/** Returns an entry that shares no memory with the caller's: its value may be a view of a network buffer. */
function entryOf(key: string, { value, contentType, tags }: Content, nowMs: number, ttlMs: number): StoredEntry {
  const content = { value: value && Uint8Array.from(value), contentType, tags: [...tags] };
  const lifetime = { createdAtMs: nowMs, freshUntilMs: nowMs + ttlMs, goneAtMs: nowMs + ttlMs };
  return { key, ...content, ...lifetime, position: NO_POSITION, stamp: NO_POSITION, markedStale: false };
}
