import type { Empty } from '../gen/google/protobuf/empty.ts';
import { type BatchGetResponse, CacheServiceService, type GetResponse } from '../gen/reprise/v1/cache_service.ts';
import type { Consistency, Hit, Miss, NotModified } from '../gen/reprise/v1/entry.ts';
import { type CallError, callErrorOfStatus } from './call-error.ts';
import type { Connection } from './connection.ts';
import { unknownAnswer } from './unknown-answer.ts';

/** What was found under one key. */
export type Reading =
  | { readonly outcome: 'hit'; readonly key: string; readonly hit: Hit; readonly value: Buffer }
  | { readonly outcome: 'negative'; readonly key: string; readonly hit: Hit }
  | { readonly outcome: 'miss'; readonly key: string; readonly miss: Miss }
  | { readonly outcome: 'notModified'; readonly key: string; readonly notModified: NotModified }
  | { readonly outcome: 'error'; readonly key: string; readonly error: CallError };

/** How to read. */
export interface ReadWishes {
  readonly namespace: string;
  readonly consistency: Consistency | undefined;
  readonly allowStale: boolean;
  /** Only for a single key. Empty: none. */
  readonly ifRevisionNot: string;
}

type Result = GetResponse['result'] | BatchGetResponse['results'][number]['result'];

/** Reads keys, with a batch if there are several. Returns a reading for each, in their order. Throws a CallError. */
export async function readEntries(
  connection: Connection,
  keys: readonly string[],
  wishes: ReadWishes,
): Promise<Reading[]> {
  const [first, ...others] = keys;
  if (first !== undefined && others.length === 0) return [await readOne(connection, first, wishes)];
  const { ifRevisionNot: _, ...common } = wishes;
  const { results } = await connection.call(CacheServiceService.batchGet, {
    keys: [...keys],
    withTags: true,
    ...common,
  });
  const readings = results.map(({ key, result }) => readingOf(key, result));
  // A batch can't carry more than one message may: what did not fit is asked for alone.
  return Promise.all(
    readings.map((reading) => (isTooMuch(reading) ? readOne(connection, reading.key, wishes) : reading)),
  );
}

async function readOne(connection: Connection, key: string, wishes: ReadWishes): Promise<Reading> {
  const { result } = await connection.call(CacheServiceService.get, { key, withTags: true, ...wishes });
  return readingOf(key, result);
}

function readingOf(key: string, result: Result): Reading {
  switch (result?.$case) {
    case 'hit':
      return hitReading(key, result.value);
    case 'miss':
      return { outcome: 'miss', key, miss: result.value };
    case 'notModified':
      return { outcome: 'notModified', key, notModified: result.value };
    case 'error':
      return { outcome: 'error', key, error: callErrorOfStatus(result.value) };
    case undefined:
      throw unknownAnswer();
  }
}

function hitReading(key: string, hit: Hit): Reading {
  const content: { $case: 'value'; value: Buffer } | { $case: 'negative'; value: Empty } | undefined = hit.content;
  if (content?.$case === 'value') return { outcome: 'hit', key, hit, value: content.value };
  return { outcome: 'negative', key, hit };
}

function isTooMuch(reading: Reading): boolean {
  return reading.outcome === 'error' && reading.error.reason === 'RESPONSE_FULL';
}
