import type { SeededRandom } from '../../support/seeded-random.ts';
import type { Mutation } from '../history/history.ts';
import { type MutationPlan, pickMutation, traceparentOf } from './pick-mutation.ts';

/** What who makes floods of different tags calls himself: a reader of the same name is spared them. */
export const FLOOD_ORIGIN = 'flood';

const TAGS_PER_CALL = 100;
const KEYS_PER_CALL = 1000;
/** More keys, and more tags, than one message holds, few enough to be told in fewer words. */
const NAME_SPACE = 1000;
const SOME_NAMES = 100;

/** As many different tags as one call may name. They can't be told in fewer words: enough of them pass every bound. */
export function manyTags(random: SeededRandom): MutationPlan {
  const targets = Array.from({ length: TAGS_PER_CALL }, () => ({ kind: 'tag', tag: randomName(random, 8) }) as const);
  return { ...invalidation(random, 'TAG', targets), origin: FLOOD_ORIGIN };
}

/** The same with tags that are as long as may be. */
export function longTags(random: SeededRandom): MutationPlan {
  const targets = Array.from({ length: TAGS_PER_CALL }, () => ({ kind: 'tag', tag: randomName(random, 64) }) as const);
  return invalidation(random, 'TAG', targets);
}

/** As many keys as one call may name. */
export function manyKeys(random: SeededRandom): MutationPlan {
  const targets = Array.from({ length: KEYS_PER_CALL }, () => ({ kind: 'key', key: randomName(random, 32) }) as const);
  return invalidation(random, 'KEY', targets);
}

/** Some of the same keys each time, removed or marked stale, or one of few in any way. */
export function sameKeys(random: SeededRandom): MutationPlan {
  const plan = pickMutation(random);
  if (plan.targets[0]?.kind === 'key' && random.chance(0.5)) return plan;
  const targets = someNumbers(random).map((number) => ({ kind: 'key', key: `key ${number}` }) as const);
  return { ...invalidation(random, 'KEY', targets), mode: pickMode(random), origin: plan.origin };
}

/** Some of the same tags each time, removed or marked stale, or one of the few prefixes, or everything. */
export function sameWide(random: SeededRandom): MutationPlan {
  const plan = pickMutation(random);
  if (plan.cause === 'PREFIX' || plan.cause === 'NAMESPACE') return plan;
  const targets = someNumbers(random).map((number) => ({ kind: 'tag', tag: `tag ${number}` }) as const);
  return { ...invalidation(random, 'TAG', targets), mode: pickMode(random), origin: plan.origin };
}

function invalidation(random: SeededRandom, cause: Mutation['cause'], targets: Mutation['targets']): MutationPlan {
  const traceparent = traceparentOf(random);
  return { targets, cause, mode: 'REMOVE', tags: undefined, origin: undefined, traceparent };
}

function randomName(random: SeededRandom, bytes: number): string {
  return random.bytes(bytes).toString('hex');
}

function someNumbers(random: SeededRandom): number[] {
  return [...new Set(Array.from({ length: SOME_NAMES }, () => random.below(NAME_SPACE)))];
}

function pickMode(random: SeededRandom): Mutation['mode'] {
  return random.chance(0.5) ? 'REMOVE' : 'MARK_STALE';
}
