import type { EpochChain } from '../cache/rules/epoch-chain.ts';
import type { Fence } from '../cache/rules/fence.ts';
import type { Lifetime } from '../cache/rules/lifetime.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { NodeReport } from '../cache/rules/receipt.ts';
import type { Coverable } from '../cache/rules/selector.ts';
import type { Visibility } from '../cache/rules/visibility.ts';
import type { Watermark, WatermarkRow } from '../cache/rules/watermark-table.ts';
import type {
  Change,
  EntryRef,
  Guarded,
  Invalidation,
  NamespaceId,
  Once,
  Removal,
  RemovalCause,
  Retime,
  StoredEntry,
  Write,
} from './store.ts';

/** What every answer tells of its partition, at one moment. */
export interface Told {
  readonly chain: EpochChain;
  /** Number of the newest change. */
  readonly head: number;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
  /** Which server answered: another one after a promotion, and after a restart. */
  readonly server: string;
}

/** What a partition holds of a key. */
export interface Found {
  /** The entry, unless it is gone. */
  readonly entry: StoredEntry | undefined;
  readonly absence: RemovalCause;
}

/** What a partition holds of keys, at one moment. */
export interface ToldKeys extends Told {
  /** In the order of the keys. */
  readonly found: readonly Found[];
  /** Number of the namespace's newest watermark on this partition; 0 if it has none here. Only of what is below can any cover. */
  readonly newestWatermark: number;
}

/** What must hold in a partition for a change to be applied. */
export type PartitionGuard =
  | { readonly kind: 'none' }
  | { readonly kind: 'unchanged'; readonly position: Position | undefined }
  | { readonly kind: 'lease'; readonly leaseId: string }
  | { readonly kind: 'fence'; readonly fence: Fence };

/** A new entry. */
export interface PartitionWrite extends Omit<Write, 'guard' | 'seen'> {
  readonly guard: PartitionGuard;
  /** Absent: the lease's under such a guard, else the change's own position. */
  readonly stamp: Position | undefined;
}

/** A new lifetime. */
export interface PartitionRetime extends Omit<Retime, 'guard'> {
  readonly guard: PartitionGuard;
}

/** A wide invalidation, or marking one key stale. */
export interface PartitionInvalidation extends Invalidation {
  /** Of the entry that the mark names, where another partition holds it: told with the change. */
  readonly tags?: readonly string[];
}

/** A change was applied, now or at the first try. */
export interface PartitionApplied extends Told {
  readonly kind: 'applied';
  readonly position: Position;
  readonly stamp: Position;
  readonly existed: boolean;
  readonly lifetime: Lifetime | undefined;
  /** Store time at which it was applied; `nowMs` is that of the answer. */
  readonly appliedAtMs: number;
  readonly note: string | undefined;
  readonly repeated: boolean;
}

/** Asks for a lease. */
export interface PartitionLeaseWish extends EntryRef {
  readonly holdMs: number;
  /** Position of this partition at which the miss was judged. */
  readonly seen: Position;
  /** Control position at which it was judged. */
  readonly stamp: Position;
  /**
   * The highest watermark that covers the key, if another partition holds the watermarks. Absent: this one does, and
   * looks itself.
   */
  readonly voidBelow: Position | undefined;
}

/** Answer to who asks for a lease. */
export type LeaseAnswer =
  | { readonly kind: 'granted'; readonly leaseId: string; readonly stamp: Position }
  | { readonly kind: 'held'; readonly remainingMs: number }
  /** The key changed since the miss was judged, as far as can be told. */
  | { readonly kind: 'overtaken' };

/** What a heartbeat asks. */
export interface Beat {
  /** The page begins after this number; `undefined` for no page. */
  readonly after: number | undefined;
  readonly changesMax: number;
  /** Who asks, so that others know that this node is there and how far it has come. */
  readonly node: Registration;
}

/** How a node registers with a partition. */
export interface Registration {
  /** Random: two nodes may have been given one name. At most 64 bytes. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds after the send of a heartbeat for which it may answer without asking anybody. */
  readonly trustedMs: number;
  /** What it has applied, when the heartbeat is sent. */
  readonly applied: Position | undefined;
  /** Up to where its subscribers were told. */
  readonly streamed: Position | undefined;
}

/** A node as a partition knows it. */
export interface RegisteredNode extends NodeReport {
  readonly id: string;
  readonly name: string;
}

/** The nodes that a partition knows, at one moment. */
export interface ToldNodes extends Told {
  readonly nodes: readonly RegisteredNode[];
  /** Milliseconds since the first of them registered in the epoch in force; see `mayLackNodes`. */
  readonly listAgeMs: number;
}

/** Answer to a heartbeat. */
export interface BeatAnswer extends Told {
  /** False if Sentinel or the cluster names another primary, or the server knows that it is none. */
  readonly inForce: boolean;
  /**
   * Milliseconds that have passed since Sentinel or the cluster was asked when it named the server: it may have been
   * deposed since. 0 where nobody can be asked, or the server is not in force.
   */
  readonly namedAgeMs: number;
  /** Changes after what was asked for, in the epoch in force, the oldest first. */
  readonly changes: readonly Change[];
}

/** A page of entries, in the order of their keys' bytes. */
export interface PartitionPage extends ToldKeys {
  /** The last key that was looked at; `undefined` after the last. */
  readonly next: string | undefined;
}

/** A doorbell: changes as they happen. It may lose some, and bring them late, twice or from a deposed primary. */
export interface Bell {
  /** Called with every change that rings. */
  readonly onChange: (change: Change) => void;
  /** Called when a lease was given back before its time: whoever waits may ask for it. */
  readonly onReleased: (ref: EntryRef) => void;
  /** Called when somebody wants to know how far this node has come: its next heartbeat says it. */
  readonly onAsked: () => void;
  /** Called when changes may have been missed: the connection was lost and is there again. */
  readonly onGap: (partition: Partition) => void;
}

/**
 * Holds partitions for many nodes: one primary each, which may be deposed, lose its newest changes and come back. Knows
 * the rules that one partition can decide by itself; what a node may believe of its answers, and serve, is decided above.
 *
 * Every change begins with the lineage check (`rules/lineage.ts`): a new epoch begins with the first script that finds
 * another replication id. Every change is atomic: check, number, log, mutation. Changes of several partitions are not.
 *
 * Operating errors of every method: STORE_UNAVAILABLE if nothing was done; OUTCOME_UNKNOWN for a change that may have
 * been done; REQUEST_IDS_FULL. The cause of one is a `NoAnswer` where nobody answered. A change that was not sent in time
 * is never applied later.
 */
export interface PartitionStore {
  /** How many partitions there are: the same for every node, for ever. */
  readonly partitions: number;
  /** Partitions of a namespace that says nothing else. */
  readonly spread: number;
  /** Reads keys of one partition at one moment. */
  read(partition: Partition, namespaceId: NamespaceId, keys: readonly string[]): Promise<ToldKeys>;
  /** Reads the watermarks that cover entries; for none just the head. */
  covering(
    partition: Partition,
    namespaceId: NamespaceId,
    entries: readonly Coverable[],
  ): Promise<Told & { readonly covering: readonly Watermark[] }>;
  /** Finds the result of a change that may have been applied before. */
  recall(partition: Partition, ref: EntryRef, requestId: Once['requestId']): Promise<PartitionApplied | undefined>;
  /** Stores an entry. */
  write(partition: Partition, write: PartitionWrite): Promise<PartitionApplied | Guarded>;
  /** Gives the stored entry a new lifetime. */
  retime(partition: Partition, retime: PartitionRetime): Promise<PartitionApplied | Guarded>;
  /** Removes an entry. */
  remove(partition: Partition, removal: Removal): Promise<PartitionApplied>;
  /** Raises a watermark. */
  invalidate(partition: Partition, invalidation: PartitionInvalidation): Promise<PartitionApplied>;
  /** Makes permanent what watermarks say of an entry, if it is still the one at `position`. No change. */
  settle(
    partition: Partition,
    ref: EntryRef,
    position: Position,
    verdict: Exclude<Visibility, 'visible'>,
  ): Promise<boolean>;
  /** Grants a lease. */
  acquireLease(partition: Partition, wish: PartitionLeaseWish): Promise<LeaseAnswer>;
  /** Ends a lease before its time. Returns false if it was not held. */
  releaseLease(partition: Partition, ref: EntryRef, leaseId: string): Promise<boolean>;
  /** Lists entries after a key, empty at first. */
  list(partition: Partition, namespaceId: NamespaceId, after: string, entriesMax: number): Promise<PartitionPage>;
  /** Counts entries; gone ones may be among them. */
  count(partition: Partition, namespaceId: NamespaceId): Promise<number>;
  /** Forgets a namespace. */
  drop(partition: Partition, namespaceId: NamespaceId): Promise<void>;
  /** Asks for the head, a page of the log, and whether the primary is in force. On a connection of its own. */
  beat(partition: Partition, beat: Beat): Promise<BeatAnswer>;
  /**
   * Lists the nodes that registered by heartbeats, also those that have been silent for a while. What they registered with
   * another server counts as if it had been when this one's epoch began: its clock says nothing here.
   */
  nodes(partition: Partition): Promise<ToldNodes>;
  /** Rings so that every node sends a heartbeat. */
  askNodes(partition: Partition): Promise<void>;
  /** Takes a node off the list: it has closed. After its last heartbeat, on the same connection. */
  leave(partition: Partition, id: string): Promise<void>;
  /** Reads the log after a number of the epoch in force. */
  changesSince(
    partition: Partition,
    number: number,
    changesMax: number,
  ): Promise<Told & { readonly changes: readonly Change[] }>;
  /** Reads the watermark table of a namespace. */
  table(partition: Partition, namespaceId: NamespaceId): Promise<Told & { readonly rows: readonly WatermarkRow[] }>;
  /** Rings for every change of a partition from now on, as well as it can; instead of an earlier bell, if there is one. */
  listen(partition: Partition, bell: Bell): Promise<void>;
  /** Closes all connections. */
  close(): Promise<void>;
}
