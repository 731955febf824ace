import type { BeatReply } from '../store/read-scripts.ts';
import type { Effect } from '../truth/effect.ts';
import type { World } from '../world.ts';
import { dropWhere } from './l1.ts';
import type { SimNode } from './node.ts';
import type { View } from './view.ts';

/** Applies a change of the log, which is the next one. */
export function applyChange(world: World, node: SimNode, view: View, effect: Effect): void {
  const { change, position } = effect;
  const { number } = position;
  if (change.kind === 'invalidate') {
    view.asked?.later.push(effect);
    raise(world, view, effect);
  } else if (change.kind !== 'epoch') {
    const item = node.l1.get(change.key);
    if (item !== undefined && world.rules.overtakes(number, item.number)) node.l1.delete(change.key);
    view.recent.note(change.key, number);
  }
  view.applied = number;
  view.ring.push(effect);
  if (view.ring.length > world.temper.bounds.ringMax) view.ringFloor = view.ring.shift()!.position.number;
}

/** Raises a watermark in the node's table, unless it is in there already. */
export function raise(world: World, view: View, { change, position, atMs }: Effect): void {
  const { table } = view;
  if (change.kind !== 'invalidate' || table === undefined || position.number <= table.upTo) return;
  const { folds } = table.watermarks;
  table.watermarks.raise(change.selector, change.mode, position.number, atMs);
  if (table.watermarks.folds > folds) world.folded();
}

/** Applies a change that a doorbell brought, if it is the next one. Else the heartbeat will find it. */
export function onDoorbell(world: World, node: SimNode, effect: Effect): void {
  const view = node.views[effect.partition]!;
  if (effect.position.epoch === view.chain?.epoch && effect.position.number === view.applied + 1) {
    applyChange(world, node, view, effect);
  }
}

/** Takes a page of the log, in the epoch that the tail is in. */
export function takePage(world: World, node: SimNode, view: View, reply: BeatReply, after: number): void {
  const [first, last] = [reply.changes[0], reply.changes.at(-1)];
  const numbers = first && last && { first: first.position.number, last: last.position.number };
  switch (world.rules.logStep(view.applied, { after, numbers, head: reply.head.number })) {
    case 'apply':
      for (const effect of reply.changes)
        if (effect.position.number > view.applied) applyChange(world, node, view, effect);
      return;
    case 'hole':
      world.situations.met('a hole in the log');
      adopt(world, node, view, reply);
      return;
    case 'nothing':
      return;
  }
}

/** Gives up the node's history of a partition and takes the log's head for its own. Nothing that was cached is kept. */
export function adopt(world: World, node: SimNode, view: View, { chain, head }: BeatReply): void {
  world.history.note(node.name, () => `adopts ${head.epoch}@${head.number} of partition ${view.partition}`);
  if (view.partition === world.control) node.l1.clear();
  else dropWhere(world, node, view, () => true);
  view.chain = chain;
  view.applied = head.number;
  view.provenAtMs = undefined;
  view.recent.restartAt(head.number);
  view.ring = [];
  view.ringFloor = head.number;
  view.table = undefined;
  view.asked = undefined;
}

/** Follows a fork: keeps what both histories share. */
export function follow(world: World, node: SimNode, view: View, { chain }: BeatReply, fork: number): void {
  const { rules } = world;
  const before = node.l1.size;
  const dropped = dropWhere(world, node, view, ({ number }) => !rules.survivesFork(number, fork));
  if (dropped > 0) world.situations.met('a fork that dropped entries');
  if (before > dropped) world.situations.met('a fork that kept entries');
  world.history.note(node.name, () => `follows partition ${view.partition} into ${chain.epoch}, fork ${fork}`);
  world.followed(view.applied, fork, dropped);
  view.applied = rules.clampToFork(view.applied, fork);
  view.ring = view.ring.filter(({ position }) => rules.survivesFork(position.number, fork));
  view.ringFloor = rules.clampToFork(view.ringFloor, fork);
  view.recent.clampTo(fork);
  view.chain = chain;
  view.provenAtMs = undefined;
  view.asked = undefined;
}
