import { covers } from '../../../src/cache/rules/selector.ts';
import { type Effect, stands } from '../truth/effect.ts';
import type { Invalidation } from '../truth/truth.ts';
import { type Value, valueWords } from '../truth/value.ts';
import type { World } from '../world.ts';
import type { Read } from './check-read.ts';
import { mustShow, type Obligation } from './known.ts';

/** Judges a miss: the last Set of the key must be there, unless something excuses it. */
export function checkWriteVisible(world: World, read: Read, obligation: Obligation): void {
  const changes = world.truth.keyChanges.get(read.key) ?? [];
  let newest: (typeof changes)[number] | undefined;
  for (const change of changes) {
    const { effect } = change;
    if (effect.lostAtMs !== undefined && effect.lostAtMs >= obligation.beforeMs) return;
    if (stands(effect) && (newest === undefined || effect.serial > newest.effect.serial)) newest = change;
  }
  const value = world.truth.values.find((one) => one === newest?.operation);
  if (newest === undefined || value === undefined || value.origin !== 'plain') return;
  if (!mustShow(world, newest.effect, value, obligation) || excused(world, value, newest.effect, read, obligation)) {
    return;
  }
  world.truth.breach('WriteVisible', () => `at ${world.nowMs} ${read.from} missed ${valueWords(value)}`);
}

function excused(world: World, value: Value, effect: Effect, read: Read, { beforeMs }: Obligation): boolean {
  if (value.excuse !== undefined || effect.everLost || !((value.ackedAtMs ?? read.startedAtMs) < read.startedAtMs)) {
    return true;
  }
  // Nodes count what is left of a life from the send of their read.
  const life = value.lives.find((one) => one.effect === effect);
  if (life === undefined || life.goneAtMs <= world.nowMs + world.maxLagMs) return true;
  if (stampLost(world, value) || isNewEpoch(world, value, beforeMs)) return true;
  return world.truth.invalidations.some((invalidation) => mayHide(world, invalidation, value));
}

/** The promise holds within an epoch: for maxLagMs a node may not have heard of the one that the Set was stamped in. */
function isNewEpoch(world: World, { stamp }: Value, beforeMs: number): boolean {
  const begun = stamp === undefined ? undefined : world.truth.beginningOf(world.control, stamp);
  return begun !== undefined && begun.atMs >= beforeMs;
}

/** The control partition lost what the Set had seen, or so many epochs have passed that it is forgotten. */
function stampLost(world: World, { stamp }: Value): boolean {
  const seen = stamp === undefined ? undefined : world.truth.effectAt(world.control, stamp);
  if (seen === undefined || seen.everLost) return true;
  const since = world.truth.effects[world.control]!.filter(
    ({ change, serial }) => change.kind === 'epoch' && serial > seen.serial,
  );
  return since.length >= world.temper.ancestorsMax;
}

/** Any invalidation that was not over when the Set was sent; a table that folds lets one hide what it does not cover. */
function mayHide(world: World, invalidation: Invalidation, value: Value): boolean {
  const { selector, mode, ackedAtMs, effects, reissues } = invalidation;
  const over = ackedAtMs !== undefined && ackedAtMs < value.begunAtMs;
  if (over && reissues.length === 0 && effects.every((effect) => !effect.everLost)) return false;
  return mode === 'remove' && (covers(selector, value) || world.folds > 0);
}
