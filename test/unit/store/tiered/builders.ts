import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Epoch, Partition } from '../../../../src/cache/rules/position.ts';
import { Lru } from '../../../../src/policy/lru.ts';
import type { Told } from '../../../../src/store/partition-store.ts';
import type { StoredEntry } from '../../../../src/store/store.ts';
import { Home } from '../../../../src/store/tiered/home.ts';
import type { TierParts } from '../../../../src/store/tiered/memory-tier.ts';
import { PartitionView } from '../../../../src/store/tiered/partition-view.ts';
import { EPOCH, NAMESPACE_ID } from '../../../support/changes.ts';

/** The epoch after `EPOCH`. */
export const NEXT_EPOCH = 'f'.repeat(16) as Epoch;
/** The history that changes of test/support/changes.ts are of. */
export const CHAIN: EpochChain = { epoch: EPOCH, ancestors: [] };
/** A history that shares nothing with it. */
export const FOREIGN_CHAIN: EpochChain = { epoch: 'd'.repeat(16) as Epoch, ancestors: [] };

/** Returns a history that shares everything up to `fork` with `CHAIN`. */
export function forkedAt(fork: number): EpochChain {
  return { epoch: NEXT_EPOCH, ancestors: [{ epoch: EPOCH, fork }] };
}

/** Returns what an answer tells of its partition. */
export function toldOf(head: number, parts: Partial<Told> = {}): Told {
  return { chain: CHAIN, head, nowMs: 0, server: 'a', ...parts };
}

/** Returns a view that has followed `CHAIN` from `head` on; permits are for the test to give. */
export function viewFrom(head: number, partition: Partition = 0, recentKeysMax = 100): PartitionView {
  const view = new PartitionView(partition, { recentKeysMax });
  view.restart(CHAIN, head);
  return view;
}

/** What an L1 is made of here. */
export const TIER: TierParts = { capacityBytes: 1_000_000, nowMs: 0, makePolicy: (slotCount) => new Lru(slotCount) };

/**
 * Returns an open namespace on partitions, the control partition first. A key is on the partition whose number it ends
 * with, on the control partition if it ends with none of them.
 */
export function homeOn(...views: readonly [PartitionView, ...PartitionView[]]): Home {
  const viewOf = (key: string): PartitionView =>
    views.find(({ partition }) => key.endsWith(String(partition))) ?? views[0];
  return new Home(NAMESPACE_ID, views, viewOf, TIER);
}

/** Returns an entry that lives long, stamped with its own number. */
export function entryOf(key: string, number: number, parts: Partial<StoredEntry> = {}): StoredEntry {
  const position = { epoch: EPOCH, number };
  const lifetime = { createdAtMs: 0, freshUntilMs: 1_000_000, goneAtMs: 1_000_000 };
  const content = { value: Buffer.from(`value ${number}`), contentType: '', tags: [] };
  return { key, ...content, ...lifetime, position, stamp: position, markedStale: false, ...parts };
}

/** Returns the keys of these that an L1 holds an entry of. */
export function heldKeys({ tier }: Home, keys: readonly string[]): string[] {
  return keys.filter((key) => tier.use(key, 0) !== undefined);
}
