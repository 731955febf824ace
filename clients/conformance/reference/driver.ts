// The driver of the bare stubs: reads, writes, batches and invalidations, without retries, near cache or streams. It
// tests the runner and the scenarios, and shows how small a driver is.
import { createInterface } from 'node:readline';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { systemRandom } from '../../../src/base/random.ts';
import { ErrorInfo } from '../../../src/gen/google/rpc/error_details.ts';
import type { Status } from '../../../src/gen/google/rpc/status.ts';
import type { BatchSetItem, SetRequest } from '../../../src/gen/reprise/v1/cache_service.ts';
import { CacheServiceService, NotIncrementedReason } from '../../../src/gen/reprise/v1/cache_service.ts';
import {
  type Condition,
  type Consistency,
  type Hit,
  type Miss,
  MissReason,
  type NotStored,
  NotStoredReason,
  type Stored,
} from '../../../src/gen/reprise/v1/entry.ts';
import {
  CountPrecision,
  InvalidationMode,
  InvalidationServiceService,
  RefusedReason,
  WaitFor,
} from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { call, errorFacts, type UnaryMethod } from '../../../test/support/call.ts';
import { durationOf, plainOf } from '../runner/plain-values.ts';
import { decoded, encoded, Failure, type WireValue } from './values.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Opened {
  readonly channel: Client;
  readonly origin: string;
  readonly namespace: string;
  readonly deadlineMs: number;
  readonly unknownAsRaw: boolean;
  readonly credential: string | undefined;
}

const FEATURES = [
  'codec_raw',
  'conditions',
  'credential',
  'deadline_per_call',
  'invalidate_options',
  'latest',
  'token',
];
const KINDS: Readonly<Record<number, string>> = {
  [status.UNAVAILABLE]: 'Unavailable',
  [status.DEADLINE_EXCEEDED]: 'DeadlineExceeded',
  [status.INVALID_ARGUMENT]: 'InvalidArgument',
  [status.NOT_FOUND]: 'NotFound',
  [status.CANCELLED]: 'Cancelled',
};
const clients = new Map<string, Opened>();

const commands: Readonly<Record<string, (args: Fields) => unknown>> = {
  hello: () => ({ language: 'reference', features: FEATURES }),
  reset: () => {
    for (const { channel } of clients.values()) channel.close();
    clients.clear();
    return {};
  },
  parallel: ({ commands: all }) => Promise.all((all as Fields[]).map(answerOf)),
  open,
  close: (args) => {
    clientOf(args).channel.close();
    return {};
  },
  get: async (args) => {
    const { result } = await calling(CacheServiceService.get, args, { key: String(args['key']), ...reading(args) });
    return lookupOf(args, result as Answered);
  },
  set: async (args) => setResult((await calling(CacheServiceService.set, args, writing(args))).result as SetOutcome),
  set_negative: (args) => commands['set']!({ ...args, negative: true }),
  delete: (args) => calling(CacheServiceService.delete, args, { key: String(args['key']), requestId: requestId() }),
  touch: async (args) => {
    const request = { key: String(args['key']), ...lifetime(args), requestId: requestId() };
    const { result } = await calling(CacheServiceService.touch, args, request);
    if (result?.$case !== 'touched') return { touched: false, token: result?.value.token };
    const { revision, token, freshFor } = result.value;
    return { touched: true, revision, token, freshForMs: plainOf(freshFor) };
  },
  increment: async (args) => {
    const { key, delta, initial = '0' } = args as Record<string, string>;
    const counting = { key: key!, delta: BigInt(delta!), initial: BigInt(initial), ...lifetime(args) };
    const { result } = await calling(CacheServiceService.increment, args, { ...counting, requestId: requestId() });
    if (result?.$case === 'notIncremented')
      return { notIncremented: nameOf(NotIncrementedReason, result.value.reason) };
    const { value, revision, token } = result!.value;
    return { value: String(value), revision, token };
  },
  exists: (args) => calling(CacheServiceService.exists, args, { key: String(args['key']), ...reading(args) }),
  get_many: async (args) => {
    const request = { keys: args['keys'] as string[], ...reading(args) };
    const { results } = await calling(CacheServiceService.batchGet, args, request);
    return { results: results.map(({ result }) => itemOf(result as Item, (item) => lookupOf(args, item as Answered))) };
  },
  set_many: async (args) => {
    const items = (args['items'] as Fields[]).map((item) => writing(item) as BatchSetItem);
    const { results } = await calling(CacheServiceService.batchSet, args, { items, requestId: requestId() });
    return { results: results.map(({ result }) => itemOf(result as Item, (item) => setResult(item as SetOutcome))) };
  },
  delete_many: async (args) => {
    const request = { keys: args['keys'] as string[], requestId: requestId() };
    const { results } = await calling(CacheServiceService.batchDelete, args, request);
    return { results: results.map(({ result }) => itemOf(result as Item, ({ value }) => ({ existed: value }))) };
  },
  invalidate,
};

function open(args: Fields): unknown {
  const { client, targets, namespace = '', deadlineMs = 2000, unknownAsRaw, insecure, credential } = args;
  const [target = ''] = targets as string[];
  const isNear = /^(127\.|localhost|\[::1\])/.test(target);
  if (!isNear && (insecure !== true || credential !== undefined))
    throw new Failure('Usage', 'another machine needs TLS');
  const origin = systemRandom.bytes(8).toString('hex');
  const largest = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
  clients.set(String(client), {
    channel: new Client(target, credentials.createInsecure(), largest),
    origin,
    namespace: String(namespace),
    deadlineMs: Number(deadlineMs),
    unknownAsRaw: unknownAsRaw === true,
    credential: credential as string | undefined,
  });
  return { origin };
}

async function invalidate(args: Fields): Promise<unknown> {
  const { mode = 'REMOVE', dryRun, affectedMax, wait } = args;
  const request = {
    selector: selectorOf(args),
    mode: InvalidationMode[mode as 'REMOVE'],
    dryRun: dryRun === true,
    requestId: requestId(),
    ...(affectedMax !== undefined && { affectedMax: BigInt(Number(affectedMax)) }),
    ...(wait !== undefined && { wait: WaitFor[wait as 'NODES'] }),
  };
  const { result } = await calling(InvalidationServiceService.invalidate, args, request);
  switch (result?.$case) {
    case 'counted':
      return { counted: Number(result.value.affected), precision: nameOf(CountPrecision, result.value.precision) };
    case 'refused':
      return { refused: nameOf(RefusedReason, result.value.reason), affected: Number(result.value.affected) };
    default:
      return { invalidated: true, token: result?.value.token };
  }
}

function selectorOf({ keys, tags, prefix }: Fields) {
  if (keys !== undefined) return { $case: 'keys', value: { keys: keys as string[] } } as const;
  if (tags !== undefined) return { $case: 'tags', value: { tags: tags as string[] } } as const;
  if (prefix !== undefined) return { $case: 'prefix', value: String(prefix) } as const;
  return { $case: 'wholeNamespace', value: {} } as const;
}

function writing({ key, value, negative, tags = [], condition, ...args }: Fields): Partial<SetRequest> {
  const { value: bytes, contentType } =
    negative === true ? { value: undefined, contentType: '' } : encoded(value as WireValue);
  return {
    key: String(key),
    content: bytes === undefined ? { $case: 'negative', value: {} } : { $case: 'value', value: bytes },
    contentType,
    tags: tags as string[],
    ...lifetime(args),
    condition: conditionOf(condition as Fields | undefined),
    requestId: requestId(),
  };
}

function lifetime({ ttlMs, staleWindowMs }: Fields) {
  const spanOf = (ms: unknown) => (ms === undefined ? undefined : durationOf(Number(ms)));
  return { ttl: spanOf(ttlMs), staleWindow: spanOf(staleWindowMs) };
}

function conditionOf(condition: Fields | undefined): Condition | undefined {
  if (condition === undefined) return undefined;
  const [[name = '', value] = []] = Object.entries(condition);
  return { kind: { $case: name, value: value === true ? {} : value } as Condition['kind'] };
}

function reading({ allowStale, withTags, latest, atLeast }: Fields) {
  const levels = [
    ...(latest === true ? [{ $case: 'latest', value: {} } as const] : []),
    ...(atLeast === undefined ? [] : [{ $case: 'atLeast', value: { tokens: atLeast as string[] } } as const]),
  ];
  const consistency: Consistency | undefined = levels[0] === undefined ? undefined : { level: levels[0] };
  return { allowStale: allowStale === true, withTags: withTags === true, consistency };
}

type Answered = { readonly $case: 'hit'; readonly value: Hit } | { readonly $case: 'miss'; readonly value: Miss };
type SetOutcome =
  | { readonly $case: 'stored'; readonly value: Stored }
  | { readonly $case: 'notStored'; readonly value: NotStored };
type Item = { readonly $case: string; readonly value: unknown };

function lookupOf(args: Fields, { $case, value }: Answered): unknown {
  if ($case === 'miss') return { kind: 'miss', missReason: nameOf(MissReason, value.reason) };
  const { revision, stale, unverified, tags, content, contentType } = value;
  const facts = { revision, stale, unverified, tags, freshForMs: plainOf(value.freshFor) };
  if (content?.$case !== 'value') return { kind: 'negative', ...facts };
  return { kind: 'hit', value: decoded(content.value, contentType, clientOf(args).unknownAsRaw), ...facts };
}

function setResult({ $case, value }: SetOutcome): unknown {
  if ($case === 'notStored') {
    return { stored: false, notStored: nameOf(NotStoredReason, value.reason), revision: value.revision };
  }
  const { revision, token, freshFor, local } = value;
  return { stored: true, revision, token, local, freshForMs: plainOf(freshFor) };
}

function itemOf(item: Item, read: (item: Item) => unknown): unknown {
  if (item.$case !== 'error') return read(item);
  const { code, details } = item.value as Status;
  const info = details.find(({ typeUrl }) => typeUrl.endsWith('ErrorInfo'));
  const reason = info === undefined ? '' : ErrorInfo.decode(info.value).reason;
  return { error: { kind: KINDS[code] ?? 'RepriseError', code: status[code], reason } };
}

function calling<Request, Response>(
  method: UnaryMethod<Request, Response>,
  args: Fields,
  request: Partial<Request>,
): Promise<Response> {
  const { channel, origin, namespace, deadlineMs, credential } = clientOf(args);
  const metadata = new Metadata();
  metadata.set('reprise-origin', origin);
  if (credential !== undefined) metadata.set('authorization', `Bearer ${credential}`);
  const deadline = Date.now() + Number(args['deadlineMs'] ?? deadlineMs);
  return call(channel, method, { namespace, ...request } as Partial<Request>, { metadata, deadline });
}

function clientOf({ client }: Fields): Opened {
  const opened = clients.get(String(client));
  if (opened === undefined) throw new Failure('Usage', 'no such client');
  return opened;
}

function requestId(): string {
  return systemRandom.bytes(16).toString('hex');
}

function nameOf(names: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(names).find((name) => names[name] === value) ?? String(value);
}

async function answerOf({ do: name, ...args }: Fields): Promise<unknown> {
  const command = commands[String(name)];
  if (command === undefined) return { error: { kind: 'NotSupported', reason: String(name) } };
  try {
    return { ok: await command(args) };
  } catch (error) {
    return { error: wireError(error) };
  }
}

function wireError(error: unknown): unknown {
  if (error instanceof Failure) return { kind: error.kind, code: error.code, reason: error.message };
  if ((error as ServiceError).metadata === undefined) return { kind: 'Cancelled', reason: String(error) };
  const { code, reason } = errorFacts(error);
  if (reason === 'OUTCOME_UNKNOWN') return { kind: 'OutcomeUnknown', code: status[code], reason };
  if (reason === 'OVERLOADED') return { kind: 'Overloaded', code: status[code], reason };
  return { kind: KINDS[code] ?? 'RepriseError', code: status[code], reason };
}

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const { id, ...command } = JSON.parse(line) as Fields;
    process.stdout.write(`${JSON.stringify({ id, ...((await answerOf(command)) as object) })}\n`);
  })
  .on('close', () => commands['reset']!({}));
