import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import { call, type Trip } from '../network.ts';
import { type BeatReply, beatScript } from '../store/read-scripts.ts';
import type { World } from '../world.ts';
import type { SimNode } from './node.ts';
import { reissueLost } from './reissue.ts';
import { adopt, follow, takePage } from './tail.ts';
import { askTable } from './take-table.ts';
import type { View } from './view.ts';

const BEAT_MS = 8;

/** Asks a partition's primary for its head, what the node has not applied, and whether it is the primary in force. */
export function heartbeat(world: World, node: SimNode, view: View): void {
  const { partition, applied, chain } = view;
  if (world.nowMs - node.beatSentAtMs[partition]! < BEAT_MS) return;
  node.beatSentAtMs[partition] = world.nowMs;
  call(
    world,
    node,
    partition,
    (server) => beatScript(world, server, applied),
    (reply, trip) => onBeat(world, node, { partition, applied, chain }, reply, trip),
  );
}

/** What the node knew when it asked. */
interface Asked {
  readonly partition: number;
  readonly applied: number;
  readonly chain: EpochChain | undefined;
}

function onBeat(world: World, node: SimNode, asked: Asked, reply: BeatReply, trip: Trip): void {
  const { partition } = asked;
  const view = node.views[partition]!;
  if (node.links[partition] !== trip.server) return;
  takeHistory(world, node, view, asked, reply);
  prove(world, view, reply, trip);
  if (reply.inForce) takeProof(world, node, view, reply, trip);
  else {
    world.situations.met('a deposed primary noticed by a heartbeat');
    // The new primary may be out of reach for a while.
    if (world.random.chance(0.1)) node.connect(partition, world.partitions[partition]!.primary);
  }
}

function takeHistory(world: World, node: SimNode, view: View, asked: Asked, reply: BeatReply): void {
  if (view.chain === undefined) {
    if (reply.inForce) adopt(world, node, view, reply);
    return;
  }
  const step = world.rules.epochStep(view.chain, reply.chain);
  switch (step.kind) {
    case 'same':
      // Deliberate: numbers of an epoch that ended meanwhile are not those of the page.
      if (asked.chain?.epoch === view.chain.epoch) takePage(world, node, view, reply, asked.applied);
      return;
    case 'forked':
      follow(world, node, view, reply, step.fork);
      return;
    case 'older':
      world.situations.met('an answer of an older epoch ignored');
      return;
    case 'unrelated':
      world.situations.met('an epoch unrelated to the known one');
      if (reply.inForce) adopt(world, node, view, reply);
      return;
  }
}

function prove(world: World, view: View, reply: BeatReply, { sentAtMs }: Trip): void {
  const { chain, applied } = view;
  if (chain === undefined) return;
  const beat = { epoch: reply.chain.epoch, head: reply.head.number, inForce: reply.inForce };
  if (world.rules.provesTail({ epoch: chain.epoch, applied }, beat)) {
    view.provenAtMs = Math.max(view.provenAtMs ?? sentAtMs, sentAtMs);
  }
}

function takeProof(world: World, node: SimNode, view: View, reply: BeatReply, { server, sentAtMs }: Trip): void {
  const { partition } = view;
  node.proofs[partition] = { server: server.id, provenAtMs: sentAtMs };
  reissueLost(world, node, partition, { chain: reply.chain, sentAtMs });
  if (partition === world.control) askTable(world, node, view);
}
