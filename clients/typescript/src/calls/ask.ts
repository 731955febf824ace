import type { ClientParts } from '../client-parts.ts';
import type { RepriseError } from '../errors.ts';
import { consistencyOf, type Demand, demandAfter } from '../freshness/demand.ts';
import {
  type BatchGetResponse,
  CacheServiceService,
  type GetRequest,
  type GetResponse,
} from '../gen/reprise/v1/cache_service.ts';
import { type Consistency, type Hit, type LeaseRequest, MissReason } from '../gen/reprise/v1/entry.ts';
import type { CallOptions, Manner } from '../transport/caller.ts';
import { errorOfItem } from '../transport/rpc-error.ts';
import type { Answer } from './answer.ts';

/** How reads are sent. */
export interface AskOptions extends CallOptions {
  readonly allowStale?: boolean | undefined;
  readonly withTags?: boolean | undefined;
}

/** The answer for one key, or why there is none. */
export type ItemAnswer = Answer | { readonly kind: 'error'; readonly error: RepriseError };

/** Asks the server for one key, at most twice where a token was unusable. */
export async function askOne(
  parts: ClientParts,
  key: string,
  demand: Demand,
  { allowStale = false, withTags = false, ...options }: AskOptions & { readonly lease?: LeaseRequest },
): Promise<Answer> {
  const request: Partial<GetRequest> = { namespace: parts.namespace, key, allowStale, withTags, lease: options.lease };
  const send = (consistency: Consistency | undefined, manner: Manner): Promise<GetResponse> =>
    parts.caller.call(CacheServiceService.get, { ...request, consistency }, manner);
  return answerOf(await fresh(parts, demand, options, send));
}

/** Asks the server for up to 1000 keys. Those that a message has no room for are asked for again. In the order of the keys. */
export async function askMany(
  parts: ClientParts,
  keys: readonly string[],
  demand: Demand,
  { allowStale = false, withTags = false, ...options }: AskOptions,
): Promise<ItemAnswer[]> {
  const request = { namespace: parts.namespace, allowStale, withTags };
  const send = (consistency: Consistency | undefined, manner: Manner): Promise<BatchGetResponse> =>
    parts.caller.call(CacheServiceService.batchGet, { ...request, keys: [...keys], consistency }, manner);
  const answers = itemAnswersOf(keys, await fresh(parts, demand, options, send));
  const left = keys.filter((_, place) => isFull(answers[place]!));
  // Nothing came: asking again would bring as little.
  if (left.length === 0 || left.length === keys.length) return answers;
  const others = await askMany(parts, left, demand, { allowStale, withTags, ...options });
  return answers.map((answer) => (isFull(answer) ? others.shift()! : answer));
}

/**
 * Sends a read as fresh as is demanded. Where a token that the client itself added is unusable, all of those are dropped
 * and the read is repeated once.
 */
export async function fresh<A>(
  { own, near }: ClientParts,
  demand: Demand,
  manner: Manner,
  send: (consistency: Consistency | undefined, manner: Manner) => Promise<A>,
): Promise<A> {
  try {
    return await send(consistencyOf(demand), manner);
  } catch (error) {
    const next = demandAfter(error, demand);
    if (next === undefined) throw error;
    own.clear();
    near?.distrustFlights();
    return send(consistencyOf(next), manner);
  }
}

function answerOf({ result }: GetResponse): Answer {
  switch (result?.$case) {
    case 'hit':
      return hitOf(result.value);
    case 'miss':
      return { kind: 'miss', miss: result.value, fence: result.value.fence };
    default:
      return nothing();
  }
}

function itemAnswersOf(keys: readonly string[], { results, token }: BatchGetResponse): ItemAnswer[] {
  const answers = keys.map((): ItemAnswer => nothing());
  for (const { index, result } of results) {
    if (result?.$case === 'hit') answers[index] = hitOf(result.value);
    if (result?.$case === 'miss') answers[index] = { kind: 'miss', miss: result.value, fence: token };
    if (result?.$case === 'error') answers[index] = { kind: 'error', error: errorOfItem(result.value) };
  }
  return answers;
}

// A kind of content that was added to the contract later can't be served, and is least of all a negative.
function hitOf(hit: Hit): Answer {
  return hit.content === undefined ? nothing() : { kind: 'hit', hit };
}

// An outcome that was added to the contract later brings nothing that could be served.
function nothing(): Answer {
  const miss = { reason: MissReason.UNSPECIFIED, fence: '', lease: undefined, retryAfter: undefined };
  return { kind: 'miss', miss, fence: '' };
}

function isFull(answer: ItemAnswer): boolean {
  return answer.kind === 'error' && answer.error.reason === 'RESPONSE_FULL';
}
