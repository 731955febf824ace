import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { changedKey } from '../store/changed-key.ts';
import type { Change, EntryRef, NamespaceId } from '../store/store.ts';
import { covers, type Selector } from './rules/selector.ts';

/** Why a wait ended: something happened to the key, the bound passed or the caller left, or there was no room. */
export type WaitEnd = 'woken' | 'elapsed' | 'full';

/** What bounds a wait. */
export interface WaitBound {
  readonly waitMs: number;
  /** When the holder's time is over: then the first waiter is woken to ask for the lease. */
  readonly leaseEndsInMs: number;
  readonly signal: AbortSignal;
}

interface Waiter {
  end(how: WaitEnd): void;
}

/** Somebody who may wait for a key in a moment, and must not miss what happens to it before. */
export interface LookOut {
  /** Something happened to the key since. */
  readonly missed: boolean;
  /** Ends it; may be called again. */
  leave(): void;
}

/** The callers that wait for one key, first come first served, and those who may. */
interface Queue {
  readonly waiters: Set<Waiter>;
  readonly lookOuts: Set<{ missed: boolean }>;
  leaseEnd: Timer | undefined;
}

/**
 * Callers that wait until somebody else has filled a key. They are woken by the change itself, never by polling: a
 * change of the key wakes all, the end of the lease wakes the first, who then asks for it.
 */
export class LeaseWaiters {
  readonly #clock: Clock;
  #waitersMax: number;
  readonly #namespaces = new Map<NamespaceId, Map<string, Queue>>();
  #count = 0;

  constructor(clock: Clock, waitersMax: number = limits.leaseWaitersMax) {
    this.#clock = clock;
    this.#waitersMax = waitersMax;
  }

  /** Callers waiting now. */
  get count(): number {
    return this.#count;
  }

  /**
   * Begins to look out for a key before its lease is asked for: over a network the answer may come later than the news
   * of the change that it should wait for.
   */
  lookOut(ref: EntryRef): LookOut {
    const queue = this.#queueFor(ref);
    const lookOut = { missed: false };
    queue.lookOuts.add(lookOut);
    const leave = (): void => {
      if (queue.lookOuts.delete(lookOut)) this.#tidy(ref, queue);
    };
    return Object.assign(lookOut, { leave });
  }

  /** Waits for something to happen to a key, since the look-out began and within the bound. */
  wait(ref: EntryRef, bound: WaitBound, lookOut?: LookOut): Promise<WaitEnd> {
    lookOut?.leave();
    if (lookOut?.missed === true) return Promise.resolve('woken');
    if (bound.signal.aborted || bound.waitMs <= 0) return Promise.resolve('elapsed');
    if (this.#count >= this.#waitersMax) return Promise.resolve('full');
    const queue = this.#queueFor(ref);
    this.#expectLeaseEnd(ref, queue, bound.leaseEndsInMs);
    return this.#enqueue(ref, queue, bound);
  }

  /** Learns that the lease of a key was handed on: whoever waits on does so for this holder. */
  leaseGranted(ref: EntryRef, holdMs: number): void {
    const queue = this.#namespaces.get(ref.namespaceId)?.get(ref.key);
    if (queue !== undefined) this.#expectLeaseEnd(ref, queue, holdMs);
  }

  /** Wakes the first who waits for a key: the lease is free. */
  wakeNext(ref: EntryRef): void {
    const queue = this.#namespaces.get(ref.namespaceId)?.get(ref.key);
    if (queue === undefined) return;
    noteMissed(queue);
    const [first] = queue.waiters;
    first?.end('woken');
  }

  /** Sends all away with what there is, because the server goes away. Who comes later is sent away at once. */
  close(): void {
    this.#waitersMax = 0;
    for (const keys of this.#namespaces.values()) {
      for (const queue of keys.values()) for (const waiter of [...queue.waiters]) waiter.end('elapsed');
    }
  }

  /** Wakes everyone: changes were missed or lost, and a lease may be lost with them. They ask anew. */
  wakeAll(): void {
    for (const keys of [...this.#namespaces.values()]) for (const queue of [...keys.values()]) this.#wakeQueue(queue);
  }

  /** Wakes whoever a change concerns. */
  onChange(change: Change): void {
    const keys = this.#namespaces.get(change.namespaceId);
    if (keys === undefined) return;
    const key = changedKey(change);
    if (key !== undefined) this.#wakeQueue(keys.get(key));
    else if (change.kind === 'invalidate') this.#wakeCovered(keys, change.namespaceId, change.selector);
  }

  /** A wide change voids leases: whoever is first may ask. Tags are known only when the value comes. */
  #wakeCovered(keys: ReadonlyMap<string, Queue>, namespaceId: NamespaceId, selector: Selector): void {
    for (const key of [...keys.keys()]) {
      if (covers(selector, { key, tags: [] })) this.wakeNext({ namespaceId, key });
    }
  }

  #expectLeaseEnd(ref: EntryRef, queue: Queue, inMs: number): void {
    queue.leaseEnd?.stop();
    queue.leaseEnd = this.#clock.startTimer(inMs, () => this.wakeNext(ref));
  }

  #wakeQueue(queue: Queue | undefined): void {
    if (queue === undefined) return;
    noteMissed(queue);
    for (const waiter of [...queue.waiters]) waiter.end('woken');
  }

  #enqueue(ref: EntryRef, queue: Queue, bound: WaitBound): Promise<WaitEnd> {
    return new Promise((resolve) => {
      const leave = (): void => waiter.end('elapsed');
      const patience = this.#clock.startTimer(bound.waitMs, leave);
      const waiter: Waiter = {
        end: (how) => {
          if (!queue.waiters.delete(waiter)) return;
          patience.stop();
          bound.signal.removeEventListener('abort', leave);
          this.#count--;
          this.#tidy(ref, queue);
          resolve(how);
        },
      };
      queue.waiters.add(waiter);
      this.#count++;
      bound.signal.addEventListener('abort', leave);
    });
  }

  /** Forgets a key that nobody waits for. */
  #tidy(ref: EntryRef, queue: Queue): void {
    if (queue.waiters.size > 0) return;
    queue.leaseEnd?.stop();
    if (queue.lookOuts.size > 0) return;
    const keys = this.#namespaces.get(ref.namespaceId);
    if (keys?.get(ref.key) === queue) keys.delete(ref.key);
    if (keys?.size === 0) this.#namespaces.delete(ref.namespaceId);
  }

  #queueFor({ namespaceId, key }: EntryRef): Queue {
    const keys = this.#namespaces.get(namespaceId) ?? new Map<string, Queue>();
    this.#namespaces.set(namespaceId, keys);
    const queue = keys.get(key) ?? { waiters: new Set(), lookOuts: new Set(), leaseEnd: undefined };
    keys.set(key, queue);
    return queue;
  }
}

function noteMissed({ lookOuts }: Queue): void {
  for (const lookOut of lookOuts) lookOut.missed = true;
}
