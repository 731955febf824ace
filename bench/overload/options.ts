import { readArguments, readInteger } from '../support/arguments.ts';

/** How an overload is made. */
export interface OverloadOptions {
  /** Connections of the callers. Default 16. */
  readonly connections: number;
  /** Seconds of each load. Default 10. */
  readonly seconds: number;
}

/** Reads the command line. Throws ArgumentError. */
export function readOverloadOptions(args: readonly string[]): OverloadOptions {
  const given = readArguments(args, ['connections', 'seconds']);
  return {
    connections: readInteger('connections', given.connections, 16),
    seconds: readInteger('seconds', given.seconds, 10, 3),
  };
}
