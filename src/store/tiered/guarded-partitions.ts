import type { Clock } from '../../base/clock.ts';
import type { Partition } from '../../cache/rules/position.ts';
import { isUnanswered } from '../no-answer.ts';
import type {
  Beat,
  BeatAnswer,
  Bell,
  PartitionApplied,
  PartitionInvalidation,
  PartitionLeaseWish,
  PartitionRetime,
  PartitionStore,
  PartitionWrite,
} from '../partition-store.ts';
import type { EntryRef, Guarded, Removal } from '../store.ts';
import type { Availability } from './availability.ts';

/** Arguments of a method after the partition. */
type After<Method> = Method extends (partition: Partition, ...rest: infer Rest) => unknown ? Rest : never;

/**
 * Partitions behind their breakers: a call to one that does not answer is refused at once, unsent. Heartbeats always go
 * through, since they are what finds out; doorbells do, since a link rings again by itself.
 *
 * Operating errors of every call beside those of the port: STORE_UNAVAILABLE with `retryAfterMs`.
 */
export class GuardedPartitions implements PartitionStore {
  readonly partitions: number;
  readonly spread: number;
  readonly #held: PartitionStore;
  readonly #availability: Availability;
  readonly #clock: Clock;

  constructor(held: PartitionStore, availability: Availability, clock: Clock) {
    this.partitions = held.partitions;
    this.spread = held.spread;
    this.#held = held;
    this.#availability = availability;
    this.#clock = clock;
  }

  async beat(partition: Partition, beat: Beat): Promise<BeatAnswer> {
    const sentAtMs = this.#clock.monotonicMs();
    this.#availability.breaker(partition).beatSent();
    const answer = await this.#held.beat(partition, beat);
    this.#availability.noteBeat(partition, answer, sentAtMs);
    return answer;
  }

  listen(partition: Partition, bell: Bell): Promise<void> {
    return this.#held.listen(partition, bell);
  }

  close(): Promise<void> {
    return this.#held.close();
  }

  read(partition: Partition, ...rest: After<PartitionStore['read']>) {
    return this.#pass(partition, () => this.#held.read(partition, ...rest));
  }

  covering(partition: Partition, ...rest: After<PartitionStore['covering']>) {
    return this.#pass(partition, () => this.#held.covering(partition, ...rest));
  }

  recall(partition: Partition, ...rest: After<PartitionStore['recall']>) {
    return this.#pass(partition, () => this.#held.recall(partition, ...rest));
  }

  write(partition: Partition, write: PartitionWrite): Promise<PartitionApplied | Guarded> {
    return this.#pass(partition, () => this.#held.write(partition, write));
  }

  retime(partition: Partition, retime: PartitionRetime): Promise<PartitionApplied | Guarded> {
    return this.#pass(partition, () => this.#held.retime(partition, retime));
  }

  remove(partition: Partition, removal: Removal): Promise<PartitionApplied> {
    return this.#pass(partition, () => this.#held.remove(partition, removal));
  }

  invalidate(partition: Partition, invalidation: PartitionInvalidation): Promise<PartitionApplied> {
    return this.#pass(partition, () => this.#held.invalidate(partition, invalidation));
  }

  settle(partition: Partition, ...rest: After<PartitionStore['settle']>) {
    return this.#pass(partition, () => this.#held.settle(partition, ...rest));
  }

  acquireLease(partition: Partition, wish: PartitionLeaseWish) {
    return this.#pass(partition, () => this.#held.acquireLease(partition, wish));
  }

  releaseLease(partition: Partition, ref: EntryRef, leaseId: string): Promise<boolean> {
    return this.#pass(partition, () => this.#held.releaseLease(partition, ref, leaseId));
  }

  list(partition: Partition, ...rest: After<PartitionStore['list']>) {
    return this.#pass(partition, () => this.#held.list(partition, ...rest));
  }

  count(partition: Partition, ...rest: After<PartitionStore['count']>) {
    return this.#pass(partition, () => this.#held.count(partition, ...rest));
  }

  drop(partition: Partition, ...rest: After<PartitionStore['drop']>) {
    return this.#pass(partition, () => this.#held.drop(partition, ...rest));
  }

  leave(partition: Partition, id: string): Promise<void> {
    return this.#pass(partition, () => this.#held.leave(partition, id));
  }

  nodes(partition: Partition) {
    return this.#pass(partition, () => this.#held.nodes(partition));
  }

  askNodes(partition: Partition): Promise<void> {
    return this.#pass(partition, () => this.#held.askNodes(partition));
  }

  changesSince(partition: Partition, ...rest: After<PartitionStore['changesSince']>) {
    return this.#pass(partition, () => this.#held.changesSince(partition, ...rest));
  }

  table(partition: Partition, ...rest: After<PartitionStore['table']>) {
    return this.#pass(partition, () => this.#held.table(partition, ...rest));
  }

  async #pass<T>(partition: Partition, send: () => Promise<T>): Promise<T> {
    const breaker = this.#availability.breaker(partition);
    const pass = breaker.admit();
    if (pass === undefined) throw this.#availability.refuse();
    let answered = true;
    try {
      return await send();
    } catch (failure) {
      answered = !isUnanswered(failure);
      throw failure;
    } finally {
      breaker.settle(pass, answered);
    }
  }
}
