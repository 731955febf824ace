import type { Verdict } from '../../validators/validator.ts';
import type { Truth } from '../history/truth.ts';

/** Judges whether one promise of a fleet was kept. */
export interface FleetValidator {
  readonly name: string;
  /** The promise, in the words in which it is given. */
  readonly promise: string;
  readonly validate: (truth: Truth) => Verdict;
}
