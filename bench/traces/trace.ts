import { basename } from 'node:path';
import { readTraceFile } from './trace-file.ts';

/** A whole trace in memory, 4 or 8 bytes a request. */
export interface Trace {
  /** File name without its ending. */
  readonly name: string;
  readonly requests: number;
  /** Distinct keys. */
  readonly uniqueKeys: number;
  /** Largest key number. */
  readonly keyMax: number;
  /** Keys in time order. */
  readonly keys: Uint32Array;
  /** Value bytes in time order, if the source knows them. */
  readonly sizesBytes: Uint32Array | undefined;
}

/** Reads a trace, at most its first `requestsMax` requests. Throws TraceFileError. */
export async function loadTrace(path: string, requestsMax = Number.POSITIVE_INFINITY): Promise<Trace> {
  const keys: number[] = [];
  const sizes: number[] = [];
  for await (const { key, sizeBytes } of readTraceFile(path)) {
    if (keys.length >= requestsMax) break;
    keys.push(key);
    if (sizeBytes !== undefined) sizes.push(sizeBytes);
  }
  return traceOf(basename(path).replace(/\.txt(\.gz)?$/, ''), keys, sizes);
}

/** Makes a trace of keys and, unless it is empty, of as many sizes. */
export function traceOf(name: string, keys: ArrayLike<number>, sizes: ArrayLike<number> = []): Trace {
  const packed = Uint32Array.from(keys);
  return {
    name,
    requests: packed.length,
    uniqueKeys: new Set(packed).size,
    keyMax: packed.reduce((max, key) => Math.max(max, key), 0),
    keys: packed,
    sizesBytes: sizes.length === 0 ? undefined : Uint32Array.from(sizes),
  };
}
