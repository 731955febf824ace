import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Moment } from '../../cache/rules/moment.ts';
import type { Position } from '../../cache/rules/position.ts';
import type { Coverable } from '../../cache/rules/selector.ts';
import { type Control, judge, type Visibility } from '../../cache/rules/visibility.ts';
import { WatermarkTable } from '../../cache/rules/watermark-table.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import type { RingBounds } from '../change-ring.ts';
import type { Page, ReadResult, Usage } from '../store.ts';
import { Leases } from './leases.ts';
import { MemorySegment } from './memory-segment.ts';
import { Tombstones } from './tombstones.ts';

const NO_TAGS: readonly string[] = [];

/** Limits of a memory store. Absent ones are those of base/limits.ts. */
export interface MemoryLimits {
  readonly tombstonesPerNamespaceMax?: number;
  readonly leasesPerNamespaceMax?: number;
  readonly requestIdsMax?: number;
  readonly ring?: RingBounds;
  readonly entriesPerNamespaceMax?: number;
}

/** What a namespace is made of. */
export interface NamespaceParts {
  readonly capacityBytes: number;
  readonly nowMs: number;
  readonly makePolicy: PolicyFactory;
  readonly chain: EpochChain;
  readonly limits: MemoryLimits;
}

/** All that the memory store knows of one namespace: entries, removals, leases and watermarks. */
export class MemoryNamespace {
  readonly segment: MemorySegment;
  readonly tombstones: Tombstones;
  readonly leases: Leases;
  readonly control: Control;

  constructor({ capacityBytes, nowMs, makePolicy, chain, limits }: NamespaceParts) {
    this.tombstones = new Tombstones(limits.tombstonesPerNamespaceMax);
    this.leases = new Leases(nowMs, limits.leasesPerNamespaceMax);
    this.control = { chain, watermarks: new WatermarkTable() };
    const { tombstones } = this;
    const entriesMax = limits.entriesPerNamespaceMax;
    this.segment = new MemorySegment({ capacityBytes, nowMs, makePolicy, tombstones, entriesMax });
  }

  /** Reads one entry at a moment; counts as a use. */
  read(key: string, moment: Moment, nowMs: number): ReadResult {
    const entry = this.segment.use(key, nowMs);
    if (entry === undefined) {
      return { entry, visibility: 'visible', absence: this.tombstones.causeOf(key, nowMs), moment, nowMs };
    }
    return { entry, visibility: judge(this.control, entry.stamp, entry), absence: 'unknown', moment, nowMs };
  }

  /** Tells what the watermarks leave of an entry with this stamp. */
  judge(entry: Coverable, stamp: Position): Visibility {
    return judge(this.control, stamp, entry);
  }

  /** Returns the control number below which a lease of a key is void. Its tags are known only when the value comes. */
  leaseVoidBelow(key: string): number {
    const { removed, stale } = this.control.watermarks.covering({ key, tags: NO_TAGS });
    return Math.max(removed, stale);
  }

  /** Lists up to `entriesMax` entries from where a page ended, at first ''. */
  list(from: string, entriesMax: number, nowMs: number): Page {
    const page = this.segment.list(from === '' ? 0 : Number(from), entriesMax, nowMs);
    const entries = page.entries.map((entry) => ({ entry, visibility: this.judge(entry, entry.stamp) }));
    return { entries, next: page.next?.toString(), nowMs };
  }

  /** Returns what the namespace holds. */
  usage(): Usage {
    const { size, folds } = this.control.watermarks;
    return { ...this.segment.usage(), watermarks: size, watermarkFolds: folds };
  }

  /** Remembers a change of a key that has no entry: fences from before it fall; how its last entry left stays known. */
  touchAbsent(key: string, number: number, nowMs: number): void {
    this.tombstones.remember(key, number, this.tombstones.causeOf(key, nowMs), nowMs);
  }

  /** Drops what time has ended, touching at most `workMax` slots. Returns how many it touched. */
  expireDue(nowMs: number, workMax: number): number {
    let work = this.segment.expireDue(nowMs, workMax);
    work += this.leases.expireDue(nowMs, workMax - work);
    return work + this.tombstones.forgetOld(nowMs, workMax - work);
  }

  /** Throws if any structure is broken. Linear. */
  validate(): void {
    this.segment.validate();
    this.leases.validate();
  }
}
