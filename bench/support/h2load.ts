import { runProcess } from './processes.ts';

/** A load of equal unary gRPC calls. */
export interface H2Load {
  /** `http://127.0.0.1:PORT/package.Service/Method`. */
  readonly url: string;
  /** File with the body: the request message with its gRPC prefix. */
  readonly bodyPath: string;
  readonly connections: number;
  /** Calls under way on each connection at the same time. */
  readonly streams: number;
  readonly seconds: number;
  /** Core to pin h2load to. */
  readonly core?: number | undefined;
}

/** What h2load saw. */
export interface H2LoadResult {
  readonly callsPerSecond: number;
  /** Calls that ended. The few under way when the time was over are not among them. */
  readonly calls: number;
  /** Calls that failed, timed out or were answered with an HTTP status other than 2xx. */
  readonly failures: number;
  /** Mean bytes of an answer's DATA frames. A gRPC error has none and hides behind HTTP status 200: look here. */
  readonly answerBytes: number;
}

/** Runs h2load once. Rejects if it fails or its output can't be read. */
export async function runH2Load(load: H2Load): Promise<H2LoadResult> {
  const output = await runProcess(h2loadCommand(load), load.core);
  return parseH2Load(output);
}

/** Returns the command line for a load. */
export function h2loadCommand(load: H2Load): readonly string[] {
  const headers = ['content-type: application/grpc', 'te: trailers'].flatMap((header) => ['-H', header]);
  const shape = ['-c', load.connections, '-m', load.streams, '-D', load.seconds, '-t', 1].map(String);
  return ['h2load', ...shape, ...headers, '-d', load.bodyPath, load.url];
}

/** Reads h2load's report. Throws if it is not one. */
export function parseH2Load(output: string): H2LoadResult {
  const [callsPerSecond] = numbersOf(output, /finished in [\d.]+\w+, ([\d.]+) req\/s/);
  const [calls, ...failures] = numbersOf(output, /(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout/);
  const [answered, ...refusals] = numbersOf(output, /status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx/);
  const [dataBytes] = numbersOf(output, /\((\d+)\) data/);
  return {
    callsPerSecond: callsPerSecond!,
    calls: calls!,
    failures: [...failures, ...refusals].reduce((sum, count) => sum + count, 0),
    answerBytes: dataBytes! / Math.max(1, answered!),
  };
}

/** Puts the gRPC prefix before a message: uncompressed, its length in four bytes. */
export function grpcFrame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function numbersOf(output: string, pattern: RegExp): readonly number[] {
  const match = pattern.exec(output);
  if (match === null) throw new Error(`h2load wrote something unexpected, no ${pattern}:\n${output.slice(-2000)}`);
  return match.slice(1).map(Number);
}
