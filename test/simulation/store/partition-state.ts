import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import type { StoredLease } from '../../../src/cache/rules/lease.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { WatermarkTable } from '../../../src/cache/rules/watermark-table.ts';
import { type Bounds, timing } from '../timing.ts';
import type { Effect } from '../truth/effect.ts';
import type { Op, Remembered, StoredRecord } from './op.ts';

interface Tombstone {
  readonly number: number;
  readonly atMs: number;
}

/** What one server holds of a partition: its operations, folded. */
export class PartitionState {
  chain: EpochChain | undefined;
  replicationId = '';
  head = 0;
  last: Effect | undefined;
  leaseCount = 0;
  /** Changes up to this number may have been forgotten with their tombstones. */
  floor = 0;
  /** The newest changes, the oldest first. */
  readonly log: Effect[] = [];
  readonly records = new Map<string, StoredRecord>();
  readonly tombstones = new Map<string, Tombstone>();
  readonly leases = new Map<string, StoredLease>();
  readonly requests = new Map<string, Remembered>();
  readonly watermarks: WatermarkTable;
  readonly #bounds: Bounds;

  constructor(watermarks: WatermarkTable, bounds: Bounds) {
    this.#bounds = bounds;
    this.watermarks = watermarks;
  }

  /** The position of the newest change. Only after the first script. */
  get headPosition(): Position {
    if (this.chain === undefined) throw new Error('no script has run');
    return { epoch: this.chain.epoch, number: this.head };
  }

  /** Returns the entry of a key unless it is gone. */
  alive(key: string, nowMs: number): StoredRecord | undefined {
    const record = this.records.get(key);
    return record !== undefined && nowMs < record.goneAtMs ? record : undefined;
  }

  /** Returns the number of the newest change of a key that is remembered, 0 if none. */
  newestChange(key: string): number {
    return Math.max(this.records.get(key)?.position.number ?? 0, this.tombstones.get(key)?.number ?? 0);
  }

  /** Applies one operation. */
  apply(op: Op): void {
    if ('effect' in op) this.#number(op.effect);
    if ('once' in op) this.requests.set(op.once.requestId, op.once);
    switch (op.kind) {
      case 'epoch':
        this.chain = op.chain;
        this.replicationId = op.replicationId;
        return;
      case 'write':
        this.records.set(op.record.key, op.record);
        this.tombstones.delete(op.record.key);
        this.leases.delete(op.record.key);
        return;
      case 'remove':
        this.leases.delete(op.key);
        this.#bury(op.key, op.effect.position.number, op.atMs);
        return;
      case 'raise':
        this.watermarks.raise(op.selector, op.mode, op.effect.position.number, op.atMs);
        return;
      case 'lease':
        this.leaseCount++;
        this.leases.set(op.key, op.lease);
        return;
      case 'settle':
        if (op.verdict === 'removed') {
          this.#bury(op.record.key, op.record.position.number, op.atMs);
          return;
        }
        this.records.set(op.record.key, { ...op.record, freshUntilMs: op.atMs, markedStale: true });
        return;
      case 'leave':
        this.#bury(op.key, this.newestChange(op.key), op.atMs);
        return;
      case 'prune':
        this.watermarks.prune(op.sweptTo, op.changedBeforeMs);
        return;
    }
  }

  #number(effect: Effect): void {
    this.head = effect.position.number;
    this.last = effect;
    this.log.push(effect);
    if (this.log.length > this.#bounds.logMax) this.log.shift();
  }

  #bury(key: string, number: number, atMs: number): void {
    this.records.delete(key);
    this.tombstones.delete(key);
    this.tombstones.set(key, { number, atMs });
    if (this.tombstones.size <= this.#bounds.tombstonesMax) return;
    for (const [oldest, tombstone] of this.tombstones) {
      this.tombstones.delete(oldest);
      if (atMs - tombstone.atMs <= timing.fenceAgeMs) this.floor = Math.max(this.floor, tombstone.number);
      return;
    }
  }
}
