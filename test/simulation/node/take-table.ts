import { call } from '../network.ts';
import { tableScript } from '../store/read-scripts.ts';
import { timing } from '../timing.ts';
import type { World } from '../world.ts';
import { sweepL1 } from './l1.ts';
import type { SimNode } from './node.ts';
import { raise } from './tail.ts';
import type { View } from './view.ts';

/**
 * Asks the control partition for its table: at the start, after a fork, and now and then, which is how a node forgets
 * watermarks. In its place the old one goes, after L1 was swept by it.
 */
export function askTable(world: World, node: SimNode, view: View): void {
  const { chain, table, asked, applied } = view;
  const due = table === undefined || table.epoch !== chain?.epoch || world.random.chance(0.02);
  if (!due || (asked !== undefined && world.nowMs - asked.askedAtMs < timing.callTimeoutMs)) return;
  const mine = { askedAtMs: world.nowMs, appliedThen: applied, later: [] };
  view.asked = mine;
  call(
    world,
    node,
    view.partition,
    (server) => tableScript(world, server),
    ({ head, rows }) => {
      if (view.asked !== mine) return;
      view.asked = undefined;
      if (head.epoch !== view.chain?.epoch || head.number < mine.appliedThen) return;
      world.history.note(node.name, () => `takes the table of ${head.epoch}@${head.number}`);
      world.situations.met('a table taken from the store');
      if (world.rules.sweepBeforeNewTable()) sweepL1(world, node, view);
      const watermarks = world.rules.newWatermarkTable(world.temper.rowsMax);
      watermarks.load(rows);
      view.table = { watermarks, epoch: head.epoch, upTo: head.number };
      for (const effect of mine.later) raise(world, view, effect);
    },
  );
}
