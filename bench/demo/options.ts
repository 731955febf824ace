import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, readInteger } from '../support/arguments.ts';
import { shippedTracePath } from '../traces/synthetic.ts';
import { isTraceName, TraceFileError } from '../traces/trace-file.ts';

/** What the demo was asked to do. */
export interface DemoOptions {
  /** Trace files, by name. Default: the shipped one. */
  readonly tracePaths: readonly string[];
  /** Server to use, `HOST:PORT` without TLS; absent: start one. */
  readonly address: string | undefined;
  /** Entries that fit; absent: a tenth of each trace's keys. */
  readonly capacityEntries: number | undefined;
  /** Bytes of each value where the trace has no sizes. Default 100. */
  readonly valueBytes: number;
  /** Requests under way at the same time. Default 1: in the trace's order. */
  readonly concurrency: number;
  /** Requests of each trace that are replayed. Default: all. */
  readonly requestsMax: number;
}

const names = ['trace', 'address', 'capacity-entries', 'value-bytes', 'concurrency', 'requests'] as const;

/** Reads the demo's command line. Throws ArgumentError or TraceFileError. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  const given = readArguments(args, names);
  return {
    tracePaths: tracePathsAt(given.trace ?? shippedTracePath),
    address: given.address,
    capacityEntries: readInteger('capacity-entries', given['capacity-entries'], undefined),
    valueBytes: readInteger('value-bytes', given['value-bytes'], 100, 0),
    concurrency: readInteger('concurrency', given.concurrency, 1),
    requestsMax: readInteger('requests', given.requests, Number.POSITIVE_INFINITY),
  };
}

function tracePathsAt(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new TraceFileError(path, undefined, 'no such file or directory');
  if (!stat.isDirectory()) return [path];
  const paths = readdirSync(path).filter(isTraceName).sort();
  if (paths.length === 0) throw new TraceFileError(path, undefined, 'holds no .txt or .txt.gz file');
  return paths.map((name) => join(path, name));
}
