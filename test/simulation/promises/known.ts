import type { Token } from '../tokens.ts';
import { type Effect, stands } from '../truth/effect.ts';
import type { World } from '../world.ts';

/** What an answer must be at least as new as. */
export interface Obligation {
  /** Whatever was acknowledged before this time. */
  readonly beforeMs: number;
  /** Whatever these tokens name, and all before it. */
  readonly tokens: readonly Token[];
}

/** Tells whether an answer must show an effect: it stands, and was acknowledged long enough ago or lies within a token. */
export function mustShow(
  world: World,
  effect: Effect,
  operation: { readonly ackedAtMs: number | undefined },
  { beforeMs, tokens }: Obligation,
): boolean {
  if (!stands(effect)) return false;
  const { ackedAtMs } = operation;
  if (ackedAtMs !== undefined && ackedAtMs < beforeMs && effect.standsSinceMs < beforeMs) return true;
  return tokens.some((token) => isWithin(world, token, effect));
}

function isWithin(world: World, token: Token, effect: Effect): boolean {
  const placed = token.find(({ partition }) => partition === effect.partition);
  if (placed === undefined) return false;
  let named = world.truth.effectAt(placed.partition, placed.position);
  while (named !== undefined && !stands(named)) named = named.previous;
  return named !== undefined && effect.serial <= named.serial;
}
