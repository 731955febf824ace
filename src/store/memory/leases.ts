import { limits } from '../../base/limits.ts';
import type { Position } from '../../cache/rules/position.ts';
import type { GrantedLease, HeldLease } from '../store.ts';
import { SlotPool } from './slot-pool.ts';
import { TimingWheel } from './timing-wheel.ts';

const SLOTS_MIN = 16;
/** Slots touched when a lease is asked for. More than one, so that a full table gets ahead of what has run out. */
const EXPIRY_WORK_MAX = 64;
/** What a full table tells as the time until a lease may be free. */
const FULL_REMAINING_MS = 1000;

/** What a lease is asked for with. */
export interface LeaseTerms {
  readonly key: string;
  readonly holdMs: number;
  /** Control position at which the miss was judged. */
  readonly stamp: Position;
  /** A held lease stamped below this control number is void and may be taken over. */
  readonly voidBelow: number;
}

/** A lease that was granted. */
export interface Lease {
  readonly id: string;
  readonly key: string;
  /** Control position at which the miss was judged. */
  readonly stamp: Position;
  /** The lease is held before this time, in milliseconds of the store's clock. */
  readonly endsAtMs: number;
  readonly slot: number;
}

/** The fill leases of one namespace: at most one a key, bounded in number and in time. */
export class Leases {
  readonly #leasesMax: number;
  readonly #byKey = new Map<string, Lease>();
  readonly #bySlot: (Lease | undefined)[] = [];
  readonly #pool = new SlotPool();
  readonly #wheel: TimingWheel;
  #slotCount = SLOTS_MIN;

  constructor(nowMs: number, leasesMax: number = limits.leasesPerNamespaceMax) {
    this.#leasesMax = leasesMax;
    this.#wheel = new TimingWheel(nowMs, SLOTS_MIN);
  }

  /** Returns the lease of a key, if it is held. */
  held(key: string, nowMs: number): Lease | undefined {
    const lease = this.#byKey.get(key);
    return lease !== undefined && nowMs < lease.endsAtMs ? lease : undefined;
  }

  /** Grants the lease of a key under the id that `mintId` makes, unless a valid one is held or the table is full. */
  acquire(terms: LeaseTerms, nowMs: number, mintId: () => string): GrantedLease | HeldLease {
    this.expireDue(nowMs, EXPIRY_WORK_MAX);
    const held = this.held(terms.key, nowMs);
    if (held !== undefined && held.stamp.number >= terms.voidBelow) {
      return { kind: 'held', remainingMs: held.endsAtMs - nowMs };
    }
    this.end(terms.key);
    if (this.#byKey.size >= this.#leasesMax) return { kind: 'held', remainingMs: FULL_REMAINING_MS };
    const lease = this.#grant(terms, nowMs, mintId());
    return { kind: 'granted', leaseId: lease.id, stamp: lease.stamp };
  }

  /** Ends a lease before its time. Returns false if it was not held. */
  release(key: string, leaseId: string, nowMs: number): boolean {
    if (this.held(key, nowMs)?.id !== leaseId) return false;
    this.end(key);
    return true;
  }

  /** Ends the lease of a key, if there is one. */
  end(key: string): void {
    const lease = this.#byKey.get(key);
    if (lease === undefined) return;
    this.#wheel.deschedule(lease.slot);
    this.#drop(lease);
  }

  /** Drops leases that have run out, touching at most `workMax` slots. Returns how many it touched. */
  expireDue(nowMs: number, workMax: number): number {
    return this.#wheel.advance(nowMs, this.#onDue, workMax);
  }

  /** Throws if the structure is broken or there are too many. Linear. */
  validate(): void {
    this.#wheel.validate();
    const size = this.#byKey.size;
    if (size > this.#leasesMax) throw new Error(`there are ${size} leases`);
    if (size !== this.#pool.size || size !== this.#wheel.size) throw new Error('leases and slots differ');
    for (const [key, lease] of this.#byKey) {
      if (lease.key !== key || this.#bySlot[lease.slot] !== lease) throw new Error('a lease is not in its slot');
    }
  }

  readonly #onDue = (slot: number): void => this.#drop(this.#bySlot[slot]!);

  #grant(terms: LeaseTerms, nowMs: number, id: string): Lease {
    const slot = this.#pool.take();
    if (slot >= this.#slotCount) {
      this.#slotCount *= 2;
      this.#wheel.resize(this.#slotCount);
    }
    const lease: Lease = { id, key: terms.key, stamp: terms.stamp, endsAtMs: nowMs + terms.holdMs, slot };
    this.#byKey.set(terms.key, lease);
    this.#bySlot[slot] = lease;
    this.#wheel.schedule(slot, lease.endsAtMs);
    return lease;
  }

  #drop(lease: Lease): void {
    this.#byKey.delete(lease.key);
    this.#bySlot[lease.slot] = undefined;
    this.#pool.giveBack(lease.slot);
  }
}
