import type { Position } from '../../../src/cache/rules/position.ts';
import { call } from '../network.ts';
import type { MissFence } from '../node/l1.ts';
import type { SimNode } from '../node/node.ts';
import { type Answer, set } from '../node/set.ts';
import { ownControl } from '../node/view.ts';
import { leaseScript } from '../store/lease-scripts.ts';
import type { Value } from '../truth/value.ts';
import type { World } from '../world.ts';
import { newValue } from './caller.ts';

/** Computes what was missing, under a lease or with the fence of the miss, and stores it some time later, maybe elsewhere. */
export function fill(world: World, node: SimNode, key: string, fence: MissFence): void {
  if (world.random.chance(0.6)) {
    compute(world, key, fence, undefined);
    return;
  }
  askLease(world, node, key, fence, (leaseId) => compute(world, key, fence, leaseId));
}

function askLease(world: World, node: SimNode, key: string, fence: MissFence, granted: (id: string) => void): void {
  const control = ownControl(world, node.views[world.control]!);
  const covering = control?.watermarks.covering({ key, tags: [] });
  const number = Math.max(covering?.removed ?? 0, covering?.stale ?? 0);
  const voidBelow = { epoch: control?.chain.epoch ?? fence.control.epoch, number };
  call(
    world,
    node,
    world.partitionOf(key),
    (server) => leaseScript(world, server, { key, stamp: fence.control, voidBelow }),
    (leaseId) => {
      if (leaseId !== undefined) granted(leaseId);
    },
  );
}

/** Computes for a while and stores. `stored` hears of it. */
export function compute(
  world: World,
  key: string,
  fence: MissFence,
  leaseId: string | undefined,
  stored: (value: Value, answer: Answer) => void = () => undefined,
): void {
  world.schedule.after(world.random.below(6), () => {
    const value = newValue(world, key, leaseId === undefined ? 'fence' : 'lease');
    world.schedule.after(computeMs(world), () => {
      const node = world.random.pick(world.nodes);
      if (!node.reachable(world.nowMs) || world.quiet) return;
      const guard =
        leaseId === undefined
          ? ({ kind: 'fence', fence: { head: fence.key, givenAtMs: fence.givenAtMs } } as const)
          : ({ kind: 'lease', leaseId } as const);
      set(world, node, { value, guard, stamp: stampFor(world, node, fence), once: undefined }, (answer) => {
        stored(value, answer);
        if (answer.kind === 'refused') return;
        value.ackedAtMs = world.nowMs;
        world.keepToken(answer.token);
      });
    });
  });
}

/** Most computations are quick; some outlive their fence. */
function computeMs({ random }: World): number {
  return random.below(random.chance(0.7) ? 25 : random.pick([120, 250]));
}

function stampFor(world: World, node: SimNode, fence: MissFence): Position {
  const { chain, applied } = node.views[world.control]!;
  const atArrival = chain === undefined ? fence.control : { epoch: chain.epoch, number: applied };
  return world.rules.fillStamp(fence.control, atArrival);
}
