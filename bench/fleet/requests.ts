import {
  BatchGetRequest,
  BatchGetResponse,
  CacheServiceService,
  GetRequest,
  GetResponse,
  SetRequest,
  SetResponse,
} from '../../src/gen/reprise/v1/cache_service.ts';
import { getRequest, setRequest } from '../demo/remote-cache.ts';
import { BATCH_KEYS, batchesOf, keyAt, namespaces, type Temperature, value } from './workload.ts';

/** A method, the requests that are sent to it in turn, and what is a right answer. */
export interface GrpcRequests {
  readonly path: string;
  readonly messages: readonly Buffer[];
  /** Reads the answer as an application would. */
  readonly isRight: (answer: Buffer) => boolean;
}

/** The requests that are measured. */
export const requests = {
  get: (temperature: Temperature): GrpcRequests => ({
    path: CacheServiceService.get.path,
    messages: keysOf(temperature).map((key) =>
      Buffer.from(GetRequest.encode(getRequest(namespaces[temperature].name, key)).finish()),
    ),
    isRight(answer) {
      const { result } = GetResponse.decode(answer);
      return result?.$case === 'hit' && holdsValue(result.value.content);
    },
  }),
  batchGet: (temperature: Temperature): GrpcRequests => ({
    path: CacheServiceService.batchGet.path,
    messages: batchesOf(temperature).map((keys) => batchGetRequest(namespaces[temperature].name, keys)),
    isRight(answer) {
      const { results } = BatchGetResponse.decode(answer);
      const isHit = (at: number): boolean => {
        const result = results[at]?.result;
        return result?.$case === 'hit' && holdsValue(result.value.content);
      };
      return results.length === BATCH_KEYS && results.every((_, at) => isHit(at));
    },
  }),
  set: (): GrpcRequests => ({
    path: CacheServiceService.set.path,
    messages: keysOf('warm').map((key) =>
      Buffer.from(SetRequest.encode(setRequest(namespaces.warm.name, key, value)).finish()),
    ),
    isRight: (answer) => SetResponse.decode(answer).result?.$case === 'stored',
  }),
} as const;

function keysOf(temperature: Temperature): readonly string[] {
  return Array.from({ length: namespaces[temperature].keys }, (_, index) => keyAt(index));
}

function batchGetRequest(namespace: string, keys: readonly string[]): Buffer {
  const options = { consistency: undefined, allowStale: false, withTags: false };
  return Buffer.from(BatchGetRequest.encode({ namespace, keys: [...keys], ...options }).finish());
}

type Content = { readonly $case: string; readonly value: unknown } | undefined;

function holdsValue(content: Content): boolean {
  return content?.$case === 'value' && Buffer.isBuffer(content.value) && content.value.length === value.length;
}
