import type { ContestantTraits } from '../contestants/contestant.ts';
import { median } from '../support/medians.ts';

/** What one drive of one contestant measured. */
export interface Sample {
  readonly callsPerSecond: number;
  /** CPU time of the server's process, user and system, for each call. */
  readonly cpuUsPerCall: number;
}

/** All samples of a contestant. */
export interface Measured {
  readonly contestant: ContestantTraits;
  /** A list for each launch with a sample for each of its rounds; launches in the same order for all contestants. */
  readonly launches: readonly (readonly Sample[])[];
}

/** Says one number of a sample. */
export type SampleNumber = (sample: Sample) => number;

/**
 * Returns for each launch the median of its rounds. Launches are what counts: the same server costs up to a quarter more
 * or less in another process, by luck of where its code and heap come to lie, and more rounds in one process only
 * measure the same luck again.
 */
export function launchMedians({ launches }: Measured, of: SampleNumber): readonly number[] {
  return launches.map((samples) => median(samples.map(of)));
}

/** Returns the median over launches. */
export function medianOf(measured: Measured, of: SampleNumber): number {
  return median(launchMedians(measured, of));
}

/** Returns the median over launches of the quotient of two contestants in the same launch. */
export function medianRatio(over: Measured, under: Measured, of: SampleNumber): number {
  const divisors = launchMedians(under, of);
  return median(launchMedians(over, of).map((value, launch) => value / divisors[launch]!));
}

/** Returns the smallest of all samples: of CPU time the one that noise added least to. */
export function leastOf({ launches }: Measured, of: SampleNumber): number {
  return Math.min(...launches.flat().map(of));
}

/** Returns how far the launches lie apart, as a share of their median. */
export function spreadOf(measured: Measured, of: SampleNumber): number {
  const medians = launchMedians(measured, of);
  return (Math.max(...medians) - Math.min(...medians)) / median(medians);
}
