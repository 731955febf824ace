import { covers } from '../../../src/cache/rules/selector.ts';
import { effectWords, selectorWords, stands } from '../truth/effect.ts';
import type { Invalidation } from '../truth/truth.ts';
import { type Value, valueWords } from '../truth/value.ts';
import type { World } from '../world.ts';
import { mayShow, mustShow, type Obligation } from './known.ts';
import type { Promised } from './sentences.ts';

/** Judges a value that somebody served: that nothing which had to show made it invisible, stale, lost or replaced. */
export function checkFreshness(
  world: World,
  value: Value,
  stale: boolean,
  obligation: Obligation,
  from: string,
  tier: 'L1' | 'L2' | 'near',
): void {
  const breach = (promise: Promised, why: () => string): void => {
    const named = tier === 'near' ? 'NearCoherence' : promise;
    world.truth.breach(named, () => `at ${world.nowMs} ${from} (${tier}) served ${valueWords(value)}: ${why()}`);
  };
  const promise = promiseOf(obligation);
  checkInvalidations(world, value, stale, obligation, breach);
  checkReplaced(world, value, obligation, (why) => breach(promise, why));
  checkLife(world, value, stale, obligation, (why) => breach('BoundedStaleness', why));
}

function promiseOf({ tokens }: Obligation): Promised {
  return tokens.length > 0 ? 'AtLeastAsFresh' : 'BoundedStaleness';
}

type Tell = (why: () => string) => void;

/** Acknowledged by a node that still lives, and no longer part of the history. */
function isOwed(world: World, { ackedBy, effects, reissues }: Invalidation): boolean {
  if (ackedBy === undefined || world.nodes[ackedBy.node]!.generation !== ackedBy.generation) return false;
  return ![...effects, ...reissues].some(stands);
}

function checkInvalidations(
  world: World,
  value: Value,
  stale: boolean,
  obligation: Obligation,
  tell: (promise: Promised, why: () => string) => void,
): void {
  const kept = value.origin !== 'plain' ? 'NoResurrection' : promiseOf(obligation);
  for (const invalidation of world.truth.invalidations) {
    const { selector, mode, invokedAtMs, effects, reissues } = invalidation;
    if (settledAtMs(world, value, obligation) >= invokedAtMs || !covers(selector, value)) continue;
    if (mode === 'mark-stale' && stale) continue;
    const all = [...effects, ...reissues];
    if (world.settled && isOwed(world, invalidation)) {
      tell('AcceptedIsKept', () => `i${invalidation.id}, acknowledged and lost, covers it: ${all.map(effectWords)}`);
    }
    const shown = all.find((effect) => mustShow(world, effect, invalidation, obligation));
    if (shown === undefined) continue;
    tell(
      kept,
      () =>
        `i${invalidation.id} (${mode} ${selectorWords(selector)}, invoked ${invokedAtMs}, acknowledged ${invalidation.ackedAtMs}) covers it: ${effectWords(shown)}`,
    );
  }
}

/**
 * Returns the time before which an invalidation need not hide a value: it may be from after it. A plain Set that a
 * deposed primary acknowledged was lost; another try of it, still on its way, may be applied later than that, and may be
 * lost in its turn: then it is over once an answer may no longer come from it, not before.
 */
function settledAtMs(world: World, { origin, begunAtMs, ackedAtMs, effects }: Value, obligation: Obligation): number {
  if (origin !== 'plain') return begunAtMs;
  const applied = effects.findLast((effect) => effect.change.kind === 'set' && mayShow(world, effect, obligation));
  return Math.max(ackedAtMs ?? Number.POSITIVE_INFINITY, applied?.atMs ?? 0);
}

function checkReplaced(world: World, value: Value, obligation: Obligation, tell: Tell): void {
  const mine = value.effects.findLast(stands);
  if (mine === undefined) return;
  for (const { effect, operation } of world.truth.keyChanges.get(value.key) ?? []) {
    if (operation === value || effect.serial <= mine.serial) continue;
    if (mustShow(world, effect, operation, obligation)) tell(() => `it was replaced by ${effectWords(effect)}`);
  }
}

function checkLife(world: World, value: Value, stale: boolean, obligation: Obligation, tell: Tell): void {
  const lives = value.lives.filter(({ effect }) => mayShow(world, effect, obligation));
  if (lives.length === 0) tell(() => 'it was lost');
  else if (lives.every(({ goneAtMs }) => goneAtMs <= world.nowMs)) tell(() => 'it is gone');
  else if (!stale && lives.every(({ freshUntilMs }) => freshUntilMs <= world.nowMs)) tell(() => 'it is stale');
}
