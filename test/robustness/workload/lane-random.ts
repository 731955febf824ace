import { SeededRandom } from '../../support/seeded-random.ts';

/** Far enough that the lanes of one seed are not those of the next seeds. */
const STEP = 100_003;

/** Returns the randomness of one of those who act at the same time, so that none depends on how they interleave. */
export function laneRandom(seed: number, lane: number): SeededRandom {
  return new SeededRandom(seed + lane * STEP);
}

/** Returns the randomness of several. */
export function laneRandoms(seed: number, count: number, firstLane = 0): SeededRandom[] {
  return Array.from({ length: count }, (_, index) => laneRandom(seed, firstLane + index));
}
