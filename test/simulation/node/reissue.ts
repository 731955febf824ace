import type { Partition } from '../../../src/cache/rules/position.ts';
import type { History } from '../../../src/cache/rules/reissue.ts';
import { call } from '../network.ts';
import { invalidateScript } from '../store/change-scripts.ts';
import { timing } from '../timing.ts';
import type { World } from '../world.ts';
import type { Kept, SimNode } from './node.ts';

/** Goes through what the node acknowledged in a partition, now that the primary in force has told its history. */
export function reissueLost(world: World, node: SimNode, partition: Partition, history: History): void {
  node.kept = node.kept.filter((kept) => {
    if (kept.partition !== partition) return true;
    const step = world.rules.reissueStep(kept, history, timing.memoryMs);
    if (step === 'reissue') reissue(world, node, kept);
    if (step === 'forget') world.situations.met('a forgotten acknowledgement');
    return step !== 'forget';
  });
}

function reissue(world: World, node: SimNode, kept: Kept): void {
  if (kept.reissuedAtMs !== undefined && world.nowMs - kept.reissuedAtMs < timing.callTimeoutMs) return;
  kept.reissuedAtMs = world.nowMs;
  world.situations.met('a re-issued invalidation');
  world.history.note(node.name, () => `re-issues i${kept.invalidation.id}`);
  call(
    world,
    node,
    kept.partition,
    (server) => invalidateScript(world, server, kept.invalidation, 're-issue'),
    (reply) => {
      if (reply.kind === 'refused') return;
      const again: Kept = { ...kept, position: reply.position, acknowledgedAtMs: world.nowMs, reissuedAtMs: undefined };
      node.kept = node.kept.map((each) => (each === kept ? again : each));
    },
  );
}
