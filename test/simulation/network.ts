import type { Partition } from '../../src/cache/rules/position.ts';
import type { SimNode } from './node/node.ts';
import type { Server } from './store/server.ts';
import { timing } from './timing.ts';
import type { Effect } from './truth/effect.ts';
import type { World } from './world.ts';

/** How an answer came. */
export interface Trip {
  readonly sentAtMs: number;
  readonly server: Server;
}

/**
 * Sends a script from a node to the server that its connection leads to. The request takes its time, and so does the
 * answer; either is lost when the node is cut off or killed, when the server has died, and sometimes without a reason.
 */
export function call<Reply>(
  world: World,
  node: SimNode,
  partition: Partition,
  script: (server: Server) => Reply,
  done: (reply: Reply, trip: Trip) => void,
): void {
  const { generation } = node;
  const sentAtMs = world.nowMs;
  const server = node.links[partition]!;
  const alive = (): boolean => node.generation === generation && node.reachable(world.nowMs);
  world.schedule.after(isHeldUp(world) ? 200 + world.random.below(200) : delayMs(world, 6), () => {
    if (!alive()) return;
    if (!server.answers(world.nowMs)) return node.connect(partition, world.partitions[partition]!.primary);
    const reply = script(server);
    if (!world.quiet && world.random.chance(0.02)) return;
    world.schedule.after(delayMs(world, 8), () => {
      if (alive() && world.nowMs - sentAtMs <= timing.callTimeoutMs) done(reply, { sentAtMs, server });
    });
  });
}

/** Tells the nodes that are connected to a server of a change: soon, late, twice or never. */
export function ringDoorbell(world: World, server: Server, deliver: (node: SimNode, effect: Effect) => void) {
  return (effect: Effect): void => {
    for (const node of world.nodes) {
      if (node.links[server.partition] !== server) continue;
      if (world.random.chance(world.temper.doorbellLossRate)) world.situations.met('a lost doorbell');
      else sendDoorbell(world, node, server, () => deliver(node, effect));
      if (world.random.chance(0.02)) sendDoorbell(world, node, server, () => deliver(node, effect));
    }
  };
}

function sendDoorbell(world: World, node: SimNode, server: Server, deliver: () => void): void {
  const { generation } = node;
  world.schedule.after(delayMs(world, 10), () => {
    const linked = node.links[server.partition] === server;
    if (node.generation === generation && node.reachable(world.nowMs) && linked) deliver();
  });
}

/** A frozen process does later what nobody waits for any more. */
function isHeldUp(world: World): boolean {
  return world.shape.faults === 'all' && !world.calm && world.random.chance(0.004);
}

function delayMs(world: World, usualMs: number): number {
  const slow = !world.quiet && world.random.chance(0.03);
  return world.random.below(slow ? 60 : usualMs);
}
