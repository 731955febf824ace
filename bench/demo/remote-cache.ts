import type { Client } from '@grpc/grpc-js';
import { CacheServiceService, type GetRequest, type SetRequest } from '../../src/gen/reprise/v1/cache_service.ts';
import { callUnary, reasonOf } from '../support/rpc.ts';
import type { ReplayTarget } from './replay.ts';

/** Which part of a server a trace is replayed against. */
export interface RemoteCacheOptions {
  readonly client: Client;
  readonly namespace: string;
  /** Digits of every key, so that all weigh the same. */
  readonly keyDigits: number;
  /** Largest value that will be set. */
  readonly valueBytesMax: number;
}

/** Returns the key that stands for a number of the trace: zeros in front up to `keyDigits` digits. */
export function keyText(key: number, keyDigits: number): string {
  return key.toString().padStart(keyDigits, '0');
}

/** Makes a namespace of a running server a target for replays. Both methods reject with grpc-js' ServiceError. */
export function remoteCache(options: RemoteCacheOptions): ReplayTarget {
  const { client, namespace, keyDigits } = options;
  const zeros = Buffer.alloc(options.valueBytesMax);
  return {
    async get(key, signal) {
      const request = getRequest(namespace, keyText(key, keyDigits));
      const { result } = await callUnary(client, CacheServiceService.get, request, signal);
      return result?.$case === 'hit';
    },
    async set(key, valueBytes, signal) {
      const request = setRequest(namespace, keyText(key, keyDigits), zeros.subarray(0, valueBytes));
      return await storedUnlessTooLarge(callUnary(client, CacheServiceService.set, request, signal));
    },
  };
}

/** Returns a plain Get. */
export function getRequest(namespace: string, key: string): GetRequest {
  return {
    namespace,
    key,
    consistency: undefined,
    ifRevisionNot: '',
    allowStale: false,
    lease: undefined,
    withTags: false,
  };
}

/** Returns a plain Set, with the namespace's own TTL. */
export function setRequest(namespace: string, key: string, value: Buffer): SetRequest {
  return {
    namespace,
    key,
    content: { $case: 'value', value },
    contentType: '',
    tags: [],
    ttl: undefined,
    staleWindow: undefined,
    condition: undefined,
    requestId: '',
  };
}

async function storedUnlessTooLarge(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (reasonOf(error) === 'VALUE_TOO_LARGE') return false;
    throw error;
  }
}
