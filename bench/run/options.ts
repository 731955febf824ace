import { readArguments, readInteger } from '../support/arguments.ts';

/** What `make bench` was asked to do. */
export interface BenchOptions {
  /** Rounds over all contestants. Default 5. */
  readonly rounds: number;
  /** Seconds of each drive. Default 5. */
  readonly seconds: number;
  /** Seconds of the drive before the first round, which is not counted. Default 8. */
  readonly warmUpSeconds: number;
  /** Starts of the server that are timed. Default 7. */
  readonly starts: number;
}

/** Reads the benchmark's command line. Throws ArgumentError. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const given = readArguments(args, ['rounds', 'seconds', 'warm-up-seconds', 'starts']);
  return {
    rounds: readInteger('rounds', given.rounds, 5),
    seconds: readInteger('seconds', given.seconds, 5),
    warmUpSeconds: readInteger('warm-up-seconds', given['warm-up-seconds'], 8),
    starts: readInteger('starts', given.starts, 7),
  };
}
