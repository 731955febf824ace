import type { Clock } from '../../src/base/clock.ts';
import {
  CacheServiceService,
  GetRequest,
  GetResponse,
  SetRequest,
  SetResponse,
} from '../../src/gen/reprise/v1/cache_service.ts';
import { LatencyRecorder, type LatencySummary } from '../demo/latency.ts';
import { getRequest, setRequest } from '../demo/remote-cache.ts';
import { delay } from '../stream/until.ts';
import type { GrpcConnection } from '../wire/grpc-connection.ts';

/** How a probe reaches the two nodes. */
export interface ProbeParts {
  readonly toNode: GrpcConnection;
  readonly toOther: GrpcConnection;
  readonly clock: Clock;
}

/** Milliseconds between two changes that are followed. */
const PAUSE_MS = 5;
const KEYS = 64;
const VALUE_BYTES = 100;

/**
 * Follows one change after the other: makes the other node hold a value in L1, writes a new one through the first node,
 * and reads from the other one again and again until it gives the new one. The time is that from sending the Set to the
 * end of the first Get that did: what it says too much is at most two Gets.
 */
export async function probeFor(seconds: number, parts: ProbeParts): Promise<LatencySummary> {
  const recorder = new LatencyRecorder();
  const { clock } = parts;
  const endMs = clock.monotonicMs() + seconds * 1000;
  for (let number = 0; clock.monotonicMs() < endMs; number += 1) {
    recorder.record(await followOne(parts, number));
    await delay(clock, PAUSE_MS);
  }
  return recorder.summary();
}

async function followOne({ toNode, toOther, clock }: ProbeParts, number: number): Promise<number> {
  const key = `probe:${(number % KEYS).toString().padStart(3, '0')}`;
  const value = number.toString().padStart(VALUE_BYTES, '0');
  // Twice: the first may have to fetch it.
  for (let reads = 0; reads < 2; reads += 1) await read(toOther, key);
  const sentAtMs = clock.monotonicMs();
  const stored = write(toNode, key, value);
  while ((await read(toOther, key)) !== value) {
    if (clock.monotonicMs() - sentAtMs > 10_000) throw new Error('the other node never showed a change');
  }
  const seenAtMs = clock.monotonicMs();
  await stored;
  return seenAtMs - sentAtMs;
}

async function read(connection: GrpcConnection, key: string): Promise<string | undefined> {
  const request = GetRequest.encode(getRequest('', key)).finish();
  const { result } = GetResponse.decode(await exchange(connection, CacheServiceService.get.path, request));
  const content = result?.$case === 'hit' ? result.value.content : undefined;
  return content?.$case === 'value' ? content.value.toString('latin1') : undefined;
}

async function write(connection: GrpcConnection, key: string, value: string): Promise<void> {
  const request = SetRequest.encode(setRequest('', key, Buffer.from(value))).finish();
  const { result } = SetResponse.decode(await exchange(connection, CacheServiceService.set.path, request));
  if (result?.$case !== 'stored') throw new Error('a change was refused');
}

/** Resolves with the answer's bytes. */
function exchange(connection: GrpcConnection, path: string, request: Uint8Array): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  connection.call(path, request, {
    message: (bytes) => resolve(Buffer.from(bytes)),
    ended: () => reject(new Error('a call failed')),
  });
  return promise;
}
