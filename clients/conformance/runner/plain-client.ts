import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import type { Fault } from '../../../src/gen/reprise/testing/v1/test_service.ts';
import { TestServiceService } from '../../../src/gen/reprise/testing/v1/test_service.ts';
import { AdminServiceService } from '../../../src/gen/reprise/v1/admin_service.ts';
import {
  BatchDeleteRequest,
  BatchGetRequest,
  BatchSetRequest,
  CacheServiceService,
  DeleteRequest,
  ExistsRequest,
  GetRequest,
  IncrementRequest,
  ReleaseLeaseRequest,
  SetRequest,
  TouchRequest,
} from '../../../src/gen/reprise/v1/cache_service.ts';
import {
  GetHeadRequest,
  InvalidateRequest,
  InvalidationMode,
  InvalidationServiceService,
  SubscribeRequest,
} from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { NamespaceSettings } from '../../../src/gen/reprise/v1/namespace.ts';
import { call, type UnaryMethod } from '../../../test/support/call.ts';
import { durationOf, plainOf } from './plain-values.ts';

type Fields = Readonly<Record<string, unknown>>;

const requests: Readonly<Record<string, { decode(bytes: Buffer): unknown }>> = {
  Get: GetRequest,
  Set: SetRequest,
  Delete: DeleteRequest,
  Touch: TouchRequest,
  Increment: IncrementRequest,
  Exists: ExistsRequest,
  ReleaseLease: ReleaseLeaseRequest,
  BatchGet: BatchGetRequest,
  BatchSet: BatchSetRequest,
  BatchDelete: BatchDeleteRequest,
  Invalidate: InvalidateRequest,
  Subscribe: SubscribeRequest,
  GetHead: GetHeadRequest,
};

/** Somebody else at the same server: he sets, invalidates and breaks things, on the stubs alone. */
export class PlainClient {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), { 'grpc.max_send_message_length': -1 });
  }

  close(): void {
    this.#client.close();
  }

  /** Creates a namespace with these settings: durations in milliseconds, all else as in the proto. */
  async createNamespace(name: string, settings: Readonly<Record<string, number>>): Promise<void> {
    const unset = NamespaceSettings.decode(Buffer.alloc(0));
    const small = { capacityBytes: BigInt(settings['capacityBytes'] ?? 16 * 1024 * 1024) };
    const durations = Object.entries(settings)
      .filter(([field]) => field.endsWith('Ms'))
      .map(([field, ms]) => [field.slice(0, -2), durationOf(ms)]);
    const { valueBytesMax } = settings;
    const all = {
      ...unset,
      ...small,
      ...Object.fromEntries(durations),
      ...(valueBytesMax !== undefined && { valueBytesMax }),
    };
    await this.#call(AdminServiceService.createNamespace, { name, settings: all });
  }

  /** Deletes a namespace; one that is not there is no error. */
  async deleteNamespace(name: string): Promise<void> {
    await this.#call(AdminServiceService.deleteNamespace, { name }).catch((error: ServiceError) => {
      if (error.code !== status.NOT_FOUND) throw error;
    });
  }

  /** Sets, deletes or invalidates. */
  async other(namespace: string, args: Fields): Promise<unknown> {
    const [[verb, of] = ['', {}]] = Object.entries(args) as [string, Fields][];
    switch (verb) {
      case 'set':
        return plainOf(await this.#call(CacheServiceService.set, { namespace, ...setFields(of) }));
      case 'get':
        return plainOf(await this.#call(CacheServiceService.get, { namespace, ...getFields(of) }));
      case 'delete':
        return plainOf(await this.#call(CacheServiceService.delete, { namespace, key: String(of['key']) }));
      case 'release':
        return plainOf(await this.#call(CacheServiceService.releaseLease, { namespace, ...of }));
      case 'setMany':
        return this.#setMany(namespace, Number(of['count']));
      case 'invalidate':
        return plainOf(await this.#call(InvalidationServiceService.invalidate, { namespace, ...selectorFields(of) }));
      case 'deleteNamespace':
        return this.deleteNamespace(namespace);
      default:
        throw new Error(`nobody else can ${verb}`);
    }
  }

  /** Moves the server's clock on. */
  async advance(ms: number): Promise<void> {
    await this.#call(TestServiceService.advanceTime, { by: durationOf(ms) });
  }

  /** Injects a fault into calls of a namespace. */
  async inject(namespace: string, args: Fields): Promise<void> {
    const { method = '', calls = 1, afterWork = false } = args;
    const fault = { ...emptyFault, namespace, calls: Number(calls), afterWork: afterWork === true };
    const effect = effectOf(args);
    await this.#call(TestServiceService.injectFault, { fault: { ...fault, method: rpcOf(String(method)), effect } });
  }

  /** Takes the faults of a namespace back; all without one. */
  async clearFaults(namespace: string): Promise<void> {
    await this.#call(TestServiceService.clearFaults, { namespace });
  }

  /** Breaks the streams of a namespace. Returns how many there were. */
  async breakStreams(namespace: string, args: Fields): Promise<number> {
    const how = effectOf(args) as Exclude<Fault['effect'], { $case: 'delay' } | undefined>;
    return (await this.#call(TestServiceService.breakStreams, { namespace, how })).broken;
  }

  /** Returns the calls that came for a namespace, as plain data. */
  async calls(namespace: string, method: string): Promise<unknown[]> {
    const listed = await this.#call(TestServiceService.listCalls, { namespace, method: rpcOf(method) });
    return listed.calls.map(({ method: rpc, metadata, deadline, request, code }) => {
      const name = rpc.split('/')[1]!;
      const decoded = request === undefined ? undefined : requests[name]?.decode(request.value);
      return {
        method: name,
        code: code === undefined ? undefined : status[code],
        metadata: Object.fromEntries(metadata),
        deadlineMs: plainOf(deadline),
        request: plainOf(decoded),
      };
    });
  }

  async #setMany(namespace: string, count: number): Promise<void> {
    for (let from = 0; from < count; from += 1000) {
      const size = Math.min(1000, count - from);
      const items = Array.from({ length: size }, (_, index) => ({
        ...emptyItem,
        key: `many:${from + index}`,
        content: { $case: 'value', value: Buffer.from('1') } as const,
      }));
      await this.#call(CacheServiceService.batchSet, { namespace, items });
    }
  }

  #call<Request, Response>(method: UnaryMethod<Request, Response>, request: Partial<Request>): Promise<Response> {
    return call(this.#client, method, request, { deadline: Date.now() + 30_000, waitForReady: true } as object);
  }
}

const emptyFault: Fault = { method: '', namespace: '', calls: 0, afterWork: false, effect: undefined };
const emptyItem = {
  key: '',
  contentType: '',
  tags: [],
  ttl: undefined,
  staleWindow: undefined,
  condition: undefined,
};

function setFields({
  key,
  text,
  base64,
  size,
  negative,
  contentType = '',
  tags = [],
  ttlMs,
  staleWindowMs,
  leaseId,
}: Fields) {
  const bytes = base64 === undefined ? Buffer.from(String(text)) : Buffer.from(String(base64), 'base64');
  const value = size === undefined ? bytes : Buffer.alloc(Number(size), 'x');
  return {
    key: String(key),
    content: negative === true ? ({ $case: 'negative', value: {} } as const) : ({ $case: 'value', value } as const),
    contentType: String(contentType),
    tags: tags as string[],
    ttl: spanOf(ttlMs),
    staleWindow: spanOf(staleWindowMs),
    condition: leaseId === undefined ? undefined : { kind: { $case: 'leaseId', value: String(leaseId) } as const },
  };
}

function getFields({ key, lease, allowStale }: Fields) {
  const { holdMs, waitMs = 0 } = (lease ?? {}) as Fields;
  return {
    key: String(key),
    allowStale: allowStale === true,
    lease: lease === undefined ? undefined : { hold: spanOf(holdMs), wait: spanOf(waitMs) },
  };
}

function selectorFields({ keys, tags, prefix, mode = 'REMOVE' }: Fields): Partial<InvalidateRequest> {
  return { selector: selectorOf({ keys, tags, prefix }), mode: InvalidationMode[mode as 'REMOVE'] };
}

function selectorOf({ keys, tags, prefix }: Fields): InvalidateRequest['selector'] {
  if (keys !== undefined) return { $case: 'keys', value: { keys: keys as string[] } };
  if (tags !== undefined) return { $case: 'tags', value: { tags: tags as string[] } };
  if (prefix !== undefined) return { $case: 'prefix', value: String(prefix) };
  return { $case: 'wholeNamespace', value: {} };
}

function effectOf({ failure, delayMs, silence, cut }: Fields): Fault['effect'] {
  if (silence === true) return { $case: 'silence', value: {} };
  if (cut === true) return { $case: 'cut', value: {} };
  if (delayMs !== undefined) return { $case: 'delay', value: durationOf(Number(delayMs)) };
  const { code, reason = '', retryAfterMs } = failure as Fields;
  const value = {
    code: code === undefined ? 0 : status[code as 'OK'],
    reason: String(reason),
    message: '',
    retryAfter: spanOf(retryAfterMs),
  };
  return { $case: 'failure', value };
}

function rpcOf(method: string): string {
  if (method === '') return method;
  if (!(method in requests)) throw new Error(`there is no method ${method}`);
  const isInvalidation = ['Invalidate', 'Subscribe', 'GetHead'].includes(method);
  return `reprise.v1.${isInvalidation ? 'InvalidationService' : 'CacheService'}/${method}`;
}

function spanOf(ms: unknown): { seconds: bigint; nanos: number } | undefined {
  return ms === undefined ? undefined : durationOf(Number(ms));
}
