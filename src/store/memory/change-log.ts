import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Epoch, Position } from '../../cache/rules/position.ts';
import { ChangeRing, type RingBounds } from '../change-ring.ts';
import type { Applied, Change, EntryRef, Once } from '../store.ts';
import { RequestIds } from './request-ids.ts';
import { Watchers } from './watchers.ts';

/**
 * The history of the one partition: numbers its changes, tells them to whoever watches, and remembers the results of
 * those that must be applied at most once. The newest changes stay in a ring, for whoever comes back.
 */
export class ChangeLog {
  readonly chain: EpochChain;
  readonly #requestIds: RequestIds;
  readonly #watchers = new Watchers();
  readonly #ring: ChangeRing;
  #head: Position;

  constructor(epoch: Epoch, requestIdsMax?: number, ring?: RingBounds) {
    this.chain = { epoch, ancestors: [] };
    this.#head = { epoch, number: 0 };
    this.#requestIds = new RequestIds(requestIdsMax);
    this.#ring = new ChangeRing(0, ring);
  }

  /** The newest change. */
  get head(): Position {
    return this.#head;
  }

  /** Takes the next number. Only once nothing can refuse the change any more: numbers have no holes. */
  next(): Position {
    this.#head = { epoch: this.chain.epoch, number: this.#head.number + 1 };
    return this.#head;
  }

  /** Returns the result of an earlier try, or makes sure that this one's can be remembered. REQUEST_IDS_FULL if not. */
  earlier(ref: EntryRef, once: Once | undefined, nowMs: number): Applied | undefined {
    if (once === undefined) return undefined;
    const earlier = this.#requestIds.recall(ref, once.requestId, nowMs);
    if (earlier === undefined) this.#requestIds.reserve(nowMs);
    return earlier;
  }

  /** Records a change that was applied: remembers its result, then tells it. Returns the result. */
  record(ref: EntryRef, once: Once | undefined, applied: Applied, change: Change): Applied {
    if (once !== undefined) this.#requestIds.remember(ref, once, applied);
    this.#ring.push(change);
    this.#watchers.tell(change);
    return applied;
  }

  /** Returns the oldest changes after a number, at most so many; `undefined` if the ring no longer reaches. */
  since(number: number, changesMax: number): readonly Change[] | undefined {
    return this.#ring.since(number, changesMax);
  }

  /** Returns the result of an earlier try. */
  recall(ref: EntryRef, requestId: string, nowMs: number): Applied | undefined {
    return this.#requestIds.recall(ref, requestId, nowMs);
  }

  /** Forgets up to `workMax` results whose repeats are expected no more. Returns how many it forgot. */
  forgetOld(nowMs: number, workMax: number): number {
    return this.#requestIds.forgetOld(nowMs, workMax);
  }

  /** Calls `listener` for every change from now on. Returns how to stop. */
  watch(listener: (change: Change) => void): () => void {
    return this.#watchers.watch(listener);
  }

  /** Throws if the structure is broken. Linear. */
  validate(): void {
    this.#requestIds.validate();
    this.#ring.validate();
  }
}
