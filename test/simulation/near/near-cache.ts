import type { NearChange } from '../../../clients/typescript/src/near/near-rule.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import { setPlain } from '../caller/caller.ts';
import { compute } from '../caller/fill.ts';
import { get, type Outcome } from '../node/get.ts';
import { checkNearHit, checkRead } from '../promises/check-read.ts';
import { timing } from '../timing.ts';
import { tokenOf } from '../tokens.ts';
import type { Effect } from '../truth/effect.ts';
import type { Value } from '../truth/value.ts';
import type { World } from '../world.ts';
import type { NearClient, NearFlight, NearItem } from './near-client.ts';

/** Reads a key: from the near cache while its freshness is proven, else from any node, at least as fresh as the stream. */
export function nearRead(world: World, near: NearClient, key: string): void {
  const item = near.items.get(key);
  if (item !== undefined && world.nowMs < item.freshUntilMs && near.proof.holds(world.nowMs)) {
    world.situations.met('a served entry from a near cache');
    checkNearHit(world, near, item.value);
    return;
  }
  const { token } = near;
  const node = world.random.pick(world.nodes);
  if (token === undefined || !node.reachable(world.nowMs)) return;
  const startedAtMs = world.nowMs;
  const flight: NearFlight = { key, told: [] };
  near.flights.add(flight);
  world.schedule.after(timing.callTimeoutMs * 4, () => near.flights.delete(flight));
  const tokens = [tokenOf(world.rules.nearReadToken(token))];
  get(world, node, key, tokens, (outcome) => {
    checkRead(world, { key, tokens, startedAtMs, from: `${near.name} at ${node.name}` }, outcome);
    world.schedule.after(world.random.below(6), () => onAnswer(world, near, flight, outcome, startedAtMs));
  });
}

function onAnswer(world: World, near: NearClient, flight: NearFlight, outcome: Outcome, startedAtMs: number): void {
  if (outcome.kind === 'hit') {
    near.flights.delete(flight);
    const freshUntilMs = startedAtMs + outcome.freshForMs;
    const item = itemOf(outcome.value, outcome.revision, freshUntilMs);
    const kept = flight.told !== undefined && !outcome.stale && world.rules.mayKeep(item, flight.told);
    if (kept) near.items.set(flight.key, item);
    else world.situations.met('a Hit kept out of a near cache');
  } else if (outcome.kind === 'miss' && world.random.chance(0.5)) {
    compute(world, flight.key, outcome.fence, undefined, (value, answer) => {
      if (answer.kind === 'done') onOwnWrite(world, near, flight, value, answer.revision);
    });
  } else near.flights.delete(flight);
}

/** Writes a key past the near cache. */
export function nearWrite(world: World, near: NearClient, key: string): void {
  const flight: NearFlight = { key, told: [] };
  near.flights.add(flight);
  world.schedule.after(timing.callTimeoutMs * 4, () => near.flights.delete(flight));
  setPlain(world, key, { stored: (value, revision) => onOwnWrite(world, near, flight, value, revision) });
}

/** An own write was stored. It enters when the stream tells it. */
function onOwnWrite(world: World, near: NearClient, flight: NearFlight, value: Value, revision: Position): void {
  const item = itemOf(value, revision, value.begunAtMs + value.ttlMs);
  near.ownWrites.push({ flight, item, untilMs: world.nowMs + timing.maxLagMs });
  settleOwnWrites(world, near);
}

function settleOwnWrites(world: World, near: NearClient): void {
  near.ownWrites = near.ownWrites.filter(({ flight, item, untilMs }) => {
    const enters = flight.told !== undefined && world.rules.mayKeepOwn(item, flight.told);
    if (enters) {
      world.situations.met('an own write in a near cache');
      near.items.set(item.key, item);
    }
    const over = enters || flight.told === undefined || world.nowMs > untilMs;
    if (over) near.flights.delete(flight);
    return !over;
  });
}

/** Takes a change that the stream told. */
export function onChange(world: World, near: NearClient, effect: Effect): void {
  const change = nearChangeOf(effect);
  for (const flight of near.flights) {
    flight.told?.push(change);
    if ((flight.told?.length ?? 0) > world.temper.bounds.toldMax) flight.told = undefined;
  }
  for (const [key, item] of near.items) {
    if (!world.rules.drops(change, item)) continue;
    near.items.delete(key);
    world.situations.met('a near entry dropped');
  }
  settleOwnWrites(world, near);
}

/** Forgets everything, also what is on its way. */
export function emptyNear(near: NearClient): void {
  near.items.clear();
  near.ownWrites = [];
  for (const flight of near.flights) flight.told = undefined;
}

function itemOf(value: Value, revision: Position, freshUntilMs: number): NearItem {
  return { key: value.key, tags: value.tags, value, revision: revisionText(revision), freshUntilMs };
}

function nearChangeOf({ change, position }: Effect): NearChange {
  switch (change.kind) {
    case 'epoch':
      return { kind: 'epoch' };
    case 'set':
      return { kind: 'set', key: change.key, revision: revisionText(position) };
    case 'touch':
    case 'remove':
      return { kind: 'key', key: change.key };
    case 'invalidate':
      return { kind: 'wide', selector: change.selector };
  }
}

function revisionText({ epoch, number }: Position): string {
  return `${epoch}-${number}`;
}
