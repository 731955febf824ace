import { limits } from '../../src/base/limits.ts';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService, GetRequest } from '../../src/gen/reprise/v1/cache_service.ts';
import type { SubscribeRequest } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace, settingsOf } from './admin-calls.ts';
import { atLeast, milliseconds, negative, textValue } from './cache-calls.ts';
import { type Calling, callRaw } from './call.ts';
import { metadataOf, subscribe } from './subscriber.ts';
import type { TimedServer } from './timed-server.ts';
import { until } from './until.ts';

/** The name of a limit. */
export type Limit = keyof typeof limits;

/** A call that reaches for a limit, and how it is refused one past it. */
export interface Reach {
  readonly limit: Limit;
  readonly what: string;
  readonly call: (t: TimedServer, amount: number) => Promise<unknown>;
  readonly reason: string;
  readonly field?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The limit is the least that is allowed. */
  readonly atLeast?: true;
  /** What one past the limit is, where it is not one more. */
  readonly past?: number;
}

const { batchDelete, batchGet, batchSet, get } = CacheServiceService;
const item = { content: textValue('v'), contentType: '', tags: [], ttl: undefined, staleWindow: undefined };
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);
const days30 = String(30 * 86_400_000);

/** Every way in which one request reaches for a limit. */
export const reaches: readonly Reach[] = [
  {
    limit: 'keyBytesMax',
    what: 'bytes of a key, read',
    call: (t, bytes) => t.cache.get('k'.repeat(bytes)),
    reason: 'KEY_TOO_LONG',
    field: 'key',
    metadata: { keyBytes: '1025', keyBytesMax: '1024' },
  },
  {
    limit: 'keyBytesMax',
    what: 'bytes of a key of long characters, written',
    call: (t, bytes) => t.cache.set(`${'é'.repeat(512)}${'k'.repeat(bytes - 1024)}`, 'v'),
    reason: 'KEY_TOO_LONG',
    field: 'key',
    metadata: { keyBytes: '1025', keyBytesMax: '1024' },
  },
  {
    limit: 'keyBytesMax',
    what: 'bytes of a prefix',
    call: (t, bytes) => t.cache.remove({ prefix: `${'k'.repeat(bytes - 1)}:` }),
    reason: 'PREFIX_NOT_A_SCOPE',
    field: 'prefix',
  },
  {
    limit: 'scopePrefixesPerKeyMax',
    what: 'scope prefixes',
    call: (t, count) => t.cache.remove({ prefix: 'a:'.repeat(count) }),
    reason: 'PREFIX_NOT_A_SCOPE',
    field: 'prefix',
  },
  {
    limit: 'tagBytesMax',
    what: 'bytes of a tag',
    call: (t, bytes) => t.cache.set('k', 'v', { tags: ['t'.repeat(bytes)] }),
    reason: 'TAG_INVALID',
    field: 'tags',
  },
  {
    limit: 'tagBytesMax',
    what: 'bytes of a tag in a selector',
    call: (t, bytes) => t.cache.remove({ tags: ['t'.repeat(bytes)] }),
    reason: 'TAG_INVALID',
    field: 'tags.tags',
  },
  {
    limit: 'tagsPerEntryMax',
    what: 'tags of an entry',
    call: (t, count) => t.cache.set('k', 'v', { tags: names(count) }),
    reason: 'TOO_MANY_TAGS',
    field: 'tags',
    metadata: { tags: '17', tagsMax: '16' },
  },
  {
    limit: 'tagsPerSelectorMax',
    what: 'tags in a selector',
    call: (t, count) => t.cache.remove({ tags: names(count) }),
    reason: 'TOO_MANY_TAGS',
    field: 'tags.tags',
    metadata: { tags: '101', tagsMax: '100' },
  },
  {
    limit: 'contentTypeBytesMax',
    what: 'bytes of a content type',
    call: (t, bytes) => t.cache.set('k', 'v', { contentType: 'x'.repeat(bytes) }),
    reason: 'CONTENT_TYPE_INVALID',
    field: 'content_type',
  },
  {
    limit: 'valueBytesMax',
    what: 'bytes of a value',
    call: (t, bytes) => t.cache.set('k', 'x'.repeat(bytes)),
    reason: 'VALUE_TOO_LARGE',
    field: 'value',
    metadata: { valueBytes: '8388609', valueBytesMax: '8388608' },
  },
  {
    limit: 'valueBytesMax',
    what: 'bytes that a namespace may allow',
    call: (t, valueBytesMax) => createNamespace(t.server, 'n', { valueBytesMax }),
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'valueBytesMax' },
  },
  {
    limit: 'messageBytesMax',
    what: 'bytes of a request',
    call: (t, bytes) => callRaw(t.server.client, get.path, paddedGet(bytes), get.responseDeserialize),
    reason: 'MESSAGE_TOO_LARGE',
    metadata: { messageBytes: '16777217', messageBytesMax: '16777216' },
  },
  {
    limit: 'batchItemsMax',
    what: 'keys of a BatchGet',
    call: (t, count) => t.server.call(batchGet, { keys: names(count) }),
    reason: 'BATCH_TOO_LARGE',
    field: 'keys',
    metadata: { items: '1001', itemsMax: '1000' },
  },
  {
    limit: 'batchItemsMax',
    what: 'items of a BatchSet',
    call: (t, count) =>
      t.server.call(batchSet, { items: names(count).map((key) => ({ ...item, key, condition: undefined })) }),
    reason: 'BATCH_TOO_LARGE',
    field: 'items',
    metadata: { items: '1001', itemsMax: '1000' },
  },
  {
    limit: 'batchItemsMax',
    what: 'keys of a BatchDelete',
    call: (t, count) => t.server.call(batchDelete, { keys: names(count) }),
    reason: 'BATCH_TOO_LARGE',
    field: 'keys',
    metadata: { items: '1001', itemsMax: '1000' },
  },
  {
    limit: 'batchItemsMax',
    what: 'keys of a selector',
    call: (t, count) => t.cache.remove({ keys: names(count) }),
    reason: 'BATCH_TOO_LARGE',
    field: 'keys.keys',
    metadata: { items: '1001', itemsMax: '1000' },
  },
  {
    limit: 'ttlMsMax',
    what: 'milliseconds of a TTL',
    call: (t, ms) => t.cache.set('k', 'v', { ttl: milliseconds(ms) }),
    reason: 'TTL_OUT_OF_RANGE',
    field: 'ttl',
    metadata: { ttlMs: '2592000001', ttlMsMax: days30 },
  },
  {
    limit: 'ttlMsMax',
    what: 'milliseconds of a touched TTL',
    call: async (t, ms) => [await t.cache.stored('k', 'v'), await t.cache.touch('k', { ttl: milliseconds(ms) })],
    reason: 'TTL_OUT_OF_RANGE',
    field: 'ttl',
    metadata: { ttlMs: '2592000001', ttlMsMax: days30 },
  },
  {
    limit: 'ttlMsMax',
    what: 'milliseconds of a counter’s TTL',
    call: (t, ms) => t.cache.increment('k', 1n, { ttl: milliseconds(ms) }),
    reason: 'TTL_OUT_OF_RANGE',
    field: 'ttl',
    metadata: { ttlMs: '2592000001', ttlMsMax: days30 },
  },
  {
    limit: 'ttlMsMax',
    what: 'milliseconds of a namespace’s longest TTL',
    call: (t, ms) => createNamespace(t.server, 'n', { maxTtl: milliseconds(ms) }),
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'maxTtlMs' },
  },
  {
    limit: 'staleWindowMsMax',
    what: 'milliseconds of a stale window',
    call: (t, ms) => t.cache.set('k', 'v', { staleWindow: milliseconds(ms) }),
    reason: 'STALE_WINDOW_OUT_OF_RANGE',
    field: 'stale_window',
    metadata: { staleWindowMs: '2592000001', staleWindowMsMax: days30 },
  },
  {
    limit: 'staleWindowMsMax',
    what: 'milliseconds of a namespace’s stale window',
    call: (t, ms) => createNamespace(t.server, 'n', { defaultStaleWindow: milliseconds(ms) }),
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'defaultStaleWindowMs' },
  },
  {
    limit: 'negativeTtlMsMax',
    what: 'milliseconds of a negative entry’s TTL where the namespace allows the most',
    call: async (t, ms) => {
      await t.server.call(AdminServiceService.updateNamespace, {
        name: 'default',
        settings: settingsOf({ negativeTtl: milliseconds(limits.negativeTtlMsMax) }),
      });
      await t.cache.set('k', '', { content: negative, ttl: milliseconds(ms) });
    },
    reason: 'TTL_OUT_OF_RANGE',
    field: 'ttl',
    metadata: { ttlMs: '60001', ttlMsMax: '60000' },
  },
  {
    limit: 'negativeTtlMsMax',
    what: 'milliseconds of a namespace’s negative TTL',
    call: (t, ms) => createNamespace(t.server, 'n', { negativeTtl: milliseconds(ms) }),
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'negativeTtlMs' },
  },
  {
    limit: 'ttlJitterRatioMax',
    what: 'a jitter ratio',
    call: (t, ttlJitterRatio) => createNamespace(t.server, 'n', { ttlJitterRatio }),
    past: 0.500001,
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'ttlJitterRatio' },
  },
  {
    limit: 'localTtlMsMax',
    what: 'milliseconds for which what could not be written is kept',
    call: (t, ms) => createNamespace(t.server, 'n', { localTtl: milliseconds(ms) }),
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'localTtlMs' },
  },
  {
    limit: 'capacityBytesMin',
    what: 'bytes of a namespace’s capacity',
    call: (t, bytes) => createNamespace(t.server, 'n', { capacityBytes: BigInt(bytes) }),
    atLeast: true,
    reason: 'SETTING_OUT_OF_RANGE',
    metadata: { field: 'capacityBytes' },
  },
  {
    limit: 'leaseHoldMsMax',
    what: 'milliseconds of a lease’s hold',
    call: (t, ms) => t.cache.get('k', { lease: { hold: milliseconds(ms), wait: undefined } }),
    reason: 'LEASE_OUT_OF_RANGE',
    field: 'lease.hold',
    metadata: { field: 'lease.hold', msMax: '600000' },
  },
  {
    limit: 'leaseWaitMsMax',
    what: 'milliseconds of a lease’s wait',
    call: (t, ms) => t.cache.get('k', { lease: { hold: undefined, wait: milliseconds(ms) } }),
    reason: 'LEASE_OUT_OF_RANGE',
    field: 'lease.wait',
    metadata: { field: 'lease.wait', msMax: '30000' },
  },
  {
    limit: 'tokensPerReadMax',
    what: 'tokens of a read',
    call: async (t, count) => {
      const { token } = await t.cache.stored('k', 'v');
      return await t.cache.get('k', { consistency: atLeast(...Array.from({ length: count }, () => token)) });
    },
    reason: 'TOO_MANY_TOKENS',
    field: 'consistency.at_least.tokens',
    metadata: { tokens: '17', tokensMax: '16' },
  },
  {
    limit: 'requestIdBytesMax',
    what: 'bytes of a request id',
    call: (t, bytes) => t.cache.set('k', 'v', { requestId: 'r'.repeat(bytes) }),
    reason: 'REQUEST_ID_INVALID',
    field: 'request_id',
  },
  {
    limit: 'requestIdBytesMax',
    what: 'bytes of an invalidation’s request id',
    call: (t, bytes) => t.cache.invalidate({ all: true }, { requestId: 'r'.repeat(bytes) }),
    reason: 'REQUEST_ID_INVALID',
    field: 'request_id',
  },
  {
    limit: 'namespaceNameBytesMax',
    what: 'bytes of a namespace’s name',
    call: (t, bytes) => createNamespace(t.server, 'n'.repeat(bytes)),
    reason: 'NAMESPACE_NAME_INVALID',
    field: 'name',
  },
  {
    limit: 'pageSizeMax',
    what: 'namespaces of a page',
    call: (t, pageSize) => t.server.call(AdminServiceService.listNamespaces, { pageSize }),
    reason: 'PAGE_INVALID',
    field: 'page_size',
  },
  {
    limit: 'filterNamesMax',
    what: 'prefixes of a subscription',
    call: (t, count) => opened(t, { prefixes: names(count).map((name) => `${name}:`) }),
    reason: 'FILTER_TOO_LARGE',
    field: 'prefixes',
    metadata: { field: 'prefixes', items: '101', itemsMax: '100' },
  },
  {
    limit: 'filterNamesMax',
    what: 'tags of a subscription',
    call: (t, count) => opened(t, { tags: names(count) }),
    reason: 'FILTER_TOO_LARGE',
    field: 'tags',
    metadata: { field: 'tags', items: '101', itemsMax: '100' },
  },
  {
    limit: 'filterKeysMax',
    what: 'keys of a subscription',
    call: (t, count) => opened(t, { keys: names(count) }),
    reason: 'FILTER_TOO_LARGE',
    field: 'keys',
    metadata: { field: 'keys', items: '1001', itemsMax: '1000' },
  },
  {
    limit: 'progressIntervalMsMin',
    what: 'milliseconds of a progress interval',
    call: (t, ms) => opened(t, { progressInterval: milliseconds(ms) }),
    atLeast: true,
    reason: 'PROGRESS_INTERVAL_OUT_OF_RANGE',
    field: 'progress_interval',
    metadata: { intervalMs: '99', intervalMsMin: '100', intervalMsMax: '60000' },
  },
  {
    limit: 'progressIntervalMsMax',
    what: 'milliseconds of a long progress interval',
    call: (t, ms) => opened(t, { progressInterval: milliseconds(ms) }),
    reason: 'PROGRESS_INTERVAL_OUT_OF_RANGE',
    field: 'progress_interval',
    metadata: { intervalMs: '60001', intervalMsMin: '100', intervalMsMax: '60000' },
  },
  {
    limit: 'originCharactersMax',
    what: 'characters of a subscriber’s origin',
    call: (t, count) => opened(t, {}, originOf(count)),
    reason: 'ORIGIN_INVALID',
    field: 'reprise-origin',
  },
  {
    limit: 'originCharactersMax',
    what: 'characters of a writer’s origin',
    call: (t, count) => t.server.call(CacheServiceService.delete, { key: 'k' }, originOf(count)),
    reason: 'ORIGIN_INVALID',
    field: 'reprise-origin',
  },
];

function originOf(characters: number): Calling {
  return { metadata: metadataOf({ 'reprise-origin': 'o'.repeat(characters) }) };
}

/** Opens a stream, and leaves when it has begun; rejects as a call does if it is refused. */
async function opened(t: TimedServer, request: Partial<SubscribeRequest>, more: Calling = {}): Promise<void> {
  using subscriber = subscribe(t.server.client, request, more);
  await until(() => subscriber.messages.length > 0 || subscriber.refusal !== undefined, { what: 'Ready' });
  if (subscriber.refusal !== undefined) throw subscriber.refusal;
}

/** A GetRequest of exactly so many bytes: an unknown field fills it up. */
function paddedGet(bytes: number): Buffer {
  const message = Buffer.from(GetRequest.encode({ ...GetRequest.decode(Buffer.alloc(0)), key: 'k' }).finish());
  const header = Buffer.of(0x7a, 0, 0, 0, 0);
  const padding = bytes - message.length - header.length;
  for (let i = 0; i < 4; i++) header[i + 1] = ((padding >>> (7 * i)) & 0x7f) | (i < 3 ? 0x80 : 0);
  return Buffer.concat([message, header, Buffer.alloc(padding)]);
}
