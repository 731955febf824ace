import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import type { Partition } from '../../../src/cache/rules/position.ts';
import type { RecentChanges } from '../../../src/cache/rules/recent-changes.ts';
import type { Control } from '../../../src/cache/rules/visibility.ts';
import type { WatermarkTable } from '../../../src/cache/rules/watermark-table.ts';
import type { Effect } from '../truth/effect.ts';
import type { World } from '../world.ts';

/** A control partition's watermarks, as a node holds them. */
export interface HeldTable {
  readonly watermarks: WatermarkTable;
  /** The epoch that the table is of. After a fork another one must be taken. */
  readonly epoch: string;
  /** Changes up to this number are in it. */
  readonly upTo: number;
}

/** A table on its way from the store. Wide changes that are applied meanwhile follow it. */
export interface AskedTable {
  readonly askedAtMs: number;
  readonly appliedThen: number;
  readonly later: Effect[];
}

/** What a node knows of one partition. */
export interface View {
  readonly partition: Partition;
  /** `undefined` until the first heartbeat is answered. */
  chain: EpochChain | undefined;
  /** Number of the newest change that was applied. */
  applied: number;
  /** When the newest heartbeat was sent that proved the tail to be at the head. */
  provenAtMs: number | undefined;
  readonly recent: RecentChanges;
  /** The newest changes, for subscribers, the oldest first. */
  ring: Effect[];
  /** Changes up to this number left the ring. */
  ringFloor: number;
  table: HeldTable | undefined;
  asked: AskedTable | undefined;
}

/** Returns what a node knows that has just started: nothing. */
export function newView(world: World, partition: Partition): View {
  const recent = world.rules.newRecentChanges(world.temper.bounds.recentKeysMax);
  return {
    partition,
    chain: undefined,
    applied: 0,
    provenAtMs: undefined,
    recent,
    ring: [],
    ringFloor: 0,
    table: undefined,
    asked: undefined,
  };
}

/** Tells whether the permit of a partition holds now. */
export function permitted(world: World, view: View): boolean {
  return world.rules.permitHolds(view.provenAtMs, world.nowMs, world.maxLagMs);
}

/** Returns what a node may judge by now; `undefined` if it has to ask the control partition. */
export function ownControl(world: World, view: View): Control | undefined {
  const { chain, table } = view;
  if (chain === undefined || table === undefined || table.epoch !== chain.epoch) return undefined;
  return world.rules.permitHolds(view.provenAtMs, world.nowMs, world.maxLagMs)
    ? { chain, watermarks: table.watermarks }
    : undefined;
}
