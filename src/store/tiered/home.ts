import type { Partition } from '../../cache/rules/position.ts';
import type { NamespaceId } from '../store.ts';
import { HeldWatermarks } from './held-watermarks.ts';
import { MemoryTier, type TierParts } from './memory-tier.ts';
import type { PartitionView } from './partition-view.ts';

/** An open namespace on this node: where it lives, its L1 and its watermarks. */
export class Home {
  readonly id: NamespaceId;
  /** Of its partitions, the control partition first. */
  readonly views: readonly PartitionView[];
  readonly tier: MemoryTier;
  readonly watermarks = new HeldWatermarks();
  /** Entries in the store when it was last asked. */
  entriesCounted = 0;
  readonly #viewOf: (key: string) => PartitionView;

  /** @param viewOf the view of the partition that a key of the namespace is on */
  constructor(
    id: NamespaceId,
    views: readonly PartitionView[],
    viewOf: (key: string) => PartitionView,
    tier: TierParts,
  ) {
    this.id = id;
    this.views = views;
    this.tier = new MemoryTier(tier);
    this.#viewOf = viewOf;
  }

  /** The partition that takes the namespace's wide changes. */
  get control(): PartitionView {
    return this.views[0]!;
  }

  /** The partition of a key. */
  viewOf(key: string): PartitionView {
    return this.views.length === 1 ? this.control : this.#viewOf(key);
  }

  /** Tells whether some of the namespace's keys are on a partition. */
  livesOn(partition: Partition): boolean {
    return this.views.some((view) => view.partition === partition);
  }
}
