import { limits } from '../base/limits.ts';
import { type ClientParts, newRequestId } from '../client-parts.ts';
import type { Codec } from '../codecs/codec.ts';
import { RepriseError } from '../errors.ts';
import { type BatchSetItem, CacheServiceService } from '../gen/reprise/v1/cache_service.ts';
import type { CallOptions } from '../transport/caller.ts';
import { errorOfItem } from '../transport/rpc-error.ts';
import { checkedKey, checkedKeys } from './checked-key.ts';
import { makeChange } from './make-change.ts';
import { failureOf, type ItemFailure } from './read.ts';
import {
  type DeletedResult,
  type EntryOptions,
  entryFields,
  NEGATIVE_CONTENT,
  type NotStoredResult,
  notStoredOf,
  type StoredResult,
  storedOf,
  valueContent,
} from './write.ts';

/** One entry of `setMany`: a value, or `negative: true`. */
export type SetItem = EntryOptions & { readonly key: string } & (
    | { readonly value: unknown; readonly codec?: Codec | undefined; readonly negative?: false }
    | { readonly negative: true }
  );

/** The outcome for one item of `setMany`. */
export type SetManyResult = StoredResult | NotStoredResult | ItemFailure;

/** The outcome for one key of `deleteMany`. */
export type DeleteManyResult = DeletedResult | ItemFailure;

/** Writes entries, any number of them. The outcomes are in the order of the items; one that fails stops no other. */
export async function writeMany(
  parts: ClientParts,
  items: readonly SetItem[],
  options: CallOptions,
): Promise<SetManyResult[]> {
  const results: (SetManyResult | undefined)[] = items.map(() => undefined);
  const encoded = items.map((item, place) => {
    const message = encodedItem(parts, item);
    if (message instanceof RepriseError) results[place] = failureOf(item.key, message);
    return message;
  });
  const ready = [...encoded.keys()].filter((place) => results[place] === undefined);
  const weightOf = (place: number): number => itemBytes(encoded[place] as BatchSetItem);
  const chunks = chunksOf(ready, weightOf);
  const found = await chunkByChunk(chunks, (places) => {
    const messages = places.map((place) => encoded[place] as BatchSetItem);
    return [messages.map(({ key }) => key), () => writeChunk(parts, messages, options)];
  });
  for (const [index, place] of chunks.flat().entries()) results[place] = found[index];
  return results.map((result) => result!);
}

/** Removes entries, any number of them. The outcomes are in the order of the keys. */
export async function deleteMany(
  parts: ClientParts,
  keys: readonly string[],
  options: CallOptions,
): Promise<DeleteManyResult[]> {
  checkedKeys(keys);
  return chunkByChunk(
    chunksOf([...keys.keys()], () => 0),
    (places) => {
      const chunk = places.map((place) => keys[place]!);
      return [chunk, () => deleteChunk(parts, chunk, options)];
    },
  );
}

/**
 * Makes one call after another, and returns the outcomes of all. A first call that fails throws; a later one makes failures
 * of its own keys and those after it, since what was done before must be told.
 */
async function chunkByChunk<R>(
  chunks: readonly (readonly number[])[],
  prepare: (places: readonly number[]) => readonly [keys: readonly string[], send: () => Promise<R[]>],
): Promise<(R | ItemFailure)[]> {
  const outcomes: (R | ItemFailure)[] = [];
  let failure: RepriseError | undefined;
  for (const [index, places] of chunks.entries()) {
    const [keys, send] = prepare(places);
    try {
      if (failure === undefined) outcomes.push(...(await send()));
    } catch (error) {
      if (index === 0 || !(error instanceof RepriseError)) throw error;
      failure = error;
    }
    for (const key of failure === undefined ? [] : keys) outcomes.push(failureOf(key, failure!));
  }
  return outcomes;
}

function encodedItem(parts: ClientParts, item: SetItem): BatchSetItem | RepriseError {
  try {
    const content = item.negative ? NEGATIVE_CONTENT : valueContent(parts, item.value, item.codec);
    return { key: checkedKey(item.key), ...content, ...entryFields(item) };
  } catch (error) {
    if (error instanceof RepriseError) return error;
    throw error;
  }
}

async function writeChunk(parts: ClientParts, items: BatchSetItem[], options: CallOptions): Promise<SetManyResult[]> {
  const request = { namespace: parts.namespace, items, requestId: newRequestId(parts.random) };
  const { results, token } = await makeChange(parts, {
    keys: items.map(({ key }) => key),
    send: () => parts.caller.call(CacheServiceService.batchSet, request, { ...options, change: true }),
    tokenOf: (answer) => answer.token,
  });
  const outcomes = items.map(({ key }): SetManyResult => failureOf(key, noOutcome()));
  for (const { index, key, result } of results) {
    if (result?.$case === 'stored') outcomes[index] = storedOf(result.value, result.value.local ? '' : token);
    if (result?.$case === 'notStored') outcomes[index] = notStoredOf(result.value);
    if (result?.$case === 'error') outcomes[index] = failureOf(key, errorOfItem(result.value));
  }
  return outcomes;
}

async function deleteChunk(parts: ClientParts, keys: string[], options: CallOptions): Promise<DeleteManyResult[]> {
  const request = { namespace: parts.namespace, keys, requestId: newRequestId(parts.random) };
  const { results, token } = await makeChange(parts, {
    keys,
    send: () => parts.caller.call(CacheServiceService.batchDelete, request, { ...options, change: true }),
    tokenOf: (answer) => answer.token,
  });
  const outcomes = keys.map((key): DeleteManyResult => failureOf(key, noOutcome()));
  for (const { index, key, result } of results) {
    if (result?.$case === 'existed') outcomes[index] = { kind: 'deleted', existed: result.value, token };
    if (result?.$case === 'error') outcomes[index] = failureOf(key, errorOfItem(result.value));
  }
  return outcomes;
}

// An outcome that was added to the contract later.
function noOutcome(): RepriseError {
  return new RepriseError('The server told no outcome that this client knows.', { code: 'UNKNOWN' });
}

function itemBytes({ key, content, tags }: BatchSetItem): number {
  const valueBytes = content?.$case === 'value' ? content.value.length : 0;
  return valueBytes + 4 * key.length + tags.reduce((sum, tag) => sum + 4 * tag.length, 0);
}

/** Splits places, so that no call has too many items or bytes. One that is too large alone is the server's to refuse. */
function chunksOf(places: readonly number[], weightOf: (place: number) => number): number[][] {
  const chunks: number[][] = [];
  let chunk: number[] = [];
  let bytes = 0;
  for (const place of places) {
    const weight = weightOf(place);
    const isFull = chunk.length === limits.batchItemsMax || (chunk.length > 0 && bytes + weight > limits.batchBytesMax);
    if (isFull || chunks.length === 0) {
      chunk = [];
      bytes = 0;
      chunks.push(chunk);
    }
    chunk.push(place);
    bytes += weight;
  }
  return chunks;
}
