import type { SeededRandom } from '../../../support/seeded-random.ts';
import type { FleetHistory } from '../history/fleet-history.ts';
import { answerDefects } from './fleet-answer-defects.ts';
import { storeDefects } from './fleet-store-defects.ts';
import { streamDefects } from './fleet-stream-defects.ts';

/** A way to break one promise in a history that keeps them all. */
export interface FleetDefect {
  readonly what: string;
  /** Name of the validator that must see it. */
  readonly breaks: string;
  /** Returns the broken history; `undefined` if this one has no place for the defect. */
  readonly plant: (history: FleetHistory, random: SeededRandom) => FleetHistory | undefined;
}

/** Every defect that is planted. */
export const allFleetDefects: readonly FleetDefect[] = [...answerDefects, ...storeDefects, ...streamDefects];
