import type { SeededRandom } from '../../support/seeded-random.ts';

/** Returns up to `countMax` different ones of the choices, in no order; perhaps none. */
export function pickSome<T>(random: SeededRandom, choices: readonly T[], countMax: number): T[] {
  const count = random.below(Math.min(countMax, choices.length) + 1);
  const left = [...choices];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]!);
}

/** Returns at least one and up to `countMax` different ones of the choices. */
export function pickAtLeastOne<T>(random: SeededRandom, choices: readonly T[], countMax: number): T[] {
  const some = pickSome(random, choices, countMax);
  return some.length > 0 ? some : [random.pick(choices)];
}
