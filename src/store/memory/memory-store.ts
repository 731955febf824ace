import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { Random } from '../../base/random.ts';
import { type Epoch, type Partition, type Position, samePosition } from '../../cache/rules/position.ts';
import type { Placed } from '../../cache/rules/token.ts';
import type { Control } from '../../cache/rules/visibility.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import type {
  Applied,
  Change,
  EntryRef,
  GrantedLease,
  Guard,
  Guarded,
  HeldLease,
  Invalidation,
  LeaseWish,
  NamespaceId,
  Page,
  ReadResult,
  Removal,
  Retime,
  Store,
  StoredEntry,
  Usage,
  Write,
} from '../store.ts';
import {
  appliedAt,
  isMarked,
  lifetimeOf,
  PARTITION,
  placeOf,
  removalFacts,
  retimedLifetime,
  union,
  writtenLifetime,
} from './change-facts.ts';
import { ChangeLog } from './change-log.ts';
import { guardHolds } from './guard.ts';
import { makeEntry } from './make-entry.ts';
import { type MemoryLimits, MemoryNamespace } from './memory-namespace.ts';
import { StoreTime } from './store-time.ts';
import { weightBytes } from './weight.ts';

const GUARDED: Guarded = { kind: 'guarded' };
const NO_TAGS: readonly string[] = [];

/** What a memory store is made of. */
export interface MemoryStoreParts {
  readonly clock: Clock;
  readonly random: Random;
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
  readonly #time: StoreTime;
  readonly #makePolicy: PolicyFactory;
  readonly #limits: MemoryLimits;
  readonly #namespaces = new Map<NamespaceId, MemoryNamespace>();
  readonly #log: ChangeLog;
  /** Makes lease ids unique in the epoch. Not a number of the log: granting a lease is no change. */
  #leaseCounter = 0;
  /** Which namespace the next `expireDue` begins with. */
  #expiryTurn = 0;

  constructor({ clock, random, makePolicy, limits = {} }: MemoryStoreParts) {
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

  control(namespaceId: NamespaceId): Control {
    return this.#opened(namespaceId).control;
  }

  read(ref: EntryRef): ReadResult {
    return this.#readOne(this.#opened(ref.namespaceId), ref.key, this.#time.nowMs());
  }

  readMany(namespaceId: NamespaceId, keys: readonly string[]): readonly ReadResult[] {
    const namespace = this.#opened(namespaceId);
    const nowMs = this.#time.nowMs();
    return keys.map((key) => this.#readOne(namespace, key, nowMs));
  }

  recall(ref: EntryRef, requestId: string): Applied | undefined {
    this.#opened(ref.namespaceId);
    return this.#log.recall(ref, requestId, this.#time.nowMs());
  }

  write(write: Write): Applied | Guarded {
    const namespace = this.#opened(write.namespaceId);
    const nowMs = this.#time.nowMs();
    const earlier = this.#log.earlier(write, write.once, nowMs);
    if (earlier !== undefined) return earlier;
    const weight = fittingWeightBytes(write, namespace.segment.capacityBytes);
    const before = namespace.segment.find(write.key, nowMs);
    if (!this.#guardHolds(write, namespace, before, nowMs)) return GUARDED;

    const leaseStamp = write.guard.kind === 'lease' ? namespace.leases.held(write.key, nowMs)?.stamp : undefined;
    const position = this.#log.next();
    const stamp = write.stamp ?? leaseStamp ?? position;
    const lifetime = writtenLifetime(write, before, nowMs);
    const entry = makeEntry(write.key, write, { position, stamp }, lifetime);
    namespace.segment.put(entry, weight, nowMs);
    namespace.leases.end(write.key);
    const applied = appliedAt({ position, stamp, existed: before !== undefined, lifetime, nowMs });
    return this.#log.record(write, write.once, applied, {
      ...placeOf(write, position, union(entry.tags, before?.tags ?? NO_TAGS)),
      kind: 'set',
      key: write.key,
    });
  }

  retime(retime: Retime): Applied | Guarded {
    const namespace = this.#opened(retime.namespaceId);
    const nowMs = this.#time.nowMs();
    const earlier = this.#log.earlier(retime, retime.once, nowMs);
    if (earlier !== undefined) return earlier;
    const before = namespace.segment.find(retime.key, nowMs);
    if (!this.#guardHolds(retime, namespace, before, nowMs)) return GUARDED;

    const position = this.#log.next();
    const stamp = before?.stamp ?? position;
    const lifetime = before && retimedLifetime(retime, before, nowMs);
    if (lifetime === undefined) namespace.touchAbsent(retime.key, position.number, nowMs);
    else
      namespace.segment.amend(makeEntry(retime.key, before!, { position, stamp }, lifetime, isMarked(retime, before!)));
    namespace.segment.use(retime.key, nowMs);
    namespace.leases.end(retime.key);
    const applied = appliedAt({ position, stamp, existed: before !== undefined, lifetime, nowMs });
    return this.#log.record(retime, retime.once, applied, {
      ...placeOf(retime, position, before?.tags ?? NO_TAGS),
      kind: 'touch',
      key: retime.key,
    });
  }

  remove(removal: Removal): Applied {
    const namespace = this.#opened(removal.namespaceId);
    const nowMs = this.#time.nowMs();
    const earlier = this.#log.earlier(removal, removal.once, nowMs);
    if (earlier !== undefined) return earlier;

    const before = namespace.segment.find(removal.key, nowMs);
    const position = this.#log.next();
    namespace.segment.remove(removal.key, position.number, removal.cause, nowMs);
    namespace.leases.end(removal.key);
    const existed = before !== undefined;
    const applied = appliedAt({ position, stamp: position, existed, lifetime: undefined, nowMs });
    return this.#log.record(removal, removal.once, applied, {
      ...placeOf(removal, position, before?.tags ?? NO_TAGS),
      ...removalFacts(removal),
    });
  }

  invalidate(invalidation: Invalidation): Applied {
    const { namespaceId, selector, mode, once } = invalidation;
    const namespace = this.#opened(namespaceId);
    const nowMs = this.#time.nowMs();
    const ref = { namespaceId, key: '' };
    const earlier = this.#log.earlier(ref, once, nowMs);
    if (earlier !== undefined) return earlier;

    const position = this.#log.next();
    namespace.control.watermarks.raise(selector, mode, position.number, nowMs);
    const applied = appliedAt({ position, stamp: position, existed: false, lifetime: undefined, nowMs });
    const tags = selector.kind === 'key' ? namespace.segment.find(selector.key, nowMs)?.tags : undefined;
    const place = placeOf(invalidation, position, tags ?? NO_TAGS);
    return this.#log.record(ref, once, applied, { ...place, kind: 'invalidate', selector, mode });
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
    const { leases } = this.#opened(wish.namespaceId);
    return leases.acquire(wish, this.#time.nowMs(), () => `${this.#log.chain.epoch}.${++this.#leaseCounter}`);
  }

  releaseLease(ref: EntryRef, leaseId: string): boolean {
    return this.#opened(ref.namespaceId).leases.release(ref.key, leaseId, this.#time.nowMs());
  }

  list(namespaceId: NamespaceId, from: number, entriesMax: number): Page {
    return this.#opened(namespaceId).segment.list(from, entriesMax, this.#time.nowMs());
  }

  usage(namespaceId: NamespaceId): Usage {
    return this.#opened(namespaceId).segment.usage();
  }

  heads(): readonly Placed[] {
    return [{ partition: PARTITION, position: this.#log.head }];
  }

  changesSince(_partition: Partition, number: number, changesMax: number): readonly Change[] | undefined {
    return this.#log.since(number, changesMax);
  }

  watch(listener: (change: Change) => void): () => void {
    return this.#log.watch(listener);
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

  #readOne(namespace: MemoryNamespace, key: string, nowMs: number): ReadResult {
    const entry = namespace.segment.use(key, nowMs);
    const absence = entry === undefined ? namespace.tombstones.causeOf(key, nowMs) : 'unknown';
    return { entry, absence, head: this.#log.head, nowMs };
  }

  #guardHolds(
    change: EntryRef & { readonly guard: Guard },
    namespace: MemoryNamespace,
    entry: StoredEntry | undefined,
    nowMs: number,
  ): boolean {
    if (change.guard.kind === 'none') return true;
    const { leases, tombstones } = namespace;
    return guardHolds(change.guard, { key: change.key, entry, leases, tombstones, chain: this.#log.chain, nowMs });
  }
}

function fittingWeightBytes(write: Write, capacityBytes: number): number {
  const weight = weightBytes(write.key, write);
  if (weight <= capacityBytes) return weight;
  const valueBytes = write.value?.byteLength ?? 0;
  const valueBytesMax = Math.max(0, capacityBytes - (weight - valueBytes));
  const metadata = { valueBytes, valueBytesMax };
  throw new OperatingError('VALUE_TOO_LARGE', 'the entry alone exceeds the capacity of its namespace', { metadata });
}
