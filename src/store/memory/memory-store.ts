import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { Random } from '../../base/random.ts';
import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Moment } from '../../cache/rules/moment.ts';
import { type Epoch, type Partition, type Position, samePosition } from '../../cache/rules/position.ts';
import type { Coverable } from '../../cache/rules/selector.ts';
import { tokenUnusable } from '../../cache/rules/token-unusable.ts';
import type { Control, Visibility } from '../../cache/rules/visibility.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import type { ProvenHead } from '../proven-head.ts';
import type { NodeReceipt, ReceiptWish, ToldUpTo } from '../receipt.ts';
import type {
  Applied,
  Change,
  EntryRef,
  Freshness,
  GrantedLease,
  Guarded,
  HeldLease,
  Invalidation,
  LastKnown,
  LeaseWish,
  NamespaceId,
  News,
  Page,
  ReadResult,
  Removal,
  Retime,
  Store,
  Usage,
  Write,
} from '../store.ts';
import { applyInvalidation, applyRemoval, applyRetime, applyWrite, type ChangePlace } from './apply-change.ts';
import { lifetimeOf, PARTITIONS, stampIn } from './change-facts.ts';
import { ChangeLog } from './change-log.ts';
import { makeEntry } from './make-entry.ts';
import { type MemoryLimits, MemoryNamespace } from './memory-namespace.ts';
import { ownReceipt } from './own-receipt.ts';
import { StoreTime } from './store-time.ts';

/** What a memory store is made of. */
export interface MemoryStoreParts {
  readonly clock: Clock;
  readonly random: Random;
  /** What receipts call the one node. Default: `solo`. */
  readonly nodeName?: string;
  /** Decides in each namespace who leaves when there is no room. */
  readonly makePolicy: PolicyFactory;
  /** Limits other than those of base/limits.ts, so that tests reach them. */
  readonly limits?: MemoryLimits;
}

/**
 * A store in memory: the truth of a server alone. Answers at once, so that every method is atomic. One partition holds
 * all namespaces; its history begins when the store is made, and ends with it.
 *
 * Time is the clock's but never goes back: when the clock is set back, time stands still until it has caught up, so that
 * no lifetime and no fence begins again.
 */
export class MemoryStore implements Store {
  readonly #clock: Clock;
  readonly #nodeName: string;
  #toldUpTo: ToldUpTo = () => undefined;
  readonly #time: StoreTime;
  readonly #makePolicy: PolicyFactory;
  readonly #limits: MemoryLimits;
  readonly #namespaces = new Map<NamespaceId, MemoryNamespace>();
  readonly #log: ChangeLog;
  /** Makes lease ids unique in the epoch. Not a number of the log: granting a lease is no change. */
  #leaseCounter = 0;
  /** Which namespace the next `expireDue` begins with. */
  #expiryTurn = 0;

  constructor({ clock, random, makePolicy, nodeName = 'solo', limits = {} }: MemoryStoreParts) {
    this.#clock = clock;
    this.#nodeName = nodeName;
    this.#time = new StoreTime(clock);
    this.#makePolicy = makePolicy;
    this.#limits = limits;
    this.#log = new ChangeLog(random.bytes(8).toString('hex') as Epoch, limits.requestIdsMax, limits.ring);
  }

  openNamespace(namespaceId: NamespaceId, capacityBytes: number): void {
    const nowMs = this.#time.nowMs();
    const open = this.#namespaces.get(namespaceId);
    if (open !== undefined) {
      open.segment.resize(capacityBytes, nowMs);
      return;
    }
    const parts = { capacityBytes, nowMs, makePolicy: this.#makePolicy, chain: this.#log.chain, limits: this.#limits };
    this.#namespaces.set(namespaceId, new MemoryNamespace(parts));
  }

  dropNamespace(namespaceId: NamespaceId): void {
    this.#opened(namespaceId);
    this.#namespaces.delete(namespaceId);
  }

  /** What an open namespace's control partition says; the same object for as long as the namespace is open. */
  control(namespaceId: NamespaceId): Control {
    return this.#opened(namespaceId).control;
  }

  partitionsOf(namespaceId: NamespaceId): readonly Partition[] {
    this.#opened(namespaceId);
    return PARTITIONS;
  }

  chain(_partition: Partition): EpochChain {
    return this.#log.chain;
  }

  read(ref: EntryRef, freshness: Freshness): ReadResult {
    const namespace = this.#opened(ref.namespaceId);
    this.#honour(freshness);
    return namespace.read(ref.key, this.#log.moment, this.#time.nowMs());
  }

  readMany(namespaceId: NamespaceId, keys: readonly string[], freshness: Freshness): readonly ReadResult[] {
    const namespace = this.#opened(namespaceId);
    this.#honour(freshness);
    const nowMs = this.#time.nowMs();
    return keys.map((key) => namespace.read(key, this.#log.moment, nowMs));
  }

  lastKnown(ref: EntryRef): LastKnown {
    const read = this.#opened(ref.namespaceId).read(ref.key, this.#log.moment, this.#time.nowMs());
    const held = read.entry !== undefined && read.visibility !== 'removed';
    return { read: held ? read : undefined, current: held, reachedAtMs: Number.POSITIVE_INFINITY };
  }

  judge(entry: EntryRef & Coverable, stamp: Position): Visibility {
    return this.#opened(entry.namespaceId).judge(entry, stamp);
  }

  recall(ref: EntryRef, requestId: string): Applied | undefined {
    this.#opened(ref.namespaceId);
    return this.#log.recall(ref, requestId, this.#time.nowMs());
  }

  write(write: Write): Applied | Guarded {
    return applyWrite(this.#placeIn(write.namespaceId), write);
  }

  retime(retime: Retime): Applied | Guarded {
    return applyRetime(this.#placeIn(retime.namespaceId), retime);
  }

  remove(removal: Removal): Applied {
    return applyRemoval(this.#placeIn(removal.namespaceId), removal);
  }

  invalidate(invalidation: Invalidation): Applied {
    return applyInvalidation(this.#placeIn(invalidation.namespaceId), invalidation);
  }

  settle(ref: EntryRef, position: Position, verdict: 'removed' | 'marked-stale'): boolean {
    const { segment } = this.#opened(ref.namespaceId);
    const nowMs = this.#time.nowMs();
    const entry = segment.find(ref.key, nowMs);
    if (entry === undefined || !samePosition(entry.position, position)) return false;
    if (verdict === 'removed') {
      segment.remove(ref.key, position.number, 'invalidated', nowMs);
    } else {
      const lifetime = { ...lifetimeOf(entry), freshUntilMs: Math.min(entry.freshUntilMs, nowMs) };
      segment.amend(makeEntry(ref.key, entry, entry, lifetime, true));
    }
    return true;
  }

  acquireLease(wish: LeaseWish): GrantedLease | HeldLease {
    const namespace = this.#opened(wish.namespaceId);
    const { key, holdMs, seen } = wish;
    const terms = { key, holdMs, stamp: stampIn(seen), voidBelow: namespace.leaseVoidBelow(key) };
    const mintId = (): string => `${this.#log.chain.epoch}.${++this.#leaseCounter}`;
    return namespace.leases.acquire(terms, this.#time.nowMs(), mintId);
  }

  releaseLease(ref: EntryRef, leaseId: string): boolean {
    return this.#opened(ref.namespaceId).leases.release(ref.key, leaseId, this.#time.nowMs());
  }

  list(namespaceId: NamespaceId, from: string, entriesMax: number): Page {
    return this.#opened(namespaceId).list(from, entriesMax, this.#time.nowMs());
  }

  usage(namespaceId: NamespaceId): Usage {
    return this.#opened(namespaceId).usage();
  }

  heads(): Moment {
    return this.#log.moment;
  }

  /** Always: nobody else changes anything. */
  provenHead(): ProvenHead {
    return { moment: this.#log.moment, ageMs: 0, nowMs: this.#time.nowMs() };
  }

  /** At once: there is nothing to catch up with, and only one epoch. */
  resumable(moment: Moment): Moment | undefined {
    return this.#log.faultIn(moment) === undefined ? moment : undefined;
  }

  changesSince(_partition: Partition, number: number, changesMax: number): readonly Change[] | undefined {
    return this.#log.since(number, changesMax);
  }

  watch(listener: (news: News) => void): () => void {
    return this.#log.watch(listener);
  }

  receipt(wish: ReceiptWish): Promise<readonly NodeReceipt[]> {
    return ownReceipt({ name: this.#nodeName, clock: this.#clock, toldUpTo: this.#toldUpTo }, wish);
  }

  learnStreams(toldUpTo: ToldUpTo): void {
    this.#toldUpTo = toldUpTo;
  }

  close(): void {
    this.#namespaces.clear();
  }

  /**
   * Drops what time has ended, touching at most `workMax` slots, and no namespace twice before the others. Returns how
   * many it touched: `workMax` means that more may be due. What has ended is absent without it; this frees the memory.
   */
  expireDue(workMax: number): number {
    const nowMs = this.#time.nowMs();
    const namespaces = [...this.#namespaces.values()];
    let work = this.#log.forgetOld(nowMs, workMax);
    for (let turn = 0; turn < namespaces.length && work < workMax; turn++) {
      const namespace = namespaces[this.#expiryTurn++ % namespaces.length]!;
      work += namespace.expireDue(nowMs, workMax - work);
    }
    return work;
  }

  /** Throws if any internal structure is broken. For tests: takes time linear in all that is stored. */
  validate(): void {
    this.#log.validate();
    for (const namespace of this.#namespaces.values()) namespace.validate();
  }

  #opened(namespaceId: NamespaceId): MemoryNamespace {
    const namespace = this.#namespaces.get(namespaceId);
    if (namespace === undefined) throw new OperatingError('NAMESPACE_NOT_FOUND', 'The namespace was deleted.');
    return namespace;
  }

  #placeIn(namespaceId: NamespaceId): ChangePlace {
    return { namespace: this.#opened(namespaceId), log: this.#log, nowMs: this.#time.nowMs() };
  }

  /** Makes sure that a read is as fresh as it must be: it is the newest there is, if that moment was ever. */
  #honour(freshness: Freshness): void {
    if (freshness.kind !== 'at-least') return;
    const fault = this.#log.faultIn(freshness.moment);
    if (fault !== undefined) throw tokenUnusable(fault);
  }
}
