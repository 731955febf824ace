import type { MaybePromise } from '../base/maybe-promise.ts';
import type { EpochChain } from '../cache/rules/epoch-chain.ts';
import type { Lifetime } from '../cache/rules/lifetime.ts';
import type { Moment } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { Coverable, InvalidationMode, Selector } from '../cache/rules/selector.ts';
import type { Visibility } from '../cache/rules/visibility.ts';
import type { Authored, Change, News } from './change.ts';
import type { LastKnown } from './last-known.ts';
import type { HeadStore } from './proven-head.ts';
import type { ReceiptStore } from './receipt.ts';

export type { Author, Authored, Change, News } from './change.ts';
export type { LastKnown } from './last-known.ts';

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

/** How fresh a read must be. */
export type Freshness =
  /** As fresh as every read: the store's own bound on what it may lag behind. */
  | { readonly kind: 'any' }
  /** Not older than any of these positions. */
  | {
      readonly kind: 'at-least';
      /** May name several positions of one partition: all hold. */
      readonly moment: Moment;
    }
  /** What the store itself holds now, past every tier in front of it. */
  | { readonly kind: 'latest' };

/** What a read finds. */
export interface ReadResult {
  /** The entry if it is stored and not gone. */
  readonly entry: StoredEntry | undefined;
  /** What the watermarks leave of the entry; `visible` where there is none. */
  readonly visibility: Visibility;
  /** How the key's last entry left, where there is none. */
  readonly absence: RemovalCause;
  /**
   * What the answer had seen: heads of the key's partition and of the control partition (once if they are one), read no
   * later than the entry.
   */
  readonly moment: Moment;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
}

/** When a miss was judged: what a fenced Set refers to. */
export interface FenceMoment {
  /** Of the read that missed. */
  readonly moment: Moment;
  /** Store time at which the fence was given, in milliseconds. */
  readonly givenAtMs: number;
}

/** What must hold in the store for a change to be applied. */
export type Guard =
  | { readonly kind: 'none' }
  /** The stored entry is the one at this position, or there is none. */
  | { readonly kind: 'unchanged'; readonly position: Position | undefined }
  /** The lease is held. */
  | { readonly kind: 'lease'; readonly leaseId: string }
  /** The fence stands. */
  | { readonly kind: 'fence'; readonly fence: FenceMoment };

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
  /**
   * The moment of the read that the value's computation began with: its control position is the entry's stamp. Absent:
   * the lease's or the fence's own under such a guard, else that of the change itself.
   */
  readonly seen?: Moment;
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
  /** Where the change happened, and what it depends on in the control partition if that is another one. */
  readonly moment: Moment;
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

/**
 * The key changed since the miss was judged: what the caller lacks may be there. A store that answers at once never says
 * so, since nothing comes between the read and the wish.
 */
export interface OvertakenLease {
  readonly kind: 'overtaken';
}

/** Asks for a lease. */
export interface LeaseWish extends EntryRef {
  readonly holdMs: number;
  /** Of the read that missed. Its control position is the stamp of whatever is filled with the lease. */
  readonly seen: Moment;
}

/** An entry in a list, and what the watermarks leave of it. */
export interface ListedEntry {
  readonly entry: StoredEntry;
  readonly visibility: Visibility;
}

/** A page of entries. */
export interface Page {
  readonly entries: readonly ListedEntry[];
  /** Where the next page begins; `undefined` after the last. Entries present throughout are listed exactly once. */
  readonly next: string | undefined;
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
  /** Selectors with a watermark, and how often their table was full and folded. */
  readonly watermarks: number;
  readonly watermarkFolds: number;
}

/**
 * Holds the truth: entries, their partition's log of changes numbered without holes, watermarks and leases. It knows
 * nothing of gRPC, of namespaces' names or of conditions on what is visible: whoever calls judges that and writes under
 * `unchanged`. Every change is atomic. A store in memory answers at once, others with a promise.
 *
 * Operating errors: NAMESPACE_NOT_FOUND if the namespace is not open, VALUE_TOO_LARGE if an entry alone exceeds its
 * capacity, REQUEST_IDS_FULL, TOKEN_UNUSABLE where a moment is given that is no part of the history; over a network
 * STORE_UNAVAILABLE, and OUTCOME_UNKNOWN for a change that may have been applied.
 */
export interface Store extends ReceiptStore, HeadStore {
  /** Makes a namespace usable, or changes its capacity; a smaller one evicts at once. */
  openNamespace(namespaceId: NamespaceId, capacityBytes: number): MaybePromise<void>;
  /** Forgets a namespace and all its entries, at once. */
  dropNamespace(namespaceId: NamespaceId): MaybePromise<void>;
  /** The partitions of an open namespace, its control partition first. */
  partitionsOf(namespaceId: NamespaceId): readonly Partition[];
  /** What is known of a partition's history. */
  chain(partition: Partition): EpochChain;
  /** Reads one entry; counts as a use. */
  read(ref: EntryRef, freshness: Freshness): MaybePromise<ReadResult>;
  /** Reads several entries; results in the order of the keys. */
  readMany(
    namespaceId: NamespaceId,
    keys: readonly string[],
    freshness: Freshness,
  ): MaybePromise<readonly ReadResult[]>;
  /** Tells at once what is known of an entry without asking: for when STORE_UNAVAILABLE was the answer. Counts as a use. */
  lastKnown(ref: EntryRef): LastKnown;
  /** Tells what the watermarks leave of an entry with this stamp: as they are now, past every tier in front of them. */
  judge(entry: EntryRef & Coverable, stamp: Position): MaybePromise<Visibility>;
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
  /** Grants the fill lease of a key, unless somebody holds one that no watermark over the key has made void. */
  acquireLease(wish: LeaseWish): MaybePromise<GrantedLease | HeldLease | OvertakenLease>;
  /** Ends a lease before its time. Returns false if it was not held. */
  releaseLease(ref: EntryRef, leaseId: string): MaybePromise<boolean>;
  /** Lists a namespace's entries, in no order, from page `from` (empty at first). */
  list(namespaceId: NamespaceId, from: string, entriesMax: number): MaybePromise<Page>;
  /** What the namespace holds. */
  usage(namespaceId: NamespaceId): MaybePromise<Usage>;
  /** The newest change of every partition in use. A change that comes later is told to whoever watches by then. */
  heads(): MaybePromise<Moment>;
  /**
   * Returns the moment in the epochs in force, once the store can tell what follows it: it may have to catch up.
   * `undefined` if the moment names what was lost, or never was.
   */
  resumable(moment: Moment, signal: AbortSignal): MaybePromise<Moment | undefined>;
  /**
   * Returns up to `changesMax` changes of a partition after a number of its epoch in force, oldest first, of all
   * namespaces; none if there is nothing newer; `undefined` if the log no longer reaches that far.
   */
  changesSince(partition: Partition, number: number, changesMax: number): MaybePromise<readonly Change[] | undefined>;
  /** Calls `listener` with all news from now on, in order within a partition. Returns how to stop. */
  watch(listener: (news: News) => void): () => void;
  /** Releases what the store owns. */
  close(): MaybePromise<void>;
}
