import type { Random } from '../../src/base/random.ts';

/** Randomness that is always the same. */
export function fixedRandom(float = 0.5): Random {
  let count = 0;
  return { float: () => float, hex: (bytes) => (count++).toString(16).padStart(2 * bytes, '0') };
}
