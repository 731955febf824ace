import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Moment } from '../../cache/rules/moment.ts';
import { positionIn } from '../../cache/rules/moment.ts';
import type { Epoch, Partition, Position } from '../../cache/rules/position.ts';
import type { Coverable } from '../../cache/rules/selector.ts';
import type { Visibility } from '../../cache/rules/visibility.ts';
import { Watchers } from '../memory/watchers.ts';
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
  OvertakenLease,
  Page,
  ReadResult,
  Removal,
  Retime,
  Store,
  Usage,
  Write,
} from '../store.ts';
import type { StoreAvailability } from '../store-availability.ts';
import type { WithholdingMemory } from '../withholding-memory.ts';
import type { AuditCounts } from './audit-counts.ts';
import type { Auditor } from './auditor.ts';
import { Availability } from './availability.ts';
import { ControlReader } from './control-reader.ts';
import { Follower } from './follower.ts';
import { GuardedPartitions } from './guarded-partitions.ts';
import { lastKnown } from './last-known.ts';
import { listEntries } from './listing.ts';
import { namespaceUsage } from './namespace-usage.ts';
import { Namespaces } from './namespaces.ts';
import { nodeSelf } from './node-self.ts';
import { openAuditor } from './open-auditor.ts';
import { type PartitionState, partitionState } from './partition-state.ts';
import { Placement } from './placement.ts';
import { proofAgeMsMax } from './proven.ts';
import { type ReadCounts, Reader } from './reader.ts';
import { Receipts } from './receipts.ts';
import { Reissues } from './reissues.ts';
import type { TieredStoreParts } from './tiered-store-parts.ts';
import { withholdingMemory } from './withholding.ts';
import { appliedIn, Writer } from './writer.ts';

export type { TieredStoreParts } from './tiered-store-parts.ts';

/** What a node did, for metrics. */
export interface TieredCounts extends ReadCounts {
  /** Invalidations made again because a failover had lost them. */
  readonly reissued: number;
}

const UNKNOWN: EpochChain = { epoch: '' as Epoch, ancestors: [] };

/**
 * The store of a fleet node: partitions that many nodes share, with memory in front. What is in memory is served only
 * while a heartbeat proves that nothing newer was missed; everything else is asked for. The rules are those of
 * `src/cache/rules`, and docs/coherence-rules.md tells why each is there.
 */
export class TieredStore implements Store {
  readonly #parts: TieredStoreParts;
  readonly #watchers = new Watchers();
  readonly #namespaces: Namespaces;
  readonly #follower: Follower;
  readonly #placement: Placement;
  readonly #controls: ControlReader;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #reissues: Reissues;
  readonly #receipts: Receipts;
  #toldUpTo: ToldUpTo = () => undefined;
  readonly #availability: Availability;
  readonly #auditor: Auditor | undefined;

  constructor(parts: TieredStoreParts) {
    const { clock, hash, makePolicy, maxLagMs, heartbeatMs, onFailure } = parts;
    const ages = { maxLagMs, proofAgeMsMax: proofAgeMsMax(maxLagMs, heartbeatMs) };
    this.#availability = new Availability({ ...parts, namedAgeMsMax: ages.proofAgeMsMax });
    const partitions = new GuardedPartitions(parts.partitions, this.#availability, clock);
    this.#parts = { ...parts, partitions };
    this.#placement = new Placement(partitions.partitions, partitions.spread, hash);
    this.#reissues = new Reissues(partitions, clock, onFailure);
    this.#follower = new Follower({
      partitions,
      clock,
      heartbeatMs,
      self: nodeSelf(parts, ages.proofAgeMsMax, (partition) => this.#toldUpTo(partition)),
      homes: () => this.#namespaces.all(),
      homeOf: (namespaceId) => this.#namespaces.find(namespaceId),
      tell: (news) => {
        this.#reader.hear(news);
        this.#watchers.tell(news);
      },
      reissues: this.#reissues,
      onFailure,
    });
    const viewOf = (partition: Partition) => this.#follower.view(partition);
    this.#namespaces = new Namespaces({ clock, placement: this.#placement, makePolicy, viewOf });
    this.#controls = new ControlReader({ partitions, clock, ...ages });
    this.#reader = new Reader({ partitions, clock, controls: this.#controls, ...ages });
    this.#receipts = new Receipts({ partitions, clock, viewOf, proofAgeMsMax: ages.proofAgeMsMax });
    const monotonicMs = (): number => clock.monotonicMs();
    const [controls, reader, reissues] = [this.#controls, this.#reader, this.#reissues];
    this.#writer = new Writer({ partitions, controls, reader, reissues, monotonicMs });
    const [namespaces, follower, watchers] = [this.#namespaces, this.#follower, this.#watchers];
    this.#auditor = openAuditor({ ...this.#parts, ...ages, controls, reader, namespaces, follower, watchers });
  }

  /** How the partitions stand that this node follows. */
  partitionStates(): readonly PartitionState[] {
    const { clock, maxLagMs } = this.#parts;
    return this.#follower.views().map((view) => partitionState(view, clock, maxLagMs));
  }

  /** What the auditor found; `undefined` if there is none. */
  get audit(): AuditCounts | undefined {
    return this.#auditor?.counts;
  }

  /** Whether what nodes share can be used. */
  get availability(): StoreAvailability {
    return this.#availability;
  }

  /** Its memory, for deferred invalidations. */
  get memory(): WithholdingMemory {
    return withholdingMemory(this.#namespaces, this.#parts.clock);
  }

  /** What this node did so far. */
  get counts(): TieredCounts {
    return { ...this.#reader.counts, reissued: this.#reissues.count };
  }

  async openNamespace(namespaceId: NamespaceId, capacityBytes: number): Promise<void> {
    await this.#follower.follow(this.#placement.partitionsOf(namespaceId));
    await this.#follower.takeTable(this.#namespaces.open(namespaceId, capacityBytes));
  }

  async dropNamespace(namespaceId: NamespaceId): Promise<void> {
    const { views } = this.#namespaces.get(namespaceId);
    this.#namespaces.close(namespaceId);
    await Promise.all(views.map(({ partition }) => this.#parts.partitions.drop(partition, namespaceId)));
  }

  partitionsOf(namespaceId: NamespaceId): readonly Partition[] {
    return this.#namespaces.get(namespaceId).views.map(({ partition }) => partition);
  }

  chain(partition: Partition): EpochChain {
    return this.#follower.view(partition).chain ?? UNKNOWN;
  }

  read(ref: EntryRef, freshness: Freshness): ReadResult | Promise<ReadResult> {
    return this.#reader.read(this.#namespaces.get(ref.namespaceId), ref.key, freshness);
  }

  async readMany(
    namespaceId: NamespaceId,
    keys: readonly string[],
    freshness: Freshness,
  ): Promise<readonly ReadResult[]> {
    return this.#reader.readMany(this.#namespaces.get(namespaceId), keys, freshness);
  }

  lastKnown({ namespaceId, key }: EntryRef): LastKnown {
    const { clock, maxLagMs } = this.#parts;
    return lastKnown(this.#namespaces.get(namespaceId), key, { monotonicMs: clock.monotonicMs(), maxLagMs });
  }

  async judge({ namespaceId, key, tags }: EntryRef & Coverable, stamp: Position): Promise<Visibility> {
    const home = this.#namespaces.get(namespaceId);
    return this.#controls.judgeNow(home, { key, tags, stamp });
  }

  async recall(ref: EntryRef, requestId: string): Promise<Applied | undefined> {
    const home = this.#namespaces.get(ref.namespaceId);
    const view = ref.key === '' ? home.control : home.viewOf(ref.key);
    const applied = await this.#parts.partitions.recall(view.partition, ref, requestId);
    return applied && appliedIn(view, home.control, applied);
  }

  async write(write: Write): Promise<Applied | Guarded> {
    return this.#writer.write(this.#namespaces.get(write.namespaceId), write);
  }

  async retime(retime: Retime): Promise<Applied | Guarded> {
    return this.#writer.retime(this.#namespaces.get(retime.namespaceId), retime);
  }

  async remove(removal: Removal): Promise<Applied> {
    return this.#writer.remove(this.#namespaces.get(removal.namespaceId), removal);
  }

  async invalidate(invalidation: Invalidation): Promise<Applied> {
    return this.#writer.invalidate(this.#namespaces.get(invalidation.namespaceId), invalidation);
  }

  async settle(ref: EntryRef, position: Position, verdict: Exclude<Visibility, 'visible'>): Promise<boolean> {
    const { partition } = this.#namespaces.get(ref.namespaceId).viewOf(ref.key);
    return this.#parts.partitions.settle(partition, ref, position, verdict);
  }

  async acquireLease(wish: LeaseWish): Promise<GrantedLease | HeldLease | OvertakenLease> {
    const home = this.#namespaces.get(wish.namespaceId);
    const view = home.viewOf(wish.key);
    const seen = positionIn(wish.seen, view.partition);
    const stamp = positionIn(wish.seen, home.control.partition);
    if (seen === undefined || stamp === undefined) throw new Error('a lease needs the moment of the read that missed');
    const voidBelow = view === home.control ? undefined : await this.#controls.voidBelow(home, wish.key);
    return this.#parts.partitions.acquireLease(view.partition, { ...wish, seen, stamp, voidBelow });
  }

  async releaseLease(ref: EntryRef, leaseId: string): Promise<boolean> {
    const { partition } = this.#namespaces.get(ref.namespaceId).viewOf(ref.key);
    return this.#parts.partitions.releaseLease(partition, ref, leaseId);
  }

  async list(namespaceId: NamespaceId, from: string, entriesMax: number): Promise<Page> {
    const home = this.#namespaces.get(namespaceId);
    return listEntries(this.#parts.partitions, this.#controls, home, from, entriesMax);
  }

  async usage(namespaceId: NamespaceId): Promise<Usage> {
    return namespaceUsage(this.#parts.partitions, this.#namespaces.get(namespaceId));
  }

  heads(): Moment {
    return this.#follower.heads();
  }

  provenHead(namespaceId: NamespaceId): ProvenHead | undefined {
    const monotonicMs = this.#parts.clock.monotonicMs();
    const { views, control } = this.#namespaces.get(namespaceId);
    const ageMs = Math.max(...views.map(({ provenAtMs = Number.NEGATIVE_INFINITY }) => monotonicMs - provenAtMs));
    if (ageMs > this.#parts.maxLagMs) return undefined;
    return { moment: views.flatMap(({ moment }) => moment), ageMs, nowMs: control.nowMs(monotonicMs) };
  }

  resumable(moment: Moment, signal: AbortSignal): Promise<Moment | undefined> {
    return this.#follower.resumable(moment, signal);
  }

  async changesSince(partition: Partition, number: number, changesMax: number): Promise<readonly Change[] | undefined> {
    return this.#follower.changesSince(partition, number, changesMax);
  }

  watch(listener: (news: News) => void): () => void {
    return this.#watchers.watch(listener);
  }

  receipt(wish: ReceiptWish): Promise<readonly NodeReceipt[]> {
    return this.#receipts.receipt(wish);
  }

  learnStreams(toldUpTo: ToldUpTo): void {
    this.#toldUpTo = toldUpTo;
  }

  async close(): Promise<void> {
    this.#auditor?.close();
    this.#follower.close();
    await this.#follower.leave();
    this.#availability.end();
    await this.#parts.partitions.close();
  }

  /** Drops from memory what time has ended, touching at most `workMax` entries. Returns how many it touched. */
  expireDue(workMax: number): number {
    const monotonicMs = this.#parts.clock.monotonicMs();
    let work = 0;
    for (const { control, tier } of this.#namespaces.all()) {
      if (work < workMax) work += tier.expireDue(control.nowMs(monotonicMs), workMax - work);
    }
    return work;
  }

  /** Resolves when the tails have applied everything that the primaries had at the time of the call. For tests. */
  caughtUp(): Promise<void> {
    return this.#follower.caughtUp();
  }

  /** Throws if what is in memory is broken. For tests: linear. */
  validate(): void {
    for (const { tier } of this.#namespaces.all()) tier.validate();
  }
}
