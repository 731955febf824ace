import { millisecondsOf, optionalDuration } from '../base/durations.ts';
import { enumName } from '../base/enum-name.ts';
import { type ClientParts, newRequestId } from '../client-parts.ts';
import type { Codec } from '../codecs/codec.ts';
import { CacheServiceService, NotIncrementedReason, type SetRequest } from '../gen/reprise/v1/cache_service.ts';
import {
  type Condition as ConditionMessage,
  type NotStored,
  NotStoredReason,
  type Stored,
} from '../gen/reprise/v1/entry.ts';
import type { CallOptions, Manner } from '../transport/caller.ts';
import { checkedKey } from './checked-key.ts';
import { makeChange } from './make-change.ts';

/** How long an entry lives. */
export interface LifetimeOptions {
  /** Milliseconds until the entry is stale, from 1. Default: the namespace's. */
  readonly ttlMs?: number | undefined;
  /** Milliseconds after that in which it may be served stale. Default: the namespace's. */
  readonly staleWindowMs?: number | undefined;
}

/** What must hold for a write: no fresh entry, a fresh entry, this revision, this lease, or nothing changed since a fence. */
export type Condition =
  | { readonly absent: true }
  | { readonly present: true }
  | { readonly revision: string }
  | { readonly leaseId: string }
  | { readonly fence: string };

/** What is told of an entry beside its value. */
export interface EntryOptions extends LifetimeOptions {
  /** Up to 16 tags of 1 to 128 bytes, which `invalidateTags` can name. */
  readonly tags?: readonly string[] | undefined;
  /** Write only if this holds. */
  readonly condition?: Condition | undefined;
}

/** How a value is written. */
export interface SetOptions extends EntryOptions, CallOptions {
  /** What makes bytes of the value. Default: the client's. */
  readonly codec?: Codec | undefined;
}

/** How a negative entry is written. It has no stale window. */
export type SetNegativeOptions = Omit<EntryOptions, 'staleWindowMs'> & CallOptions;

/** How a counter is changed. */
export interface IncrementOptions extends CallOptions {
  /** What to add; negative to subtract. Default 1. */
  readonly delta?: bigint | number;
  /** What an absent counter counts from. Default 0. */
  readonly initial?: bigint | number;
  /** Milliseconds until an absent counter's entry is stale. An increment does not lengthen a life. */
  readonly ttlMs?: number | undefined;
}

/** The client passes everything through: nothing was done. */
export interface PassedThrough {
  readonly kind: 'passedThrough';
}

/** The outcome of a write. */
export type SetResult = StoredResult | NotStoredResult | PassedThrough;

/** The entry was written. */
export interface StoredResult {
  readonly kind: 'stored';
  readonly revision: string;
  /** A read `atLeast` this sees the write, or something newer. */
  readonly token: string;
  /** Milliseconds until the entry is stale. */
  readonly freshForMs: number;
  /** Milliseconds until it is gone. */
  readonly keepForMs: number;
  /** The store could not be reached: one node keeps the entry for a short time. Revision and token are empty then. */
  readonly local: boolean;
}

/** The condition did not hold: nothing was written. */
export interface NotStoredResult {
  readonly kind: 'notStored';
  readonly reason: keyof typeof NotStoredReason;
  /** Of the entry there is. Empty if there is none. */
  readonly revision: string;
}

/** The outcome of a delete. */
export type DeleteResult = DeletedResult | PassedThrough;

/** There is no entry any more. */
export interface DeletedResult {
  readonly kind: 'deleted';
  /** True if there was one. */
  readonly existed: boolean;
  readonly token: string;
}

/** The outcome of a touch. */
export type TouchResult = TouchedResult | NotTouchedResult | PassedThrough;

/** The entry has a new lifetime, and a new revision. */
export interface TouchedResult {
  readonly kind: 'touched';
  readonly revision: string;
  readonly token: string;
  readonly freshForMs: number;
  readonly keepForMs: number;
}

/** There was no fresh entry. */
export interface NotTouchedResult {
  readonly kind: 'notTouched';
  readonly token: string;
  /** Others changed the key again and again meanwhile; nothing was changed then. */
  readonly contended: boolean;
}

/** The outcome of an increment. */
export type IncrementResult = IncrementedResult | NotIncrementedResult | PassedThrough;

/** The counter was changed. */
export interface IncrementedResult {
  readonly kind: 'incremented';
  /** The counter after it: 64 bits, more than a number holds. */
  readonly value: bigint;
  readonly revision: string;
  readonly token: string;
  readonly freshForMs: number;
  readonly keepForMs: number;
}

/** The counter was not changed. */
export interface NotIncrementedResult {
  readonly kind: 'notIncremented';
  readonly reason: keyof typeof NotIncrementedReason;
  readonly revision: string;
}

/** What is written: a value's bytes, or that the source has nothing. */
export type Content = Pick<SetRequest, 'content' | 'contentType'>;

/** Returns the content of a value. Throws a CodecError. */
export function valueContent({ codecs }: ClientParts, value: unknown, codec?: Codec): Content {
  const { bytes, contentType } = codecs.encode(value, codec);
  return {
    content: { $case: 'value', value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
    contentType,
  };
}

/** The content of a negative entry. */
export const NEGATIVE_CONTENT: Content = { content: { $case: 'negative', value: {} }, contentType: '' };

/** Writes an entry. `onceOnly: false`: without a request id, which a node that writes by itself can't honour. */
export async function writeEntry(
  parts: ClientParts,
  key: string,
  content: Content,
  options: EntryOptions & Manner & { readonly onceOnly?: boolean },
): Promise<StoredResult | NotStoredResult> {
  const requestId = options.onceOnly === false ? '' : newRequestId(parts.random);
  const request = { namespace: parts.namespace, key: checkedKey(key), ...content, ...entryFields(options), requestId };
  const { result } = await makeChange(parts, {
    keys: [key],
    send: () => parts.caller.call(CacheServiceService.set, request, { ...options, change: true }),
    tokenOf: (answer) => (answer.result?.$case === 'stored' ? answer.result.value.token : ''),
  });
  return result?.$case === 'stored' ? storedOf(result.value) : notStoredOf(result?.value);
}

/** Removes an entry. */
export async function deleteEntry(parts: ClientParts, key: string, options: CallOptions): Promise<DeletedResult> {
  const request = { namespace: parts.namespace, key: checkedKey(key), requestId: newRequestId(parts.random) };
  const { existed, token } = await makeChange(parts, {
    keys: [key],
    send: () => parts.caller.call(CacheServiceService.delete, request, { ...options, change: true }),
    tokenOf: (answer) => answer.token,
  });
  return { kind: 'deleted', existed, token };
}

/** Gives a fresh entry a new lifetime. */
export async function touchEntry(
  parts: ClientParts,
  key: string,
  { ttlMs, staleWindowMs, ...options }: LifetimeOptions & CallOptions,
): Promise<TouchedResult | NotTouchedResult> {
  const lifetime = { ttl: optionalDuration(ttlMs), staleWindow: optionalDuration(staleWindowMs) };
  const requestId = newRequestId(parts.random);
  const { result } = await makeChange(parts, {
    keys: [key],
    send: () => {
      const request = { namespace: parts.namespace, key: checkedKey(key), ...lifetime, requestId };
      return parts.caller.call(CacheServiceService.touch, request, { ...options, change: true });
    },
    tokenOf: (answer) => answer.result?.value.token ?? '',
  });
  if (result?.$case !== 'touched') {
    return { kind: 'notTouched', token: result?.value.token ?? '', contended: result?.value.contended ?? false };
  }
  const { revision, token, freshFor, keepFor } = result.value;
  return { kind: 'touched', revision, token, freshForMs: millisecondsOf(freshFor), keepForMs: millisecondsOf(keepFor) };
}

/** Adds to a counter. */
export async function incrementEntry(
  parts: ClientParts,
  key: string,
  { delta = 1, initial = 0, ttlMs, ...options }: IncrementOptions,
): Promise<IncrementedResult | NotIncrementedResult> {
  const counting = { delta: int64(delta), initial: int64(initial), ttl: optionalDuration(ttlMs) };
  const request = {
    namespace: parts.namespace,
    key: checkedKey(key),
    ...counting,
    requestId: newRequestId(parts.random),
  };
  const { result } = await makeChange(parts, {
    keys: [key],
    send: () => parts.caller.call(CacheServiceService.increment, request, { ...options, change: true }),
    tokenOf: (answer) => (answer.result?.$case === 'incremented' ? answer.result.value.token : ''),
  });
  if (result?.$case !== 'incremented') {
    const { reason = NotIncrementedReason.UNSPECIFIED, revision = '' } = result?.value ?? {};
    return { kind: 'notIncremented', reason: enumName(NotIncrementedReason, reason), revision };
  }
  const { value, revision, token, freshFor, keepFor } = result.value;
  const lifetime = { freshForMs: millisecondsOf(freshFor), keepForMs: millisecondsOf(keepFor) };
  return { kind: 'incremented', value, revision, token, ...lifetime };
}

/** Returns the fields of an entry beside its key and content. */
export function entryFields({ ttlMs, staleWindowMs, tags = [], condition }: EntryOptions) {
  return {
    tags: [...tags],
    ttl: optionalDuration(ttlMs),
    staleWindow: optionalDuration(staleWindowMs),
    condition: condition && conditionOf(condition),
  };
}

/** Returns what was written. `token`: of the batch that it was in. */
export function storedOf({ revision, token, freshFor, keepFor, local }: Stored, batchToken = token): StoredResult {
  const lifetime = { freshForMs: millisecondsOf(freshFor), keepForMs: millisecondsOf(keepFor) };
  return { kind: 'stored', revision, token: batchToken, ...lifetime, local };
}

/** Returns why nothing was written. */
export function notStoredOf(notStored: NotStored | undefined): NotStoredResult {
  const { reason = NotStoredReason.UNSPECIFIED, revision = '' } = notStored ?? {};
  return { kind: 'notStored', reason: enumName(NotStoredReason, reason), revision };
}

function conditionOf(condition: Condition): ConditionMessage {
  if ('absent' in condition) return { kind: { $case: 'absent', value: {} } };
  if ('present' in condition) return { kind: { $case: 'present', value: {} } };
  if ('revision' in condition) return { kind: { $case: 'revision', value: condition.revision } };
  if ('leaseId' in condition) return { kind: { $case: 'leaseId', value: condition.leaseId } };
  return { kind: { $case: 'fence', value: condition.fence } };
}

/** Throws a RangeError for what is no int64. */
function int64(value: bigint | number): bigint {
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) !== whole) throw new RangeError('A counter has 64 bits.');
  return whole;
}
