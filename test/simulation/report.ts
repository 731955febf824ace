import { sentences } from './promises/sentences.ts';
import type { Summary } from './run-seeds.ts';
import type { Shape } from './shapes.ts';
import { simulate } from './simulate.ts';
import { everywhere, type Situation, whenAlone, whenSpread } from './situations.ts';
import type { Breach } from './truth/truth.ts';

/** Tells a broken promise: its sentence first, then what shows it. */
export function breachWords({ promise, evidence }: Breach): string {
  return `${promise}: ${sentences[promise]}\n  ${evidence}`;
}

/** Tells how often a shape was run, and what that is worth: with 0 in N, the true rate is below 3/N at 95 %. */
export function summaryWords({ shape, seeds, broken }: Summary): string {
  const bound = (3 / seeds).toExponential(1);
  const found = broken === undefined ? `0 violations, 95 % bound ${bound}` : `seed ${broken.seed} breaks a promise`;
  return `${shape.name}: ${seeds} seeds, ${found}`;
}

/** Tells what broke in a seed, and how to see it happen. */
export function brokenWords({ shape, broken }: Summary): string {
  if (broken === undefined) return '';
  const again = `make simulate SHAPE='${shape.name}' SEED=${broken.seed}`;
  return [...broken.verdict.breaches.slice(0, 3).map(breachWords), `See it happen: ${again}`].join('\n');
}

/** Returns the situations that a shape must meet and did not: then the run says nothing about them. */
export function unmet({ shape, situations }: Summary): Situation[] {
  const expected = [...everywhere, ...(shape.spread > 1 ? whenSpread : whenAlone)];
  return expected.filter((situation) => !shape.never.includes(situation) && !situations.counts.has(situation));
}

/** Tells one seed from its first moment to its last, and what broke. */
export function tellSeed(shape: Shape, seed: number): string {
  const { history, breaches } = simulate({ seed, shape, written: true });
  return [...history, ...(breaches.length === 0 ? ['no promise was broken'] : breaches.map(breachWords))].join('\n');
}
