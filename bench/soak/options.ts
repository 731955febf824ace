import { readArguments, readInteger } from '../support/arguments.ts';

/** What `make soak` was asked to do. */
export interface SoakOptions {
  /** Changes of each run, rounded up to whole steps. Default 1 000 000. */
  readonly changes: number;
  /** Subscribers who read. Default 50. */
  readonly fast: number;
  /** Subscribers who never read. Default 50. */
  readonly stalled: number;
}

/** Reads the soak's command line. Throws ArgumentError. */
export function readSoakOptions(args: readonly string[]): SoakOptions {
  const given = readArguments(args, ['changes', 'fast', 'stalled']);
  return {
    changes: readInteger('changes', given.changes, 1_000_000, 10_000),
    fast: readInteger('fast', given.fast, 50),
    stalled: readInteger('stalled', given.stalled, 50),
  };
}
