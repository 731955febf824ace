import { ArgumentError, readArguments, readInteger } from '../support/arguments.ts';

/** How the cost of nodes is measured. */
export interface ScaleOptions {
  /** How many nodes there are, one launch each. Default 1, 2, 4 and 8. */
  readonly nodeCounts: readonly number[];
  /** Times that each is measured. Default 3. */
  readonly rounds: number;
  /** Seconds of rest, and as many of changes, in each round. Default 4. */
  readonly seconds: number;
  /** Changes written a second. Default 500. */
  readonly changesPerSecond: number;
}

/** Reads the command line. Throws ArgumentError. */
export function readScaleOptions(args: readonly string[]): ScaleOptions {
  const given = readArguments(args, ['nodes', 'rounds', 'seconds', 'rate']);
  return {
    nodeCounts: readCounts(given.nodes ?? '1,2,4,8'),
    rounds: readInteger('rounds', given.rounds, 3),
    seconds: readInteger('seconds', given.seconds, 4),
    changesPerSecond: readInteger('rate', given.rate, 500),
  };
}

function readCounts(text: string): readonly number[] {
  const counts = text.split(',').map(Number);
  if (counts.length > 1 && counts.every((count) => Number.isInteger(count) && count >= 1 && count <= 64)) return counts;
  throw new ArgumentError(`--nodes ${text}: at least two numbers from 1 to 64, such as 1,2,4,8`);
}
