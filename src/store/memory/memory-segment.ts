import { limits } from '../../base/limits.ts';
import type { EvictionPolicy, PolicyFactory } from '../../policy/eviction-policy.ts';
import type { RemovalCause, StoredEntry, Usage } from '../store.ts';
import { makeEntry } from './make-entry.ts';
import { SlotPool } from './slot-pool.ts';
import { TimingWheel } from './timing-wheel.ts';
import type { Tombstones } from './tombstones.ts';
import { ValueSlabs } from './value-slabs.ts';
import { weightBytes } from './weight.ts';

const SLOTS_MIN = 16;
/** Slots that the wheel may touch for one insert: enough to get ahead of what is due, little enough not to be felt. */
const EXPIRY_WORK_MAX = 256;
/** Slots that one page of a list looks at beyond those it returns. */
const LIST_SCAN_MAX = 4096;

const NO_TAGS: readonly string[] = [];

/** Some entries, and the slot in which the next page begins. */
export interface SlotPage {
  readonly entries: readonly StoredEntry[];
  readonly next: number | undefined;
}

/** What a segment is made of. */
export interface SegmentParts {
  readonly capacityBytes: number;
  readonly nowMs: number;
  readonly makePolicy: PolicyFactory;
  /** Told of every entry that leaves. */
  readonly tombstones: Tombstones;
  /** Most entries, whatever they weigh; by default limits.entriesPerNamespaceMax. */
  readonly entriesMax?: number | undefined;
}

/**
 * The entries of one namespace within a budget that is exact to the byte. An entry lives in a slot from its first write
 * until it leaves; index, policy, wheel and weights all speak of slots.
 *
 * Every entry that leaves other than by replacement leaves a tombstone with its own number, or a greater one. An entry
 * past its gone time is absent to every method, also before the wheel has found it.
 */
export class MemorySegment {
  readonly #slotOf = new Map<string, number>();
  readonly #pool = new SlotPool();
  readonly #entries: (StoredEntry | undefined)[] = [];
  readonly #tombstones: Tombstones;
  readonly #policy: EvictionPolicy;
  readonly #values = new ValueSlabs((slot) => {
    this.#entries[slot] = this.#keep(slot, this.#entries[slot]!);
  });
  readonly #wheel: TimingWheel;
  readonly #entriesMax: number;
  #weights = new Float64Array(SLOTS_MIN);
  #capacityBytes: number;
  #weightBytes = 0;
  #evictions = 0;
  #expirations = 0;

  constructor({
    capacityBytes,
    nowMs,
    makePolicy,
    tombstones,
    entriesMax = limits.entriesPerNamespaceMax,
  }: SegmentParts) {
    this.#capacityBytes = capacityBytes;
    this.#tombstones = tombstones;
    this.#policy = makePolicy(SLOTS_MIN);
    this.#wheel = new TimingWheel(nowMs, SLOTS_MIN);
    this.#entriesMax = entriesMax;
  }

  /** Bytes that all entries together may weigh. */
  get capacityBytes(): number {
    return this.#capacityBytes;
  }

  /** Returns an entry; no use. */
  find(key: string, nowMs: number): StoredEntry | undefined {
    const slot = this.#liveSlot(key, nowMs);
    return slot === undefined ? undefined : this.#entries[slot];
  }

  /** Returns an entry and counts a use. */
  use(key: string, nowMs: number): StoredEntry | undefined {
    const slot = this.#liveSlot(key, nowMs);
    if (slot === undefined) return undefined;
    this.#policy.onHit(slot);
    return this.#entries[slot];
  }

  /** Stores a copy of an entry of at most the capacity's weight; a use. Evicts others until it fits. */
  put(entry: StoredEntry, entryWeightBytes: number, nowMs: number): void {
    this.expireDue(nowMs, EXPIRY_WORK_MAX);
    const present = this.#slotOf.get(entry.key);
    if (present !== undefined) this.#policy.onHit(present);
    const slot = this.#makeRoom(present, entryWeightBytes, nowMs) ?? this.#insert(entry.key);
    this.#releaseValue(slot);
    this.#weightBytes += entryWeightBytes - this.#weights[slot]!;
    this.#weights[slot] = entryWeightBytes;
    this.#entries[slot] = this.#keep(slot, entry);
    this.#wheel.schedule(slot, entry.goneAtMs);
    this.#tombstones.supersede(entry.key);
  }

  /** Puts an entry with the very content of the present one in its place; no use. */
  amend(entry: StoredEntry): void {
    const slot = this.#slotOf.get(entry.key)!;
    this.#entries[slot] = entry;
    this.#wheel.schedule(slot, entry.goneAtMs);
  }

  /** Removes an entry if it is stored, and remembers that the key left with change `number`. */
  remove(key: string, number: number, cause: RemovalCause, nowMs: number): void {
    const slot = this.#slotOf.get(key);
    if (slot !== undefined) this.#release(slot);
    this.#tombstones.remember(key, number, cause, nowMs);
  }

  /** Changes the capacity; evicts at once what does not fit. */
  resize(capacityBytes: number, nowMs: number): void {
    this.#capacityBytes = capacityBytes;
    while (this.#weightBytes > this.#capacityBytes) this.#evict(nowMs);
  }

  /** Removes entries that are gone, touching at most `workMax` slots. Returns how many it touched. */
  expireDue(nowMs: number, workMax: number): number {
    return this.#wheel.advance(nowMs, (slot) => this.#expire(slot, nowMs), workMax);
  }

  /** Lists up to `entriesMax` entries in slots from `from`; fewer, even none, where many slots are empty. */
  list(from: number, entriesMax: number, nowMs: number): SlotPage {
    const entries: StoredEntry[] = [];
    const end = Math.min(this.#pool.used, from + entriesMax + LIST_SCAN_MAX);
    let slot = from;
    for (; slot < end && entries.length < entriesMax; slot++) {
      const entry = this.#entries[slot];
      if (entry !== undefined && nowMs < entry.goneAtMs) entries.push(entry);
    }
    return { entries, next: slot < this.#pool.used ? slot : undefined };
  }

  /** Returns what the segment holds, gone entries that the wheel has not yet found included. */
  usage(): Omit<Usage, 'watermarks' | 'watermarkFolds'> {
    return {
      entries: this.#slotOf.size,
      weightBytes: this.#weightBytes,
      capacityBytes: this.#capacityBytes,
      evictions: this.#evictions,
      expirations: this.#expirations,
    };
  }

  /** Throws if index, slots, policy, wheel, budget and tombstones don't agree. Linear. */
  validate(): void {
    this.#policy.validate();
    this.#wheel.validate();
    this.#tombstones.validate(this.#slotOf.keys());
    this.#values.validate((slot) => this.#entries[slot]?.value);
    const counts = [this.#slotOf.size, this.#pool.size, this.#policy.size, this.#wheel.size];
    if (new Set(counts).size !== 1) throw new Error(`index, slots, policy and wheel hold ${counts.join(', ')}`);
    let sumBytes = 0;
    for (const [key, slot] of this.#slotOf) sumBytes += this.#validSlotBytes(key, slot);
    if (sumBytes !== this.#weightBytes) throw new Error(`${sumBytes} B are charged as ${this.#weightBytes} B`);
    if (sumBytes > this.#capacityBytes) throw new Error(`${sumBytes} B in ${this.#capacityBytes} B`);
  }

  #liveSlot(key: string, nowMs: number): number | undefined {
    const slot = this.#slotOf.get(key);
    if (slot === undefined || nowMs < this.#entries[slot]!.goneAtMs) return slot;
    this.#expire(slot, nowMs);
    return undefined;
  }

  /**
   * Evicts until an entry fits that replaces the one in slot `present`, whose weight doesn't count. Returns that slot,
   * unless it was a victim too: LRU never picks it, since its use was noted.
   */
  #makeRoom(present: number | undefined, entryWeightBytes: number, nowMs: number): number | undefined {
    let replaced = present;
    while (!this.#fits(replaced, entryWeightBytes)) {
      if (this.#evict(nowMs) === replaced) replaced = undefined;
    }
    return replaced;
  }

  #fits(replaced: number | undefined, entryWeightBytes: number): boolean {
    if (replaced !== undefined)
      return this.#weightBytes - this.#weights[replaced]! + entryWeightBytes <= this.#capacityBytes;
    return this.#weightBytes + entryWeightBytes <= this.#capacityBytes && this.#slotOf.size < this.#entriesMax;
  }

  /** Returns an entry that shares no memory with the caller's: its value may be a view of a network buffer. */
  #keep(slot: number, entry: StoredEntry): StoredEntry {
    const value = entry.value && this.#values.keep(slot, entry.value);
    const tags = entry.tags.length === 0 ? NO_TAGS : [...entry.tags];
    return makeEntry(entry.key, { value, contentType: entry.contentType, tags }, entry, entry, entry.markedStale);
  }

  #releaseValue(slot: number): void {
    const value = this.#entries[slot]?.value;
    if (value !== undefined) this.#values.release(slot, value.byteLength);
  }

  #insert(key: string): number {
    const slot = this.#pool.take();
    if (slot >= this.#weights.length) this.#grow();
    this.#slotOf.set(key, slot);
    this.#policy.onInsert(slot);
    return slot;
  }

  #grow(): void {
    const weights = new Float64Array(this.#weights.length * 2);
    weights.set(this.#weights);
    this.#weights = weights;
    this.#policy.resize(weights.length);
    this.#wheel.resize(weights.length);
  }

  #evict(nowMs: number): number {
    const slot = this.#policy.victim();
    const { key, position } = this.#release(slot);
    this.#evictions++;
    this.#tombstones.remember(key, position.number, 'evicted', nowMs);
    return slot;
  }

  #expire(slot: number, nowMs: number): void {
    const { key, position } = this.#release(slot);
    this.#expirations++;
    this.#tombstones.remember(key, position.number, 'expired', nowMs);
  }

  #release(slot: number): StoredEntry {
    const entry = this.#entries[slot];
    if (entry === undefined) throw new Error(`slot ${slot} is empty`);
    this.#slotOf.delete(entry.key);
    this.#releaseValue(slot);
    this.#entries[slot] = undefined;
    this.#weightBytes -= this.#weights[slot]!;
    this.#weights[slot] = 0;
    this.#policy.onRemove(slot);
    this.#wheel.deschedule(slot);
    this.#pool.giveBack(slot);
    return entry;
  }

  #validSlotBytes(key: string, slot: number): number {
    const entry = this.#entries[slot];
    if (entry?.key !== key) throw new Error(`slot ${slot} holds another key than the index says`);
    const bytes = weightBytes(key, entry);
    if (bytes !== this.#weights[slot]) throw new Error(`slot ${slot} weighs ${bytes} B, not ${this.#weights[slot]} B`);
    return bytes;
  }
}
