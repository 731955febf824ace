import type { Position } from '../../../src/cache/rules/position.ts';
import type { StoredRecord } from '../store/op.ts';
import type { ReadReply } from '../store/read-scripts.ts';
import { timing } from '../timing.ts';
import type { World } from '../world.ts';
import type { SimNode } from './node.ts';
import { ownControl, type View } from './view.ts';

/** What a miss returns: the moment at which it was judged. */
export interface MissFence {
  readonly key: Position;
  readonly control: Position;
  /** Store time. */
  readonly givenAtMs: number;
}

/** What L1 holds of a key. Times are the node's, counted from the send of the read. */
export type L1Item =
  | {
      readonly kind: 'entry';
      readonly number: number;
      readonly record: StoredRecord;
      readonly freshUntilMs: number;
      readonly goneAtMs: number;
    }
  /** The store had nothing: remembered for no longer than a node may lag. */
  | { readonly kind: 'absence'; readonly number: number; readonly fence: MissFence; readonly goneAtMs: number };

/** Offers an entry that was read to L1. */
export function fillEntry(world: World, node: SimNode, { head, record, nowMs }: ReadReply, sentAtMs: number): void {
  if (record === undefined) return;
  fill(world, node, record.key, head, {
    kind: 'entry',
    number: record.position.number,
    record,
    freshUntilMs: sentAtMs + record.freshUntilMs - nowMs,
    goneAtMs: sentAtMs + record.goneAtMs - nowMs,
  });
}

/** Offers an own write to L1, through the same fence. It counts as written when it was sent: it lives no longer for it. */
export function fillOwnWrite(world: World, node: SimNode, record: StoredRecord): void {
  const { key, position, freshUntilMs, goneAtMs } = record;
  fill(world, node, key, position, { kind: 'entry', number: position.number, record, freshUntilMs, goneAtMs });
}

/** Offers a miss to L1. */
export function fillAbsence(world: World, node: SimNode, key: string, fence: MissFence, sentAtMs: number): void {
  const goneAtMs = sentAtMs + timing.maxLagMs;
  fill(world, node, key, fence.key, { kind: 'absence', number: fence.key.number, fence, goneAtMs });
}

function fill(world: World, node: SimNode, key: string, head: Position, item: L1Item): void {
  const view = node.views[world.partitionOf(key)]!;
  if (view.chain === undefined) return;
  const known = {
    epoch: view.chain.epoch,
    newestChange: view.recent.newestOf(key),
    present: node.l1.get(key)?.number,
  };
  if (world.rules.mayFill(known, { number: item.number, head })) node.l1.set(key, item);
  else world.situations.met('a fill kept out of L1 by the fence');
}

/** Drops what a test picks among the keys of a partition. */
export function dropWhere(world: World, node: SimNode, view: View, picked: (item: L1Item) => boolean): number {
  let dropped = 0;
  for (const [key, item] of node.l1) {
    if (world.partitionOf(key) !== view.partition || !picked(item)) continue;
    node.l1.delete(key);
    dropped++;
  }
  return dropped;
}

/** Drops what the node's watermarks hide or mark, before another table takes their place that may have forgotten them. */
export function sweepL1(world: World, node: SimNode, view: View): void {
  const { chain, table } = view;
  if (chain === undefined || table === undefined) return;
  const control = ownControl(world, view) ?? { chain, watermarks: table.watermarks };
  for (const [key, item] of node.l1) {
    if (item.kind === 'absence') continue;
    if (world.rules.judge(control, item.record.stamp, item.record) !== 'visible') node.l1.delete(key);
  }
}
