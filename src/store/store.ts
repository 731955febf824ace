import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Fence } from '../cache/rules/fence.ts';
import type { Lifetime } from '../cache/rules/lifetime.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../cache/rules/selector.ts';
import type { Placed } from '../cache/rules/token.ts';
import type { Control, Visibility } from '../cache/rules/visibility.ts';

/** Random id of a namespace, minted when it is created and never used again. */
export type NamespaceId = string & { readonly brand: 'NamespaceId' };

/** Names an entry: a key of a namespace. */
export interface EntryRef {
  readonly namespaceId: NamespaceId;
  readonly key: string;
}

/** What a caller stores under a key. */
export interface Content {
  /** The value's bytes, or `undefined` for a negative entry. */
  readonly value: Uint8Array | undefined;
  readonly contentType: string;
  readonly tags: readonly string[];
}

/** An entry as the store keeps it. */
export interface StoredEntry extends Content, Lifetime {
  readonly key: string;
  /** The change that made the entry what it is. */
  readonly position: Position;
  /** What its writer had seen of the control partition when the value's computation began. */
  readonly stamp: Position;
  /** An invalidation made it stale, and `settle` wrote that down. */
  readonly markedStale: boolean;
}

/** How an entry left the store, as far as it is remembered. */
export type RemovalCause = 'deleted' | 'invalidated' | 'expired' | 'evicted' | 'unknown';

/** What a read finds. */
export interface ReadResult {
  /** The entry if it is stored and not gone. The caller judges whether it is visible. */
  readonly entry: StoredEntry | undefined;
  /** How the key's last entry left, where there is none. */
  readonly absence: RemovalCause;
  /** Head of the key's partition, read no later than the entry. */
  readonly head: Position;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
}

/** What must hold in the store for a change to be applied. */
export type Guard =
  | { readonly kind: 'none' }
  /** The stored entry is the one at this position, or there is none. */
  | { readonly kind: 'unchanged'; readonly position: Position | undefined }
  /** The lease is held. */
  | { readonly kind: 'lease'; readonly leaseId: string }
  /** The fence stands. */
  | { readonly kind: 'fence'; readonly fence: Fence };

/** Who made a change, as events tell it. */
export interface Author {
  /** Name of the caller's identity. */
  readonly actor: string;
  /** What the caller's process calls itself; empty if it does not say. */
  readonly origin: string;
  /** W3C trace context of the call; empty if it had none. */
  readonly traceparent: string;
}

/** What every change may carry. */
export interface Authored {
  /** Kept with the change in the log, and told with it. */
  readonly author?: Author | undefined;
}

/** A change that must be applied at most once. */
export interface Once {
  /** Unique to the change within its entry. */
  readonly requestId: string;
  /** Given back with the result when the change is repeated, as the one who made it first wrote it. */
  readonly note?: string;
}

/** A new entry. */
export interface Write extends EntryRef, Content, Authored {
  readonly ttlMs: number;
  readonly staleWindowMs: number;
  readonly guard: Guard;
  /** Keep the stored entry's fresh-until and gone times instead. Only with the guard `unchanged`. */
  readonly keepLifetime?: boolean;
  /** The entry's stamp. Absent: the change's own position, or with a lease guard the lease's stamp. */
  readonly stamp?: Position;
  readonly once?: Once;
}

/** A new lifetime for the stored entry. */
export interface Retime extends EntryRef, Authored {
  readonly ttlMs: number;
  readonly staleWindowMs: number;
  /** Keep the stored entry's lifetime: the change only voids leases and fences. */
  readonly keepLifetime?: boolean;
  readonly guard: Guard;
  readonly once?: Once;
}

/** The removal of an entry. A change also if there is none. */
export interface Removal extends EntryRef, Authored {
  readonly cause: 'deleted' | 'invalidated';
  readonly once?: Once;
}

/** A wide invalidation, or marking one key stale. */
export interface Invalidation extends Authored {
  readonly namespaceId: NamespaceId;
  readonly selector: Selector;
  readonly mode: InvalidationMode;
  readonly once?: Once;
}

/** A change was applied, now or at the first try. */
export interface Applied {
  readonly kind: 'applied';
  /** The change, in the key's partition (of the control partition for an invalidation). */
  readonly position: Position;
  /** The control position that the change depends on. */
  readonly stamp: Position;
  /** True if there was an entry before the change, gone ones not counted. */
  readonly existed: boolean;
  /** The entry after the change; for a repeated change as it was then. */
  readonly lifetime: Lifetime | undefined;
  /** Store time at which the change was applied, in milliseconds. */
  readonly nowMs: number;
  /** What the first try noted, where this is a repeat. */
  readonly note: string | undefined;
  /** True if an earlier try applied the change and this one changed nothing. */
  readonly repeated: boolean;
}

/** The guard did not hold: nothing was changed. */
export interface Guarded {
  readonly kind: 'guarded';
}

/** A fill lease as the store granted it. */
export interface GrantedLease {
  readonly kind: 'granted';
  readonly leaseId: string;
  readonly stamp: Position;
}

/** Somebody else holds the lease, or the store holds as many as it may. */
export interface HeldLease {
  readonly kind: 'held';
  /** Milliseconds until the holder's time is over. */
  readonly remainingMs: number;
}

/** Asks for a lease. */
export interface LeaseWish extends EntryRef {
  readonly holdMs: number;
  /** Control position at which the miss was judged: the stamp of whatever is filled with the lease. */
  readonly stamp: Position;
  /** A held lease stamped below this control number is void and may be taken over. */
  readonly voidBelow: number;
}

/** One change of the log, as it is told to whoever watches. */
export type Change = {
  readonly namespaceId: NamespaceId;
  readonly partition: Partition;
  readonly position: Position;
  readonly author: Author | undefined;
  /** Of the entry that a change of one key names: before the change and after it. Empty for a wide change. */
  readonly tags: readonly string[];
} & (
  | { readonly kind: 'set' | 'touch' | 'delete'; readonly key: string }
  | { readonly kind: 'invalidate'; readonly selector: Selector; readonly mode: InvalidationMode }
);

/** A page of entries. */
export interface Page {
  readonly entries: readonly StoredEntry[];
  /** Where the next page begins; `undefined` after the last. Entries present throughout are listed exactly once. */
  readonly next: number | undefined;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
}

/** What a namespace holds. */
export interface Usage {
  readonly entries: number;
  readonly weightBytes: number;
  readonly capacityBytes: number;
  /** Entries that left to make room, and by time, since the namespace was opened. */
  readonly evictions: number;
  readonly expirations: number;
}

/**
 * Holds the truth: entries, their partition's log of changes numbered without holes, watermarks and leases. It knows
 * nothing of gRPC, of namespaces' names or of conditions on what is visible: whoever calls judges that and writes under
 * `unchanged`. Every change is atomic. A store in memory answers at once, others with a promise.
 *
 * Operating errors: NAMESPACE_NOT_FOUND if the namespace is not open, VALUE_TOO_LARGE if an entry alone exceeds its
 * capacity, REQUEST_IDS_FULL.
 */
export interface Store {
  /** Makes a namespace usable, or changes its capacity; a smaller one evicts at once. */
  openNamespace(namespaceId: NamespaceId, capacityBytes: number): MaybePromise<void>;
  /** Forgets a namespace and all its entries, at once. */
  dropNamespace(namespaceId: NamespaceId): MaybePromise<void>;
  /** What the namespace's control partition says; the same object for as long as the namespace is open. */
  control(namespaceId: NamespaceId): MaybePromise<Control>;
  /** Reads one entry; counts as a use. */
  read(ref: EntryRef): MaybePromise<ReadResult>;
  /** Reads several entries; results in the order of the keys. */
  readMany(namespaceId: NamespaceId, keys: readonly string[]): MaybePromise<readonly ReadResult[]>;
  /** Finds the result of a change that may have been applied before; key '' for an invalidation. */
  recall(ref: EntryRef, requestId: string): MaybePromise<Applied | undefined>;
  /** Stores an entry. */
  write(write: Write): MaybePromise<Applied | Guarded>;
  /** Gives the stored entry a new lifetime, and its position as a revision; keeps content and stamp. */
  retime(retime: Retime): MaybePromise<Applied | Guarded>;
  /** Removes an entry and remembers the removal. */
  remove(removal: Removal): MaybePromise<Applied>;
  /** Raises a watermark. */
  invalidate(invalidation: Invalidation): MaybePromise<Applied>;
  /**
   * Makes permanent what the watermarks say of an entry, if it is still the one at `position`: a removed one leaves the
   * store, a stale one is stale from now on by its own lifetime and marked so. No change; afterwards the watermark may be
   * forgotten.
   */
  settle(ref: EntryRef, position: Position, verdict: Exclude<Visibility, 'visible'>): MaybePromise<boolean>;
  /** Grants the fill lease of a key, if nobody holds a valid one. */
  acquireLease(wish: LeaseWish): MaybePromise<GrantedLease | HeldLease>;
  /** Ends a lease before its time. Returns false if it was not held. */
  releaseLease(ref: EntryRef, leaseId: string): MaybePromise<boolean>;
  /** Lists a namespace's entries, in no order, from page `from` (0 at first). */
  list(namespaceId: NamespaceId, from: number, entriesMax: number): MaybePromise<Page>;
  /** What the namespace holds. */
  usage(namespaceId: NamespaceId): MaybePromise<Usage>;
  /** The newest change of every partition. A change that comes later is told to whoever watches by then. */
  heads(): MaybePromise<readonly Placed[]>;
  /**
   * Returns up to `changesMax` changes of a partition after a number of its epoch in force, oldest first, of all
   * namespaces; none if there is nothing newer; `undefined` if the log no longer reaches that far.
   */
  changesSince(partition: Partition, number: number, changesMax: number): MaybePromise<readonly Change[] | undefined>;
  /** Calls `listener` for every change from now on, in order within a partition. Returns how to stop. */
  watch(listener: (change: Change) => void): () => void;
  /** Releases what the store owns. */
  close(): MaybePromise<void>;
}
