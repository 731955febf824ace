import type { Selector } from '../../../src/cache/rules/selector.ts';
import { nearRead, nearWrite } from '../near/near-cache.ts';
import { leaveScript } from '../store/sweep-scripts.ts';
import type { World } from '../world.ts';
import { invalidateSome, read, setPlain, touchKey } from './caller.ts';

/** The keys that everybody uses. */
export const keys = ['u:1', 'u:2', 'v:1', 'v:2'] as const;

const wide: readonly Selector[] = [
  { kind: 'tag', tag: 'a' },
  { kind: 'tag', tag: 'b' },
  { kind: 'prefix', prefix: 'u:' },
  { kind: 'prefix', prefix: 'v:' },
  { kind: 'namespace' },
];

/** One moment of the callers: at most one of them does something. */
export function traffic(world: World): void {
  const { random } = world;
  const node = random.pick(world.nodes);
  const key = random.pick(keys);
  if (random.chance(world.temper.nearRate)) nearRead(world, random.pick(world.nears), random.pick(keys));
  if (random.chance(world.temper.nearRate / 20)) nearWrite(world, random.pick(world.nears), key);
  const dice = random.float();
  if (dice < 0.08) setPlain(world, key);
  else if (dice < 0.08 + world.temper.invalidationRate) invalidateAny(world, key);
  else if (dice < 0.5) {
    const token = random.chance(0.35) ? world.anyToken() : undefined;
    if (node.reachable(world.nowMs)) read(world, node, key, token === undefined ? [] : [token], true);
  } else if (dice < 0.53) touchKey(world, node, key);
  else if (dice < 0.54) leaveScript(world, world.partitions[world.partitionOf(key)]!.primary, key);
}

function invalidateAny(world: World, key: string): void {
  const { random } = world;
  const mode = random.chance(0.3) ? 'mark-stale' : 'remove';
  invalidateSome(world, random.chance(world.temper.keyShare) ? { kind: 'key', key } : random.pick(wide), mode);
}
