// Goal: a client that was generated from an older contract goes on with this server. Method: today's proto files without
// what was added last, loaded by proto-loader as a program without our layer would; it reads, writes, invalidates and
// follows. buf tells that today's files only add to those; and the server passes over what a newer client sends.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type Client,
  type ClientReadableStream,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { withNewField } from '../../clients/conformance/version-skew/scripted-server.ts';
import { GetRequest, GetResponse, SetRequest, SetResponse } from '../../src/gen/reprise/v1/cache_service.ts';
import {
  InvalidateRequest,
  InvalidateResponse,
  InvalidationMode,
  SubscribeRequest,
  SubscribeResponse,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { callRaw, errorOf, openRaw } from '../support/call.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { within } from '../support/until.ts';

/** What was added last, by the file it is in: the text of each element, which the older contract lacks. */
const ADDED: Readonly<Record<string, readonly RegExp[]>> = {
  invalidation_service: [
    / {2}rpc GetHead\(GetHeadRequest\) returns \(GetHeadResponse\);\n/,
    /message GetHeadRequest \{[^}]*\}\n/,
    /message GetHeadResponse \{[^}]*\}\n/,
    / {2}bool epochs = 9;\n/,
    / {2}WaitFor wait = 10;\n/,
    / {2}bool deferred = 11;\n/,
    / {2}bool deferred = 2;\n/,
    / {2}Receipt receipt = 3;\n/,
    / {2}EVENT_CAUSE_EPOCH = 8;\n/,
    /message Receipt \{[^}]*\}\n/,
    /message NodeReceipt \{[^}]*\}\n/,
    /enum WaitFor \{[^}]*\}\n/,
    /enum NodeState \{[^}]*\}\n/,
  ],
  entry: [/ {2}bool unverified = 11;\n/, / {2}bool local = 6;\n/, / {2}MISS_REASON_STORE_UNAVAILABLE = 6;\n/],
  error_reason: [/ {2}ERROR_REASON_SPOOL_OFF = \d+;\n/],
};
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const older = mkdtempSync(join(tmpdir(), 'reprise-older-'));
after(() => rmSync(older, { recursive: true }));
cpSync(join(ROOT, 'proto'), join(older, 'proto'), { recursive: true });
for (const [name, added] of Object.entries(ADDED)) {
  const path = join(older, 'proto/reprise/v1', `${name}.proto`);
  const text = added.reduce(
    (rest, element) => {
      assert.match(rest, element, `${name} has what is to be taken out`);
      return rest.replace(element, '');
    },
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
}

type Call = (request: object, options: object, done: (error: ServiceError | null, answer: object) => void) => void;
type Subscribe = (request: object) => ClientReadableStream<Record<string, unknown>>;

/** A client that knows the older contract only. */
class OlderClient implements Disposable {
  readonly #stubs: readonly Client[];

  constructor({ address }: TestServer) {
    const files = ['reprise/v1/cache_service.proto', 'reprise/v1/invalidation_service.proto'];
    const options = { includeDirs: [join(older, 'proto')], keepCase: true, enums: String, longs: String, oneofs: true };
    const { reprise } = loadPackageDefinition(loadSync(files, options)) as { reprise: { v1: GrpcObject } };
    this.#stubs = ['CacheService', 'InvalidationService'].map((name) => {
      const Service = reprise.v1[name] as ServiceClientConstructor;
      return new Service(address, credentials.createInsecure());
    });
  }

  /** Calls a method of either service. */
  call(method: string, request: object): Promise<Record<string, unknown>> {
    const stub = this.#stubs.find((candidate) => method in candidate)!;
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer: object): void =>
        error === null ? resolve(answer as Record<string, unknown>) : reject(error);
      (Reflect.get(stub, method) as Call).call(stub, request, { deadline: Date.now() + 30_000 }, done);
    });
  }

  /** Opens a stream. */
  subscribe(request: object): ClientReadableStream<Record<string, unknown>> {
    const stream = (Reflect.get(this.#stubs[1]!, 'subscribe') as Subscribe).call(this.#stubs[1], request);
    stream.on('error', () => undefined);
    return stream;
  }

  knows(method: string): boolean {
    return this.#stubs.some((stub) => method in stub);
  }

  [Symbol.dispose](): void {
    for (const stub of this.#stubs) stub.close();
  }
}

test('a client of the older contract writes, reads and invalidates', async () => {
  await using server = await startTestServer();
  using client = new OlderClient(server);
  assert.ok(client.knows('subscribe') && !client.knows('getHead'), 'it is older');
  const set = await client.call('set', { key: 'k', value: Buffer.from('v'), tags: ['t'], ttl: { seconds: 60 } });
  assert.equal(set['result'], 'stored');
  const get = await client.call('get', { key: 'k', with_tags: true });
  assert.deepEqual(
    { ...(get['hit'] as object), value: undefined, tags: (get['hit'] as { tags: string[] }).tags }.tags,
    ['t'],
  );
  const batch = await client.call('batchGet', { keys: ['k', 'other'] });
  assert.deepEqual(
    (batch['results'] as { result: string }[]).map(({ result }) => result),
    ['hit', 'miss'],
  );
  const mode = 'INVALIDATION_MODE_REMOVE';
  assert.equal((await client.call('invalidate', { tags: { tags: ['t'] }, mode }))['result'], 'invalidated');
  assert.equal((await client.call('get', { key: 'k' }))['result'], 'miss');
});

test('a client of the older contract follows what changes, and resumes', async () => {
  await using server = await startTestServer();
  using client = new OlderClient(server);
  const before = (await client.call('delete', { key: 'k' }))['token'];
  await client.call('increment', { key: 'k', delta: 1 });
  const stream = client.subscribe({ resume_token: before });
  const seen: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const message of stream) {
      seen.push(message['event']);
      if (message['event'] === 'events') break;
    }
  };
  await within(read(), { what: 'the event' });
  stream.cancel();
  assert.deepEqual([seen[0], seen.at(-1)], ['ready', 'events']);
});

test('today’s contract only adds to the older one', () => {
  const [now, before] = [join(ROOT, 'proto'), join(older, 'proto')];
  assert.equal(breaks(now, before), '');
  assert.match(breaks(before, now), /RPC "GetHead" on service "InvalidationService" was deleted/);
});

test('fields that a newer client sends are passed over', async () => {
  await using server = await startTestServer();
  const set = SetRequest.decode(Buffer.alloc(0));
  const write = SetRequest.encode({ ...set, key: 'k', content: { $case: 'value', value: Buffer.from('v') } }).finish();
  await callRaw(server.client, '/reprise.v1.CacheService/Set', withNewField(write), SetResponse.decode);
  const read = withNewField(GetRequest.encode({ ...GetRequest.decode(Buffer.alloc(0)), key: 'k' }).finish());
  const { result } = await callRaw(server.client, '/reprise.v1.CacheService/Get', read, GetResponse.decode);
  assert.equal(result?.$case, 'hit');
  const filter = withNewField(SubscribeRequest.encode(SubscribeRequest.decode(Buffer.alloc(0))).finish());
  const path = '/reprise.v1.InvalidationService/Subscribe';
  assert.equal((await openRaw(server.client, path, filter, SubscribeResponse.decode)).event?.$case, 'ready');
});

test('a value of an enum that a newer client sends is refused, never taken for another', async () => {
  await using server = await startTestServer();
  const selector: InvalidateRequest['selector'] = { $case: 'keys', value: { keys: ['k'] } };
  const asked: InvalidateRequest = { ...InvalidateRequest.decode(Buffer.alloc(0)), selector };
  const path = '/reprise.v1.InvalidationService/Invalidate';
  const send = (request: InvalidateRequest): Promise<unknown> =>
    callRaw(server.client, path, Buffer.from(InvalidateRequest.encode(request).finish()), InvalidateResponse.decode);
  const unknown = 97 as 0;
  assert.equal((await errorOf(send({ ...asked, mode: unknown }))).code, status.INVALID_ARGUMENT);
  const remove = InvalidationMode.REMOVE;
  assert.equal((await errorOf(send({ ...asked, mode: remove, wait: unknown }))).code, status.INVALID_ARGUMENT);
});

/** What buf finds in a folder of proto files that breaks callers of another. */
function breaks(folder: string, former: string): string {
  const rules = JSON.stringify({ version: 'v2', modules: [{ path: '.' }], breaking: { use: ['FILE'] } });
  const flags = ['--config', rules, '--against', former, '--against-config', rules];
  const options = { cwd: folder, encoding: 'utf8' } as const;
  return spawnSync(join(ROOT, 'node_modules/.bin/buf'), ['breaking', ...flags], options).stdout;
}
