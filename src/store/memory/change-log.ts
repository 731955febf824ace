import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Moment } from '../../cache/rules/moment.ts';
import type { Epoch, Position } from '../../cache/rules/position.ts';
import { type PartitionView, positionFault, type TokenFault } from '../../cache/rules/token.ts';
import { ChangeRing, type RingBounds } from '../change-ring.ts';
import type { Applied, Change, EntryRef, News, Once } from '../store.ts';
import { PARTITION } from './change-facts.ts';
import { RequestIds } from './request-ids.ts';
import { Watchers } from './watchers.ts';

/**
 * The history of the one partition: numbers its changes, tells them to whoever watches, and remembers the results of
 * those that must be applied at most once. The newest changes stay in a ring, for whoever comes back.
 */
export class ChangeLog {
  /** Has no ancestors: the history begins with the process. */
  readonly chain: EpochChain;
  readonly #requestIds: RequestIds;
  readonly #watchers = new Watchers();
  readonly #ring: ChangeRing;
  /** The newest change, in one array for all who ask until the next: reads allocate none. */
  #moment: Moment;

  constructor(epoch: Epoch, requestIdsMax?: number, ring?: RingBounds) {
    this.chain = { epoch, ancestors: [] };
    this.#moment = [{ partition: PARTITION, position: { epoch, number: 0 } }];
    this.#requestIds = new RequestIds(requestIdsMax);
    this.#ring = new ChangeRing(0, ring);
  }

  /** The newest change, as a moment. */
  get moment(): Moment {
    return this.#moment;
  }

  /** Takes the next number. Only once nothing can refuse the change any more: numbers have no holes. */
  next(): Position {
    const position = { epoch: this.chain.epoch, number: this.#head.number + 1 };
    this.#moment = [{ partition: PARTITION, position }];
    return position;
  }

  /** Returns why a moment can't be honoured, `undefined` if it is part of the history. */
  faultIn(moment: Moment): TokenFault | undefined {
    const view: PartitionView = { chain: this.chain, head: this.#head.number };
    for (const { partition, position } of moment) {
      const fault = positionFault(position, partition === PARTITION ? view : undefined);
      if (fault !== undefined) return fault;
    }
    return undefined;
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
    this.#watchers.tell({ kind: 'changed', change });
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

  /** Calls `listener` with all news from now on. Returns how to stop. */
  watch(listener: (news: News) => void): () => void {
    return this.#watchers.watch(listener);
  }

  /** Throws if the structure is broken. Linear. */
  validate(): void {
    this.#requestIds.validate();
    this.#ring.validate();
  }

  get #head(): Position {
    return this.#moment[0]!.position;
  }
}
