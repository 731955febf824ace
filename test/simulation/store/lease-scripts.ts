import type { Position } from '../../../src/cache/rules/position.ts';
import { checkGrant } from '../promises/one-filler.ts';
import { timing } from '../timing.ts';
import type { World } from '../world.ts';
import { checkLineage, commit, type Server } from './server.ts';

/** Asks for the fill lease of a key. */
export interface LeaseWish {
  readonly key: string;
  /** Control position at which the miss was judged. */
  readonly stamp: Position;
  /** The highest watermark that covers the key, as far as the node knows. */
  readonly voidBelow: Position;
}

/** Grants the fill lease of a key; `undefined` if somebody holds it. A counter of its own: no change of the log. */
export function leaseScript(world: World, server: Server, { key, stamp, voidBelow }: LeaseWish): string | undefined {
  checkLineage(world, server);
  const { state } = server;
  const atMs = world.nowMs;
  const stored = state.leases.get(key);
  if (!world.rules.mayGrant(stored, voidBelow, atMs)) {
    world.situations.met('a lease refused');
    return undefined;
  }
  const takenOver = stored !== undefined && atMs < stored.endsAtMs;
  world.situations.met(takenOver ? 'a void lease taken over' : 'a lease granted');
  const id = world.rules.leaseIdOf(state.chain!.epoch, state.leaseCount + 1);
  const lease = { id, stamp, endsAtMs: atMs + timing.leaseHoldMs };
  commit(world, server, { kind: 'lease', atMs, key, lease });
  checkGrant(world, server, key, lease);
  return id;
}
