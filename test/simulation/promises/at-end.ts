import { type Effect, effectWords, selectorWords, stands } from '../truth/effect.ts';
import { type Value, valueWords } from '../truth/value.ts';
import type { World } from '../world.ts';

/** Judges what can only be judged when everything has arrived. */
export function checkAtEnd(world: World): void {
  checkKept(world);
  for (const value of world.truth.values) {
    const sets = value.effects.filter(({ change }) => change.kind === 'set');
    checkOnce(world, sets, () => valueWords(value));
  }
  for (const { id, effects } of world.truth.invalidations) checkOnce(world, effects, () => `i${id}`);
}

function checkKept(world: World): void {
  for (const { id, selector, mode, ackedBy, effects, reissues } of world.truth.invalidations) {
    if (ackedBy === undefined || world.nodes[ackedBy.node]!.generation !== ackedBy.generation) continue;
    if (effects.some(({ partition, atMs }) => atMs <= world.truth.wipedAtMs[partition]!)) continue;
    if (![...effects, ...reissues].some(stands)) {
      world.truth.breach(
        'AcceptedIsKept',
        () => `i${id} (${mode} ${selectorWords(selector)}) is lost: ${effects.map(effectWords)}`,
      );
    }
  }
}

function checkOnce(world: World, effects: readonly Effect[], what: () => string): void {
  const standing = effects.filter(stands);
  if (standing.length > 1)
    world.truth.breach('OnceOnly', () => `${what()} was applied as ${standing.map(effectWords)}`);
}

/** Judges a Set that was made after all faults: every node must serve it. */
export function checkHealed(world: World, value: Value): void {
  if (value.ackedAtMs === undefined) world.truth.breach('Heals', () => `${valueWords(value)} was not answered`);
}
