import { limits } from '../base/limits.ts';
import type { Partition } from '../cache/rules/position.ts';
import { changedKey } from '../store/changed-key.ts';
import type { Change } from '../store/store.ts';

/** How much may wait for one subscriber. */
export interface QueueBounds {
  readonly eventsMax: number;
  /** As they are sent. */
  readonly bytesMax: number;
}

/** A change and the bytes it takes when it is sent. */
interface Waiting {
  readonly change: Change;
  readonly bytes: number;
}

/** After coalescing a queue must be this empty, or it would coalesce again with every change. */
const ROOM_AFTER_COALESCING = 1 / 4;

/**
 * The changes that wait for one subscriber, in order. At its bound it keeps only the newest change of each key, and of
 * each wide selector; if that makes too little room it is full.
 */
export class EventQueue {
  readonly #bounds: QueueBounds;
  #waiting: Waiting[] = [];
  #first = 0;
  #bytes = 0;
  /** The newest change when older ones last gave way to newer ones of their key. */
  #coalescedUpTo: Change | undefined;

  constructor(
    bounds: QueueBounds = { eventsMax: limits.subscriberQueueEventsMax, bytesMax: limits.subscriberQueueBytesMax },
  ) {
    this.#bounds = bounds;
  }

  /** True if nothing waits. */
  get empty(): boolean {
    return this.#first === this.#waiting.length;
  }

  /** True unless a change that gave way is missing among those taken, and the newer one of its key still waits. */
  get whole(): boolean {
    return this.#coalescedUpTo === undefined;
  }

  /** Adds a change of so many bytes. Returns false if there is no room, also not by coalescing. */
  push(change: Change, bytes: number): boolean {
    if (!this.#hasRoom(bytes) && !this.#coalesce(bytes)) return false;
    this.#waiting.push({ change, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** Takes the oldest changes, of `bytesMax` together but at least one. The queue must not be empty. */
  take(bytesMax: number): readonly Change[] {
    const taken: Change[] = [];
    let bytes = 0;
    while (!this.empty) {
      const next = this.#waiting[this.#first]!;
      if (taken.length > 0 && bytes + next.bytes > bytesMax) break;
      bytes += next.bytes;
      taken.push(next.change);
      if (next.change === this.#coalescedUpTo) this.#coalescedUpTo = undefined;
      this.#first++;
    }
    this.#bytes -= bytes;
    this.#compact();
    return taken;
  }

  /**
   * Drops the changes of a partition after a number. Returns false if one of them may have stood for an older one that
   * gave way to it.
   */
  cut(partition: Partition, number: number): boolean {
    const waiting = this.#waiting.slice(this.#first);
    const kept = waiting.filter(({ change }) => change.partition !== partition || change.position.number <= number);
    if (kept.length === waiting.length) return true;
    const { whole } = this;
    this.#hold(kept);
    return whole;
  }

  /** Forgets all. */
  clear(): void {
    this.#waiting = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#coalescedUpTo = undefined;
  }

  #hasRoom(bytes: number): boolean {
    const events = this.#waiting.length - this.#first;
    return events < this.#bounds.eventsMax && this.#bytes + bytes <= this.#bounds.bytesMax;
  }

  #coalesce(bytesMore: number): boolean {
    const kept = newestOfEach(this.#waiting.slice(this.#first));
    const bytes = bytesOf(kept);
    const share = 1 - ROOM_AFTER_COALESCING;
    if (kept.length > this.#bounds.eventsMax * share) return false;
    if (bytes + bytesMore > this.#bounds.bytesMax * share) return false;
    this.#hold(kept);
    this.#coalescedUpTo = kept.at(-1)?.change;
    return true;
  }

  #hold(waiting: Waiting[]): void {
    this.#waiting = waiting;
    this.#first = 0;
    this.#bytes = bytesOf(waiting);
  }

  /** Lets go of what was taken, when that is most of it. */
  #compact(): void {
    if (this.empty) this.clear();
    else if (this.#first > this.#waiting.length / 2) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
  }
}

function bytesOf(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Returns what is left when a newer change of a key stands for the older ones, in order. Deliberate: marking stale
 * stands only for marking stale, because whoever missed that the entry was removed would serve it as stale.
 */
function newestOfEach(waiting: readonly Waiting[]): Waiting[] {
  // Deliberate: keys apart from wide selectors. One name for both would be a new text for each change, at twice the time.
  const keys: Newer = { any: new Set(), markStale: new Set() };
  const selectors: Newer = { any: new Set(), markStale: new Set() };
  const kept: Waiting[] = [];
  for (let at = waiting.length - 1; at >= 0; at--) {
    const { change } = waiting[at]!;
    const key = changedKey(change);
    const isNewest = key === undefined ? join(selectors, selectorName(change), change) : join(keys, key, change);
    if (isNewest) kept.push(waiting[at]!);
  }
  return kept.reverse();
}

/** Names of what newer changes are about: of any change, and of those that mark stale alone. */
interface Newer {
  readonly any: Set<string>;
  readonly markStale: Set<string>;
}

/** Adds a change to the newer ones. Returns false if one of them stands for it. */
function join({ any, markStale }: Newer, name: string, change: Change): boolean {
  if (any.has(name)) return false;
  if (!isMarkStale(change)) any.add(name);
  else if (markStale.has(name)) return false;
  else markStale.add(name);
  return true;
}

function isMarkStale(change: Change): boolean {
  return change.kind === 'invalidate' && change.mode === 'mark-stale';
}

function selectorName(change: Change): string {
  return JSON.stringify(change.kind === 'invalidate' ? change.selector : undefined);
}
