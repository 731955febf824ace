import type { SimNode } from './node/node.ts';
import type { World } from './world.ts';

/** One moment of misfortune: at most one thing goes wrong. */
export function misfortune(world: World): void {
  const { random } = world;
  if (!random.chance(0.012 * world.temper.faultRate)) return;
  if (world.shape.faults === 'routine') {
    routine(world);
    return;
  }
  const dice = random.float();
  const partition = random.pick(world.partitions);
  const node = random.pick(world.nodes);
  if (dice < 0.22) failOverSome(world);
  else if (dice < 0.26) partition.wipe(world);
  else if (dice < 0.31) cutOffDuringFailover(world, node);
  else if (dice < 0.38) partition.changeReplicationId(world);
  else if (dice < 0.46) flap(world);
  else if (dice < 0.52) leadAstray(world, node);
  else if (dice < 0.66) cutOff(world, node, 10 + random.below(random.chance(0.3) ? 220 : 60));
  else if (dice < 0.74) node.kill(world);
  else if (dice < 0.88) random.pick(world.nears).stream = undefined;
  else random.pick(world.nears).stalledUntilMs = world.nowMs + random.below(120);
}

/** The primary dies right after it acknowledged something, perhaps while the node is cut off that answered the caller. */
export function misfortuneAfter(world: World, node: SimNode, partition: number): void {
  const { random } = world;
  if (world.calm || world.shape.faults === 'routine' || !random.chance(0.03 * world.temper.faultRate)) return;
  world.schedule.after(random.below(8), () => {
    if (!world.calm) world.partitions[partition]!.failOver(world);
  });
  if (random.chance(0.3)) cutOff(world, node, 150 + random.below(70));
}

function routine(world: World): void {
  const { random } = world;
  if (random.chance(0.7)) random.pick(world.partitions).changeReplicationId(world);
  else random.pick(world.nears).stream = undefined;
}

function failOverSome(world: World): void {
  const all = world.random.chance(0.3);
  const some = all ? world.partitions : [world.random.pick(world.partitions)];
  for (const partition of some) partition.failOver(world);
}

function flap(world: World): void {
  const partition = world.random.pick(world.partitions);
  partition.failOver(world);
  world.schedule.after(world.random.below(40), () => {
    if (!world.calm) partition.failOver(world);
  });
}

function cutOffDuringFailover(world: World, node: SimNode): void {
  cutOff(world, node, 150 + world.random.below(70));
  world.schedule.after(world.random.below(40), () => {
    if (!world.calm) for (const partition of world.partitions) partition.failOver(world);
  });
}

/** A node is told by somebody who has not heard of the failover yet that the old primary is the one. */
function leadAstray(world: World, node: SimNode): void {
  for (const { number, deposed } of world.partitions) {
    if (deposed === undefined || !deposed.answers(world.nowMs)) continue;
    world.situations.met('a node led astray');
    node.connect(number, deposed);
  }
}

function cutOff(world: World, node: SimNode, forMs: number): void {
  if (world.calm) return;
  node.cutUntilMs = world.nowMs + forMs;
  world.history.note(node.name, () => `is cut off until ${node.cutUntilMs}`);
}
