import type { Position } from '../../../src/cache/rules/position.ts';
import { checkEvent, checkProgress } from '../promises/stream-promises.ts';
import type { World } from '../world.ts';
import { askHead } from './ask-head.ts';
import { emptyNear, onChange } from './near-cache.ts';
import type { NearClient } from './near-client.ts';
import { type Message, pump, type Stream, sayProgress } from './stream.ts';

/** One moment of a near client's stream: it is opened, told something, or breaks. */
export function stepStream(world: World, near: NearClient): void {
  const { stream } = near;
  if (stream === undefined) {
    if (world.random.chance(0.1)) open(world, near);
    return;
  }
  const { node, generation } = stream;
  if (node.generation !== generation || (!node.reachable(world.nowMs) && world.random.chance(0.05))) {
    near.stream = undefined;
    return;
  }
  if (near.stalledUntilMs > world.nowMs) stream.arrivesAtMs = Math.max(stream.arrivesAtMs, near.stalledUntilMs);
  if (world.random.chance(0.5)) pump(world, stream);
  if (world.random.chance(0.05)) sayProgress(world, stream);
  if (world.random.chance(0.1)) askHead(world, near);
}

function open(world: World, near: NearClient): void {
  const node = world.random.pick(world.nodes);
  if (!node.reachable(world.nowMs) || node.views.some(({ chain }) => chain === undefined)) return;
  const now = node.views.map(({ chain, applied }): Position => ({ epoch: chain!.epoch, number: applied }));
  if (near.token === undefined) {
    if (!canGoOnAnywhere(world, now)) return;
    begin(world, near, now);
  } else world.situations.met('a stream resumed elsewhere');
  const sent = [...world.rules.resumePoint(near.token!, now)];
  const deliver = (message: Message): void => {
    if (near.stream === stream) take(world, near, message);
  };
  const stream: Stream = {
    node,
    generation: node.generation,
    sent,
    deliver,
    openedAtMs: world.nowMs,
    arrivesAtMs: world.nowMs,
  };
  near.stream = stream;
}

/** Every node holds what follows: it could not replay from the store's log what was before it started. */
function canGoOnAnywhere(world: World, now: readonly Position[]): boolean {
  return world.nodes.every(({ views }) =>
    views.every(({ chain, ringFloor, partition }) => chain !== undefined && ringFloor <= now[partition]!.number),
  );
}

/** Begins without a token: from now on. */
function begin(world: World, near: NearClient, at: readonly Position[]): void {
  near.token = at;
  near.last = at.map((position, partition) => world.truth.effectAt(partition, position));
}

function take(world: World, near: NearClient, message: Message): void {
  switch (message.kind) {
    case 'event': {
      const { effect } = message;
      checkEvent(world, near, effect);
      near.last[effect.partition] = effect;
      near.token = near.token!.with(effect.partition, effect.position);
      if (effect.change.kind === 'epoch') world.situations.met('an epoch change told to a stream');
      onChange(world, near, effect);
      return;
    }
    case 'reset': {
      const { partition, at } = message;
      world.history.note(near.name, () => `is told a Reset of partition ${partition} at ${at.epoch}@${at.number}`);
      world.situations.met('a stream told a Reset');
      world.resets++;
      near.last[partition] = world.truth.effectAt(partition, at);
      near.token = near.token!.with(partition, at);
      near.proof.reset();
      emptyNear(near);
      return;
    }
    case 'progress':
      checkProgress(world, near, message.at);
      return;
  }
}
