import { readArguments, readInteger } from '../support/arguments.ts';

/** How a fleet is measured. */
export interface FleetOptions {
  /** Times that all servers are started afresh. Default 2. */
  readonly launches: number;
  /** Rounds over all loads in each launch, beside the one that warms up. Default 3. */
  readonly rounds: number;
  /** Seconds of each load; changes are followed three times as long. Default 1. */
  readonly seconds: number;
}

/** Reads the command line of the fleet's benchmark. Throws ArgumentError. */
export function readFleetOptions(args: readonly string[]): FleetOptions {
  const given = readArguments(args, ['launches', 'rounds', 'seconds']);
  return {
    launches: readInteger('launches', given.launches, 2),
    rounds: readInteger('rounds', given.rounds, 3),
    seconds: readInteger('seconds', given.seconds, 1),
  };
}
