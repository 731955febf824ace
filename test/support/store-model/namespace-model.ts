import { limits } from '../../../src/base/limits.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import { ENTRY_OVERHEAD_BYTES } from '../../../src/store/memory/weight.ts';
import type { RemovalCause } from '../../../src/store/store.ts';

/** An entry as the model keeps it; positions and stamps are plain numbers. */
export interface ModelEntry {
  readonly key: string;
  readonly value: string | undefined;
  readonly contentType: string;
  readonly tags: readonly string[];
  readonly number: number;
  readonly stamp: number;
  readonly createdAtMs: number;
  readonly freshUntilMs: number;
  readonly goneAtMs: number;
  readonly markedStale: boolean;
}

/** A lease as the model keeps it. */
export interface ModelLease {
  readonly id: string;
  readonly stamp: number;
  readonly endsAtMs: number;
}

/** Returns the bytes that the model charges for an entry. */
export function modelWeightBytes(entry: Pick<ModelEntry, 'key' | 'value' | 'contentType' | 'tags'>): number {
  const text = entry.key + entry.contentType + entry.tags.join('') + (entry.value ?? '');
  return ENTRY_OVERHEAD_BYTES + Buffer.byteLength(text);
}

/**
 * One namespace as the port describes it, written for obviousness: a Map whose order is the order of use, the last
 * change of every key for ever, and the list of all invalidations. No wheel, no slots, no watermarks, no tombstones.
 */
export class NamespaceModel {
  /** Least recently used first. Holds entries that are gone until the store too must have noticed. */
  readonly entries = new Map<string, ModelEntry>();
  readonly lastChange = new Map<string, number>();
  readonly departures = new Map<string, { cause: RemovalCause; atMs: number }>();
  readonly leases = new Map<string, ModelLease>();
  readonly invalidations: { selector: Selector; mode: InvalidationMode; number: number }[] = [];
  capacityBytes: number;
  evictions = 0;
  expirations = 0;

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes;
  }

  /** Bytes charged to all entries. */
  weightBytes(): number {
    return [...this.entries.values()].reduce((sum, entry) => sum + modelWeightBytes(entry), 0);
  }

  /** Returns a key's entry unless it is gone; a gone one is noticed. */
  live(key: string, nowMs: number): ModelEntry | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || nowMs < entry.goneAtMs) return entry;
    this.expirations++;
    this.leave(key, 'expired', nowMs);
    return undefined;
  }

  /** Notices all gone entries. */
  sweep(nowMs: number): void {
    for (const key of [...this.entries.keys()]) this.live(key, nowMs);
  }

  /** Makes a key the most recently used. */
  use(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.entries.set(key, entry);
  }

  /** Stores an entry as a change of its key. */
  put(entry: ModelEntry, nowMs: number): void {
    this.sweep(nowMs);
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
    this.departures.delete(entry.key);
    this.changed(entry.key, entry.number);
    this.shrink(nowMs);
  }

  /** Evicts the least recently used until the rest fits. */
  shrink(nowMs: number): void {
    while (this.weightBytes() > this.capacityBytes) {
      const [victim] = this.entries.keys();
      this.evictions++;
      this.leave(victim!, 'evicted', nowMs);
    }
  }

  /** Notes a change of a key: its lease ends. */
  changed(key: string, number: number): void {
    this.lastChange.set(key, number);
    this.leases.delete(key);
  }

  /** Lets an entry go. */
  leave(key: string, cause: RemovalCause, nowMs: number): void {
    this.entries.delete(key);
    this.departures.set(key, { cause, atMs: nowMs });
  }

  /** Returns how a key's last entry left. */
  causeOf(key: string, nowMs: number): RemovalCause {
    const departure = this.departures.get(key);
    return departure === undefined || nowMs - departure.atMs > limits.fenceAgeMsMax ? 'unknown' : departure.cause;
  }

  /** Returns the lease of a key, if it is held. */
  heldLease(key: string, nowMs: number): ModelLease | undefined {
    const lease = this.leases.get(key);
    return lease !== undefined && nowMs < lease.endsAtMs ? lease : undefined;
  }

  /** Leases of other keys that are held. */
  heldBeside(key: string, nowMs: number): number {
    return [...this.leases].filter(([other, lease]) => other !== key && nowMs < lease.endsAtMs).length;
  }

  /** Returns the number of the newest invalidation that covers a key whatever its tags, 0 if there is none. */
  voidBelow(key: string): number {
    const covering = this.invalidations.filter((one) => selects(one.selector, { key, tags: [] }));
    return Math.max(0, ...covering.map(({ number }) => number));
  }

  /** Returns what all invalidations ever leave of an entry. */
  visibility(entry: Pick<ModelEntry, 'key' | 'tags' | 'stamp'>): 'visible' | 'marked-stale' | 'removed' {
    const newer = this.invalidations.filter((one) => one.number > entry.stamp && selects(one.selector, entry));
    if (newer.some((one) => one.mode === 'remove')) return 'removed';
    return newer.length > 0 ? 'marked-stale' : 'visible';
  }
}

function selects(selector: Selector, entry: Pick<ModelEntry, 'key' | 'tags'>): boolean {
  if (selector.kind === 'key') return selector.key === entry.key;
  if (selector.kind === 'tag') return entry.tags.includes(selector.tag);
  return selector.kind === 'namespace' || entry.key.startsWith(selector.prefix);
}
