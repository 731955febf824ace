import { limits } from '../base/limits.ts';
import { untilAborted } from '../base/until-aborted.ts';
import type { GetBatcher } from '../batching/get-batcher.ts';
import type { ClientParts } from '../client-parts.ts';
import { RepriseError } from '../errors.ts';
import { type Demand, demandOf, type FreshnessOptions, strictest } from '../freshness/demand.ts';
import { CacheServiceService } from '../gen/reprise/v1/cache_service.ts';
import type { Lookup } from '../lookup.ts';
import type { NearFlight } from '../near/near-cache.ts';
import type { CallOptions } from '../transport/caller.ts';
import { type Answer, broughtOf, lookupOf, type ShowOptions } from './answer.ts';
import { askMany, askOne, fresh, type ItemAnswer } from './ask.ts';
import { checkedKey, checkedKeys } from './checked-key.ts';
import { readNear } from './read-near.ts';

/** How an entry is read. */
export interface GetOptions extends CallOptions, FreshnessOptions, ShowOptions {
  /** Serve an entry past its TTL too, within its stale window, marked `stale`. */
  readonly allowStale?: boolean | undefined;
}

/** An item of a batch that failed by itself. */
export interface ItemFailure {
  readonly kind: 'error';
  readonly key: string;
  readonly error: RepriseError;
  /** `other`: there is no value. */
  valueOr<O>(other: O): O;
}

/** Whether a read would hit. */
export interface ExistsResult {
  /** True if a `get` without `allowStale` would not miss. */
  readonly exists: boolean;
  /** True if it would be negative. */
  readonly negative: boolean;
}

/** Reads one entry from the server, together with others where there is a batcher. */
export async function readOne(
  parts: ClientParts,
  key: string,
  options: GetOptions,
  batcher: GetBatcher | undefined,
): Promise<Lookup<unknown>> {
  const answer = await readThrough(parts, checkedKey(key), options, async (demand, withTags) => {
    const { allowStale, timeoutMs, signal } = options;
    if (batcher === undefined) return askOne(parts, key, demand, { allowStale, withTags, timeoutMs, signal });
    signal?.throwIfAborted();
    return batcher.ask(key, demand, { allowStale, withTags, timeoutMs });
  });
  return lookupOf(parts, key, answer, options);
}

/** Reads one entry from the server, and keeps it near where that is right. */
export async function readThrough(
  parts: ClientParts,
  key: string,
  options: GetOptions,
  ask: (demand: Demand, withTags: boolean) => Promise<Answer>,
): Promise<Answer> {
  const flight = parts.near?.begin();
  const demand = demandOf(options, parts.own.demandFor(key), flight?.streamToken);
  const asked = ask(demand, flight !== undefined || (options.withTags ?? false));
  const answered = asked.then(
    (answer) => {
      keepNear(parts, key, flight, answer);
      return answer;
    },
    (error: unknown) => {
      if (flight !== undefined) parts.near?.giveUp();
      throw error;
    },
  );
  return untilAborted(answered, options.signal);
}

function keepNear({ near }: ClientParts, key: string, flight: NearFlight | undefined, answer: ItemAnswer): void {
  if (near === undefined || flight === undefined) return;
  const brought = answer.kind === 'error' ? undefined : broughtOf(key, answer);
  if (brought === undefined) near.giveUp();
  else near.keep(flight, brought);
}

/** Reads entries, any number of them, in the order of the keys. */
export async function readMany(
  parts: ClientParts,
  keys: readonly string[],
  options: GetOptions,
): Promise<(Lookup<unknown> | ItemFailure)[]> {
  checkedKeys(keys);
  const results = keys.map((key) => shown(key, () => readNear(parts, key, options)));
  const places = [...results.keys()].filter((place) => results[place] === undefined);
  const chunks = Array.from({ length: Math.ceil(places.length / limits.batchItemsMax) }, (_, chunk) =>
    places.slice(chunk * limits.batchItemsMax, (chunk + 1) * limits.batchItemsMax),
  );
  const read = async (chunk: readonly number[]): Promise<void> => {
    const found = await readChunk(
      parts,
      chunk.map((place) => keys[place]!),
      options,
    );
    for (const [index, place] of chunk.entries()) results[place] = found[index];
  };
  await Promise.all(chunks.map(read));
  return results.map((result) => result!);
}

async function readChunk(
  parts: ClientParts,
  keys: readonly string[],
  options: GetOptions,
): Promise<(Lookup<unknown> | ItemFailure)[]> {
  const { near, own } = parts;
  const flights = keys.map(() => near?.begin());
  const demand = strictest(
    keys.map((key, place) => demandOf(options, own.demandFor(key), flights[place]?.streamToken)),
  );
  try {
    const withTags = near !== undefined || (options.withTags ?? false);
    const answers = await askMany(parts, keys, demand, { ...options, withTags });
    return answers.map((answer, place) => {
      const key = keys[place]!;
      keepNear(parts, key, flights[place], answer);
      return shown(key, () =>
        answer.kind === 'error' ? failureOf(key, answer.error) : lookupOf(parts, key, answer, options),
      );
    });
  } catch (error) {
    if (near !== undefined) for (const _ of flights) near.giveUp();
    throw error;
  }
}

/** What one item shows; a value that can't be decoded fails alone. */
function shown<R>(key: string, show: () => R): R | ItemFailure {
  try {
    return show();
  } catch (error) {
    if (error instanceof RepriseError) return failureOf(key, error);
    throw error;
  }
}

/** Returns the failure of one item of a batch. */
export function failureOf(key: string, error: RepriseError): ItemFailure {
  return { kind: 'error', key, error, valueOr: (other) => other };
}

/** Tells whether a read would hit. It never asks the near cache. */
export async function readExists(
  parts: ClientParts,
  key: string,
  options: CallOptions & FreshnessOptions,
): Promise<ExistsResult> {
  const request = { namespace: parts.namespace, key: checkedKey(key) };
  const demand = demandOf(options, parts.own.demandFor(key));
  const { exists, negative } = await fresh(parts, demand, options, (consistency, manner) =>
    parts.caller.call(CacheServiceService.exists, { ...request, consistency }, manner),
  );
  return { exists, negative };
}
