import { defaults, limits } from '../base/limits.ts';
import { OperatingError, type ReasonName } from '../base/operating-error.ts';
import { utf8Bytes } from '../base/utf8.ts';
import { isScopePrefix } from '../cache/rules/scope-prefix.ts';
import type { Duration } from '../gen/google/protobuf/duration.ts';
import type { Once } from '../store/store.ts';
import { millisecondsOf } from './durations.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: Deliberate: these are the characters that are refused.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Returns a key if it is one: 1 to 1024 bytes without control characters. `index` is its place in a list; the path of the
 * field is made only for a key that is wrong.
 */
export function keyField(key: string, field = 'key', index?: number): string {
  if (key === '') throw invalid('KEY_INVALID', pathOf(field, index), 'A key must not be empty.');
  // A UTF-16 unit is at most 3 bytes of UTF-8: short keys need no count.
  const keyBytes = key.length * 3 <= limits.keyBytesMax ? 0 : utf8Bytes(key);
  if (keyBytes > limits.keyBytesMax) {
    const message = `The key has ${keyBytes} bytes; ${limits.keyBytesMax} are allowed.`;
    throw invalid('KEY_TOO_LONG', pathOf(field, index), message, { keyBytes, keyBytesMax: limits.keyBytesMax });
  }
  if (CONTROL_CHARACTER.test(key))
    throw invalid('KEY_INVALID', pathOf(field, index), 'A key must not hold control characters.');
  return key;
}

function pathOf(field: string, index: number | undefined): string {
  return index === undefined ? field : `${field}[${index}]`;
}

/** Returns the tags of an entry, each once. */
export function tagsField(tags: readonly string[], field = 'tags', tagsMax: number = limits.tagsPerEntryMax): string[] {
  if (tags.length === 0) return [];
  const distinct = [...new Set(tags)];
  if (distinct.length > tagsMax) {
    const message = `There are ${distinct.length} tags; ${tagsMax} are allowed.`;
    throw invalid('TOO_MANY_TAGS', field, message, { tags: distinct.length, tagsMax });
  }
  for (const tag of distinct) checkTag(tag, field);
  return distinct;
}

function checkTag(tag: string, field: string): void {
  if (tag === '' || utf8Bytes(tag) > limits.tagBytesMax || CONTROL_CHARACTER.test(tag)) {
    const message = `A tag must have 1 to ${limits.tagBytesMax} bytes and no control characters.`;
    throw invalid('TAG_INVALID', field, message);
  }
}

/** Returns a content type if it is short enough. */
export function contentTypeField(contentType: string): string {
  if (contentType === '') return contentType;
  if (utf8Bytes(contentType) > limits.contentTypeBytesMax || CONTROL_CHARACTER.test(contentType)) {
    const message = `A content type must have at most ${limits.contentTypeBytesMax} bytes and no control characters.`;
    throw invalid('CONTENT_TYPE_INVALID', 'content_type', message);
  }
  return contentType;
}

/** Returns a prefix if keys can have it as a scope prefix. */
export function prefixField(prefix: string): string {
  if (utf8Bytes(prefix) <= limits.keyBytesMax && isScopePrefix(prefix)) return prefix;
  const message = `A prefix must end in ':' or '/' and be one of the first ${limits.scopePrefixesPerKeyMax} such prefixes of a key.`;
  throw invalid('PREFIX_NOT_A_SCOPE', 'prefix', message);
}

/** Returns a Duration in milliseconds, or `undefined` if there is none. A malformed one becomes NaN: out of range. */
export function durationField(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : millisecondsOf(duration);
}

/** Returns what a lease request asks for, in milliseconds. */
export function leaseField(
  lease: { hold: Duration | undefined; wait: Duration | undefined } | undefined,
): { holdMs: number; waitMs: number } | undefined {
  if (lease === undefined) return undefined;
  const holdMs = durationField(lease.hold) ?? defaults.leaseHoldMs;
  const waitMs = durationField(lease.wait) ?? 0;
  checkSpan('lease.hold', holdMs, 1, limits.leaseHoldMsMax);
  checkSpan('lease.wait', waitMs, 0, limits.leaseWaitMsMax);
  return { holdMs, waitMs };
}

function checkSpan(field: string, ms: number, msMin: number, msMax: number): void {
  if (ms >= msMin && ms <= msMax) return;
  const message = `${field} must be from ${msMin} to ${msMax} ms.`;
  throw invalid('LEASE_OUT_OF_RANGE', field, message, { field, msMax });
}

/** What a request id belongs to: one that comes again for another operation names another change. */
type OnceOperation = 'set' | 'batch-set' | 'delete' | 'batch-delete' | 'touch' | 'increment' | 'invalidate';

/** Returns what makes a change apply once, or `undefined` if the caller gave no request id. */
export function onceField(operation: OnceOperation, requestId: string): Once | undefined {
  if (requestId === '') return undefined;
  if (utf8Bytes(requestId) > limits.requestIdBytesMax) {
    const message = `A request id must have at most ${limits.requestIdBytesMax} bytes.`;
    throw invalid('REQUEST_ID_INVALID', 'request_id', message);
  }
  return { requestId: `${operation} ${requestId}` };
}

/** Returns the items of a batch if their number is right. */
export function itemsField<Item>(items: readonly Item[], field: string): readonly Item[] {
  if (items.length >= 1 && items.length <= limits.batchItemsMax) return items;
  const message = `${field} must name 1 to ${limits.batchItemsMax}; there are ${items.length}.`;
  const metadata = { items: items.length, itemsMax: limits.batchItemsMax };
  throw invalid('BATCH_TOO_LARGE', field, message, metadata);
}

/** Returns the error of a field that must be given. */
export function required(field: string): OperatingError {
  return invalid('FIELD_REQUIRED', field, `${field} is required.`, { field });
}

/** Returns the error of a field that is wrong. */
export function invalid(
  reason: ReasonName,
  field: string,
  message: string,
  metadata: Record<string, string | number> = {},
): OperatingError {
  return new OperatingError(reason, message, { metadata, field });
}
