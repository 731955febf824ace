import { AgeMap } from '../../base/age-map.ts';
import { limits } from '../../base/limits.ts';
import type { Partition, Position } from '../../cache/rules/position.ts';
import { type History, reissueStep } from '../../cache/rules/reissue.ts';
import type { PartitionInvalidation } from '../partition-store.ts';
import type { Removal } from '../store.ts';

/** What was acknowledged: a watermark, or the removal of a key. */
export type Acknowledgement =
  | { readonly kind: 'invalidation'; readonly change: PartitionInvalidation }
  | { readonly kind: 'removal'; readonly change: Removal };

/** An invalidation that this node acknowledged. */
export interface Remembered {
  readonly acknowledgement: Acknowledgement;
  readonly partition: Partition;
  readonly position: Position;
  readonly acknowledgedAtMs: number;
}

/**
 * The invalidations that this node acknowledged lately, until a heartbeat of the primary in force finds them in its
 * history long enough after. Those that a failover lost are to be made again (Accepted-is-kept).
 *
 * Of several that cover the same, the newest stands for all. Bounded: at the limit the oldest is forgotten early, which
 * matters only if a failover loses it within the minute.
 */
export class AcknowledgedInvalidations {
  readonly #memoryMs: number;
  /** By what they cover. */
  readonly #remembered = new AgeMap<Remembered>();
  /** Their names by partition: each is asked for at every heartbeat, and there may be hundreds. */
  readonly #names = new Map<Partition, Set<string>>();

  constructor(memoryMs: number = limits.acknowledgedAgeMsMin) {
    this.#memoryMs = memoryMs;
  }

  /** Invalidations remembered. */
  get size(): number {
    return this.#remembered.size;
  }

  /** Remembers what was acknowledged. */
  remember(remembered: Remembered): void {
    const name = nameOf(remembered.acknowledgement);
    this.#remembered.set(name, remembered);
    this.#namesOf(remembered.partition).add(name);
    if (this.#remembered.size > limits.acknowledgedInvalidationsMax) this.#forgetOldest();
  }

  /** Forgets what can no longer be lost in a partition, and returns what was: the caller makes it again. */
  check(partition: Partition, history: History): Remembered[] {
    const lost: Remembered[] = [];
    for (const name of this.#names.get(partition) ?? []) {
      const remembered = this.#remembered.get(name)!;
      const step = reissueStep(remembered, history, this.#memoryMs);
      if (step === 'forget') this.#forget(name, partition);
      if (step === 'reissue') lost.push(remembered);
    }
    return lost;
  }

  #forgetOldest(): void {
    const oldest = this.#remembered.oldest();
    if (oldest !== undefined) this.#forget(oldest.key, oldest.value.partition);
  }

  #forget(name: string, partition: Partition): void {
    this.#remembered.delete(name);
    this.#names.get(partition)?.delete(name);
  }

  #namesOf(partition: Partition): Set<string> {
    const names = this.#names.get(partition) ?? new Set();
    this.#names.set(partition, names);
    return names;
  }
}

function nameOf({ kind, change }: Acknowledgement): string {
  if (kind === 'removal') return JSON.stringify([change.namespaceId, 'entry', change.key]);
  return JSON.stringify([change.namespaceId, change.mode, change.selector]);
}
