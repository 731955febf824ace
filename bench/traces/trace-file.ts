import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** One read of a trace: "get, and set on a miss". */
export interface TraceRequest {
  /** Number of the key, dense from 0 in order of first appearance. */
  readonly key: number;
  /** Bytes of the value, where the source of the trace knows them. */
  readonly sizeBytes: number | undefined;
}

/** A trace that can't be read. Its message names the file and, where a line is wrong, the line. */
export class TraceFileError extends Error {
  readonly path: string;
  /** The wrong line, from 1; `undefined` if the file as a whole can't be read. */
  readonly line: number | undefined;

  constructor(path: string, line: number | undefined, problem: string, cause?: unknown) {
    super(`${path}${line === undefined ? '' : `:${line}`}: ${problem}`, cause === undefined ? undefined : { cause });
    this.name = 'TraceFileError';
    this.path = path;
    this.line = line;
  }
}

/** True if the name is one of a trace: `.txt` or `.txt.gz`. */
export function isTraceName(name: string): boolean {
  return name.endsWith('.txt') || name.endsWith('.txt.gz');
}

/**
 * Returns the requests of a trace in time order, read as they are asked for. One request a line, `key` or `key size`,
 * either all with a size or none. Throws TraceFileError.
 */
export async function* readTraceFile(path: string): AsyncGenerator<TraceRequest, void, undefined> {
  let line = 0;
  let sized: boolean | undefined;
  for await (const text of linesOf(path)) {
    line += 1;
    const request = parseTraceLine(text);
    if (request === undefined) throw new TraceFileError(path, line, 'expected "key" or "key size", both integers');
    sized ??= request.sizeBytes !== undefined;
    if (sized !== (request.sizeBytes !== undefined)) throw new TraceFileError(path, line, 'some lines lack a size');
    yield request;
  }
}

/** Returns what a line says, or `undefined` if it is not `key` or `key size` with integers below 2^32. */
export function parseTraceLine(text: string): TraceRequest | undefined {
  const match = /^(\d{1,10})(?: (\d{1,10}))?$/.exec(text);
  if (match === null) return undefined;
  const key = Number(match[1]);
  const sizeBytes = match[2] === undefined ? undefined : Number(match[2]);
  return key < 2 ** 32 && (sizeBytes ?? 0) < 2 ** 32 ? { key, sizeBytes } : undefined;
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  const file = createReadStream(path);
  try {
    yield* createInterface({ input: decompressed(file, path), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    throw new TraceFileError(path, undefined, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    file.destroy();
  }
}

function decompressed(file: Readable, path: string): Readable {
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip();
  // `pipe` does not carry errors: without this a missing .gz file would be an unhandled error, not a rejected read.
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}
