import type { GetOutcome } from '../cache/get-entry.ts';
import { BatchGetResult, type GetResponse } from '../gen/reprise/v1/cache_service.ts';
import { getResponseOf } from './cache-responses.ts';
import { hitBytesMax, writeHit } from './hit-encoder.ts';
import { MessageWriter } from './message-writer.ts';

const GET_HIT = 0x0a;
const BATCH_RESULTS = 0x0a;
const BATCH_TOKEN = 0x12;
const RESULT_INDEX = 0x08;
const RESULT_KEY = 0x12;
const RESULT_HIT = 0x1a;
/** Bytes that a hit takes in a batch beside its key and value, roughly. */
const RESULT_REST_BYTES = 80;

/** One for all: a message is written to its end before the next begins. */
const writer = new MessageWriter();

/** Returns the bytes of a GetResponse. Hits go the short way; all else is what `GetResponse.encode` writes. */
export function encodeGetResponse(outcome: GetOutcome, withTags: boolean): Buffer | GetResponse {
  if (outcome.kind !== 'hit') return getResponseOf(outcome, withTags);
  writer.reserve(hitBytesMax(outcome));
  writeHit(writer, GET_HIT, outcome, withTags);
  return writer.take();
}

/** One result of a BatchGet: a hit that goes the short way, or a message as it is. */
export type BatchGetAnswer =
  | { readonly key: string; readonly hit: Extract<GetOutcome, { kind: 'hit' | 'not-modified' }> }
  | { readonly result: BatchGetResult };

/** Returns the bytes of a BatchGetResponse, results in the order of the keys. */
export function encodeBatchGetResponse(answers: readonly BatchGetAnswer[], token: string, withTags: boolean): Buffer {
  answers.forEach((answer, index) => {
    if ('result' in answer) writePlain(answer.result);
    else writeBatchHit(index, answer.key, answer.hit, withTags);
  });
  writer.reserve(RESULT_REST_BYTES + 3 * token.length);
  if (token !== '') writer.string(BATCH_TOKEN, token);
  return writer.take();
}

function writePlain(result: BatchGetResult): void {
  const message = BatchGetResult.encode(result).finish();
  writer.reserve(RESULT_REST_BYTES + message.length);
  writer.bytes(BATCH_RESULTS, message);
}

function writeBatchHit(
  index: number,
  key: string,
  hit: Extract<GetOutcome, { kind: 'hit' | 'not-modified' }>,
  withTags: boolean,
): void {
  const likelyBytes = RESULT_REST_BYTES + key.length + (hit.entry.value?.length ?? 0);
  writer.reserve(RESULT_REST_BYTES + 3 * key.length + hitBytesMax(hit));
  const start = writer.begin(BATCH_RESULTS, likelyBytes);
  if (index !== 0) {
    writer.byte(RESULT_INDEX);
    writer.varint(index);
  }
  writer.string(RESULT_KEY, key);
  writeHit(writer, RESULT_HIT, hit, withTags);
  writer.end(start, likelyBytes);
}
