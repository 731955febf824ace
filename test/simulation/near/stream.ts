import type { Partition, Position } from '../../../src/cache/rules/position.ts';
import type { SimNode } from '../node/node.ts';
import type { Effect } from '../truth/effect.ts';
import type { World } from '../world.ts';

/** What a stream tells. */
export type Message =
  | { readonly kind: 'event'; readonly effect: Effect }
  | { readonly kind: 'reset'; readonly partition: Partition; readonly at: Position }
  | { readonly kind: 'progress'; readonly at: readonly Position[] };

/** One subscription on the node that serves it. */
export interface Stream {
  readonly node: SimNode;
  readonly generation: number;
  /** What was sent, by partition. */
  readonly sent: Position[];
  readonly deliver: (message: Message) => void;
  readonly openedAtMs: number;
  /** Messages arrive in order. */
  arrivesAtMs: number;
}

/** Sends whatever is to be told. Returns true if everything that the node has applied was sent. */
export function pump(world: World, stream: Stream): boolean {
  let complete = true;
  for (const view of stream.node.views) {
    const { chain, partition, applied } = view;
    const at = stream.sent[partition]!;
    if (chain === undefined) return false;
    const current = (view.provenAtMs ?? 0) > stream.openedAtMs;
    const step = world.rules.resumeStep({ chain, applied, floor: view.ringFloor, current }, at);
    if (step.kind === 'wait') {
      world.situations.met('a stream that waits for its node');
      complete = false;
    } else if (step.kind === 'reset' || isSlow(world)) {
      const head = { epoch: chain.epoch, number: applied };
      stream.sent[partition] = head;
      send(world, stream, { kind: 'reset', partition, at: head });
    } else {
      if (at.epoch !== chain.epoch && step.number < applied) world.situations.met('a stream resumed across a fork');
      for (const effect of view.ring) {
        if (effect.position.number <= step.number) continue;
        stream.sent[partition] = effect.position;
        send(world, stream, { kind: 'event', effect });
      }
    }
  }
  return complete;
}

/** Now and then a subscriber falls behind its queue. */
function isSlow(world: World): boolean {
  return world.shape.faults === 'all' && world.random.chance(0.002);
}

/** Says up to where everything was told. */
export function sayProgress(world: World, stream: Stream): void {
  if (pump(world, stream)) send(world, stream, { kind: 'progress', at: [...stream.sent] });
}

/** Sends a message that arrives after those before it. */
export function send(world: World, stream: Stream, message: Message): void {
  stream.arrivesAtMs = Math.max(stream.arrivesAtMs, world.nowMs + 1 + world.random.below(4));
  world.schedule.after(stream.arrivesAtMs - world.nowMs - 1, () => stream.deliver(message));
}
