import type { Defect } from './defects/defect.ts';
import type { Shape } from './shapes.ts';
import { simulate, type Verdict } from './simulate.ts';
import { Situations } from './situations.ts';

/** What many seeds of one shape showed. */
export interface Summary {
  readonly shape: Shape;
  readonly seeds: number;
  /** The first seed that broke a promise, and how. */
  readonly broken: { readonly seed: number; readonly verdict: Verdict } | undefined;
  readonly situations: Situations;
}

/** Runs `seeds` seeds from `first` on, until one breaks a promise. */
export function runSeeds(shape: Shape, first: number, seeds: number): Summary {
  const situations = new Situations();
  for (let seed = first; seed < first + seeds; seed++) {
    const verdict = simulate({ seed, shape });
    situations.add(verdict.situations);
    if (verdict.breaches.length > 0) return { shape, seeds: seed - first + 1, broken: { seed, verdict }, situations };
  }
  return { shape, seeds, broken: undefined, situations };
}

/** Returns the seed, counted from 1, that finds a planted defect by a promise that it breaks; `undefined` if none does. */
export function seedsToCatch({ rules, tempered, breaks, seedsMax }: Defect, shape: Shape): number | undefined {
  for (let seed = 1; seed <= seedsMax; seed++) {
    const { breaches } = simulate({ seed, shape, rules, ...(tempered === undefined ? {} : { tempered }) });
    if (breaches.some(({ promise }) => breaks.includes(promise))) return seed;
  }
  return undefined;
}
