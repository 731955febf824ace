import type { Promised } from '../promises/sentences.ts';
import type { Rules } from '../shipped-rules.ts';
import type { Temper } from '../temper.ts';

/** One safeguard removed: rules that stand in the place of the shipped ones. */
export interface Defect {
  /** What is broken, as a sentence about the fleet. */
  readonly what: string;
  readonly rules: Partial<Rules>;
  /** Promises of which the simulation must find one broken. */
  readonly breaks: readonly Promised[];
  /** The shape in which it is looked for. */
  readonly shape: 'spread 1' | 'spread 3';
  /** A temper in which it shows sooner. */
  readonly tempered?: Partial<Temper>;
  /** Seeds within which it must be found. */
  readonly seedsMax: number;
}
