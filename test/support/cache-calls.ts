import assert from 'node:assert/strict';
import { durationOf, millisecondsOf } from '../../src/api/durations.ts';
import type { Duration } from '../../src/gen/google/protobuf/duration.ts';
import {
  CacheServiceService,
  type DeleteRequest,
  type DeleteResponse,
  type GetRequest,
  type GetResponse,
  type Incremented,
  type IncrementRequest,
  type IncrementResponse,
  type SetRequest,
  type SetResponse,
  type TouchRequest,
  type TouchResponse,
} from '../../src/gen/reprise/v1/cache_service.ts';
import type { Condition, Consistency, Hit, Miss, NotStoredReason, Stored } from '../../src/gen/reprise/v1/entry.ts';
import {
  type InvalidateRequest,
  type InvalidateResponse,
  InvalidationMode,
  InvalidationServiceService,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import type { Calling } from './call.ts';
import type { TestServer } from './test-server.ts';

/** A oneof as ts-proto generates it. */
interface Case {
  readonly $case: string;
  readonly value: unknown;
}

type Result<Response extends { result?: unknown }> = NonNullable<Response['result']>;
type SetMore = Partial<Omit<SetRequest, 'key' | 'namespace'>>;
type GetMore = Partial<Omit<GetRequest, 'key' | 'namespace'>>;

/** The calls of one namespace, with plain arguments; each returns the oneof's content. */
export interface CacheCalls {
  get(key: string, more?: GetMore, calling?: Calling): Promise<Result<GetResponse>>;
  /** Fails unless the Get hits. */
  hit(key: string, more?: GetMore, calling?: Calling): Promise<Hit>;
  /** Fails unless the Get misses. */
  miss(key: string, more?: GetMore, calling?: Calling): Promise<Miss>;
  set(key: string, text: string, more?: SetMore): Promise<Result<SetResponse>>;
  /** Fails unless the Set is stored. */
  stored(key: string, text: string, more?: SetMore): Promise<Stored>;
  /** Fails unless the Set is refused; returns why. */
  refusal(key: string, text: string, more?: SetMore): Promise<NotStoredReason>;
  delete(key: string, more?: Partial<DeleteRequest>): Promise<DeleteResponse>;
  touch(key: string, more?: Partial<TouchRequest>): Promise<Result<TouchResponse>>;
  increment(key: string, delta: bigint, more?: Partial<IncrementRequest>): Promise<Result<IncrementResponse>>;
  /** Fails unless the counter is changed. */
  counted(key: string, delta: bigint, more?: Partial<IncrementRequest>): Promise<Incremented>;
  exists(key: string): Promise<boolean>;
  release(key: string, leaseId: string): Promise<boolean>;
  invalidate(selector: Selecting, more?: Partial<InvalidateRequest>): Promise<Result<InvalidateResponse>>;
  /** Invalidates with REMOVE; returns the token. */
  remove(selector: Selecting): Promise<string>;
  /** Invalidates with MARK_STALE; returns the token. */
  markStale(selector: Selecting): Promise<string>;
}

/** What an invalidation covers, in short. */
export type Selecting =
  | { readonly keys: string[] }
  | { readonly tags: string[] }
  | { readonly prefix: string }
  | { readonly all: true };

/** Returns the calls of a namespace. */
export function cacheCalls(server: Pick<TestServer, 'call'>, namespace = ''): CacheCalls {
  const get: CacheCalls['get'] = async (key, more = {}, calling = {}) =>
    resultOf(await server.call(CacheServiceService.get, { namespace, key, ...more }, calling));
  const set: CacheCalls['set'] = async (key, text, more = {}) =>
    resultOf(await server.call(CacheServiceService.set, { namespace, key, content: textValue(text), ...more }));
  const increment: CacheCalls['increment'] = async (key, delta, more = {}) =>
    resultOf(await server.call(CacheServiceService.increment, { namespace, key, delta, ...more }));
  const invalidate: CacheCalls['invalidate'] = async (selecting, more = {}) => {
    const request = { namespace, selector: selectorOf(selecting), mode: InvalidationMode.REMOVE, ...more };
    return resultOf(await server.call(InvalidationServiceService.invalidate, request));
  };
  return {
    get,
    hit: async (...asked) => only(await get(...asked), 'hit'),
    miss: async (...asked) => only(await get(...asked), 'miss'),
    set,
    stored: async (...asked) => only(await set(...asked), 'stored'),
    refusal: async (...asked) => only(await set(...asked), 'notStored').reason,
    delete: (key, more = {}) => server.call(CacheServiceService.delete, { namespace, key, ...more }),
    touch: async (key, more = {}) =>
      resultOf(await server.call(CacheServiceService.touch, { namespace, key, ...more })),
    increment,
    counted: async (...asked) => only(await increment(...asked), 'incremented'),
    exists: async (key) => (await server.call(CacheServiceService.exists, { namespace, key })).exists,
    release: async (key, leaseId) =>
      (await server.call(CacheServiceService.releaseLease, { namespace, key, leaseId })).released,
    invalidate,
    remove: async (selecting) => only(await invalidate(selecting), 'invalidated').token,
    markStale: async (selecting) =>
      only(await invalidate(selecting, { mode: InvalidationMode.MARK_STALE }), 'invalidated').token,
  };
}

/** Returns a oneof's content; fails if it is another case. */
export function only<R extends Case, C extends R['$case']>(result: R, kind: C): Extract<R, { $case: C }>['value'] {
  assert.equal(result.$case, kind);
  return (result as Extract<R, { $case: C }>).value;
}

/** Returns the outcome of a response; fails if there is none. */
export function resultOf<R>(response: { result?: R }): NonNullable<R> {
  assert.ok(response.result, 'the response has a result');
  return response.result;
}

/** Text as the content of a Set. */
export function textValue(text: string): NonNullable<SetRequest['content']> {
  return { $case: 'value', value: Buffer.from(text) };
}

/** The content of a negative entry. */
export const negative = { $case: 'negative', value: {} } as const;

/** Returns the text of a hit; fails if it is negative. */
export function textOf({ content }: Pick<Hit, 'content'>): string {
  assert.equal(content?.$case, 'value');
  return content.value.toString();
}

/** A condition of a Set. */
export function onlyIf(kind: NonNullable<Condition['kind']>): Condition {
  return { kind };
}

/** A consistency that names tokens. */
export function atLeast(...tokens: string[]): Consistency {
  return { level: { $case: 'atLeast', value: { tokens } } };
}

/** Returns a Duration. */
export const milliseconds: (ms: number) => Duration = durationOf;

/** Returns a Duration. */
export function seconds(count: number): Duration {
  return durationOf(count * 1000);
}

/** Returns a Duration in milliseconds; fails if it is absent. */
export function msOf(duration: Duration | undefined): number {
  assert.ok(duration, 'the duration is given');
  return millisecondsOf(duration);
}

/** Returns what an invalidation covers, as a message. */
export function selectorOf(selecting: Selecting): NonNullable<InvalidateRequest['selector']> {
  if ('keys' in selecting) return { $case: 'keys', value: selecting };
  if ('tags' in selecting) return { $case: 'tags', value: selecting };
  if ('prefix' in selecting) return { $case: 'prefix', value: selecting.prefix };
  return { $case: 'wholeNamespace', value: {} };
}
