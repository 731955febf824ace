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

/**
 * Tells whether an answer may still come from an effect: it stands, or was lost so lately that whoever answers need not
 * have heard of it. A token that names a change of a history without the effect says that it was lost.
 */
export function mayShow(world: World, effect: Effect, { beforeMs, tokens }: Obligation): boolean {
  if (effect.lostAtMs === undefined) return true;
  return effect.lostAtMs >= beforeMs && tokens.every((token) => isOfOneHistory(world, token, effect));
}

function isWithin(world: World, token: Token, effect: Effect): boolean {
  const placed = token.find(({ partition }) => partition === effect.partition);
  if (placed === undefined) return false;
  let named = world.truth.effectAt(placed.partition, placed.position);
  while (named !== undefined && !stands(named)) named = named.previous;
  return named !== undefined && effect.serial <= named.serial;
}

/** Tells whether what a token names came before an effect in one history, or after it. */
function isOfOneHistory(world: World, token: Token, effect: Effect): boolean {
  const placed = token.find(({ partition }) => partition === effect.partition);
  const named = placed && world.truth.effectAt(placed.partition, placed.position);
  if (named === undefined) return true;
  const [older, newer] = named.serial < effect.serial ? [named, effect] : [effect, named];
  let shared: Effect | undefined = newer;
  while (shared !== undefined && shared.serial > older.serial) shared = shared.previous;
  return shared === older;
}
