import { readArguments, readInteger } from '../support/arguments.ts';

/** How the stream is measured. */
export interface StreamOptions {
  /** Times that both servers are started afresh. Default 3. */
  readonly launches: number;
  /** Seconds of each load. Default 2. */
  readonly seconds: number;
  /** Seconds of the load that warms a server up in each launch. Default 5. Each load warms up for one second more. */
  readonly warmUpSeconds: number;
}

/** What applies where nothing is said. */
export const streamDefaults: StreamOptions = { launches: 3, seconds: 2, warmUpSeconds: 5 };

/** Reads the command line of the stream's benchmark. Throws ArgumentError. */
export function readStreamOptions(args: readonly string[]): StreamOptions {
  const given = readArguments(args, ['launches', 'seconds', 'warm-up-seconds']);
  return {
    launches: readInteger('launches', given.launches, streamDefaults.launches),
    seconds: readInteger('seconds', given.seconds, streamDefaults.seconds),
    warmUpSeconds: readInteger('warm-up-seconds', given['warm-up-seconds'], streamDefaults.warmUpSeconds),
  };
}
