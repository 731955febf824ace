import { call } from '../network.ts';
import { invalidateScript, type Try } from '../store/change-scripts.ts';
import type { Invalidation } from '../truth/truth.ts';
import type { World } from '../world.ts';
import type { SimNode } from './node.ts';
import type { Answer } from './set.ts';

/** Invalidates what a selector covers, and remembers it once it is acknowledged. */
export function invalidate(
  world: World,
  node: SimNode,
  invalidation: Invalidation,
  once: Try,
  done: (answer: Answer) => void,
): void {
  const { selector, mode } = invalidation;
  const wide = selector.kind !== 'key' || mode === 'mark-stale';
  const partition = wide ? world.control : world.partitionOf(selector.key);
  call(
    world,
    node,
    partition,
    (server) => invalidateScript(world, server, invalidation, once),
    (reply) => {
      if (reply.kind === 'refused') return done({ kind: 'refused' });
      const { position } = reply;
      const acknowledgedAtMs = world.nowMs;
      node.kept.push({ invalidation, partition, position, acknowledgedAtMs, reissuedAtMs: undefined });
      done({ kind: 'done', token: [{ partition, position }], revision: position });
    },
  );
}
