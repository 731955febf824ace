import type { Clock } from '../../base/clock.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { History } from '../../cache/rules/reissue.ts';
import type { PartitionApplied, PartitionStore } from '../partition-store.ts';
import { AcknowledgedInvalidations, type Acknowledgement, type Remembered } from './acknowledged-invalidations.ts';

/** Changes that are made again at the same time: a failover may have lost many, and callers have changes, too. */
const AT_ONCE_MAX = 64;

/** Makes again what was acknowledged and then lost by a failover. */
export class Reissues {
  readonly #partitions: PartitionStore;
  readonly #clock: Clock;
  readonly #onFailure: (cause: unknown) => void;
  readonly #acknowledged: AcknowledgedInvalidations;
  readonly #waiting = new Set<Remembered>();
  readonly #underWay = new Set<Remembered>();
  #count = 0;

  constructor(
    partitions: PartitionStore,
    clock: Clock,
    onFailure: (cause: unknown) => void,
    acknowledged: AcknowledgedInvalidations = new AcknowledgedInvalidations(),
  ) {
    this.#partitions = partitions;
    this.#clock = clock;
    this.#onFailure = onFailure;
    this.#acknowledged = acknowledged;
  }

  /** How many invalidations were made again. */
  get count(): number {
    return this.#count;
  }

  /** Remembers an invalidation that is about to be acknowledged. */
  acknowledge(acknowledgement: Acknowledgement, partition: Partition, { position }: PartitionApplied): void {
    const acknowledgedAtMs = this.#clock.monotonicMs();
    this.#acknowledged.remember({ acknowledgement, partition, position, acknowledgedAtMs });
  }

  /** Learns what the primary in force knows of a partition's history. */
  check(partition: Partition, history: History): void {
    for (const lost of this.#acknowledged.check(partition, history)) {
      if (!this.#underWay.has(lost)) this.#waiting.add(lost);
    }
    this.#goOn();
  }

  #goOn(): void {
    for (const lost of this.#waiting) {
      if (this.#underWay.size === AT_ONCE_MAX) return;
      this.#waiting.delete(lost);
      this.#make(lost);
    }
  }

  #make(lost: Remembered): void {
    this.#underWay.add(lost);
    this.#again(lost)
      .then((applied) => {
        this.#count++;
        this.acknowledge(lost.acknowledgement, lost.partition, applied);
      }, this.#onFailure)
      .finally(() => {
        this.#underWay.delete(lost);
        this.#goOn();
      });
  }

  /** As a new change: without the request id, under which the lost one may be remembered. */
  #again({ acknowledgement, partition }: Remembered): Promise<PartitionApplied> {
    const { once: _, ...change } = acknowledgement.change;
    return 'selector' in change
      ? this.#partitions.invalidate(partition, change)
      : this.#partitions.remove(partition, change);
  }
}
