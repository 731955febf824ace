import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Control } from '../../cache/rules/visibility.ts';
import { WatermarkTable } from '../../cache/rules/watermark-table.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import type { RingBounds } from '../change-ring.ts';
import { Leases } from './leases.ts';
import { MemorySegment } from './memory-segment.ts';
import { Tombstones } from './tombstones.ts';

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
