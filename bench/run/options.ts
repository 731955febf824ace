import { readArguments, readInteger } from '../support/arguments.ts';

/** What `make bench` was asked to do. */
export interface BenchOptions {
  /** Times that all servers are started afresh. Default 5. */
  readonly launches: number;
  /** Rounds over all contestants in each launch. Default 2. */
  readonly rounds: number;
  /** Seconds of each drive. Default 2. */
  readonly seconds: number;
  /**
   * Seconds of the drive before a launch's first round, which is not counted: code that is compiled as it runs takes
   * about 4 s to settle. Servers compiled ahead get less. Default 5.
   */
  readonly warmUpSeconds: number;
  /** Starts of the server that are timed. Default 7. */
  readonly starts: number;
}

/** Reads the benchmark's command line. Throws ArgumentError. */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const given = readArguments(args, ['launches', 'rounds', 'seconds', 'warm-up-seconds', 'starts']);
  return {
    launches: readInteger('launches', given.launches, 5),
    rounds: readInteger('rounds', given.rounds, 2),
    seconds: readInteger('seconds', given.seconds, 2),
    warmUpSeconds: readInteger('warm-up-seconds', given['warm-up-seconds'], 5),
    starts: readInteger('starts', given.starts, 7),
  };
}
