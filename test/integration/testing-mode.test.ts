// Goal: tests can decide what time it is and what fails, on a server that was started for it and on no other. Method: the
// command itself with --testing, called over gRPC; time passes only where TestService moves it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { limits } from '../../src/base/limits.ts';
import type { Duration } from '../../src/gen/google/protobuf/duration.ts';
import {
  type BreakStreamsRequest,
  Fault,
  type ListCallsResponse,
  TestServiceService,
} from '../../src/gen/reprise/testing/v1/test_service.ts';
import { CacheServiceService, type GetRequest, SetRequest } from '../../src/gen/reprise/v1/cache_service.ts';
import { type CacheCalls, cacheCalls } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { askReflection, reflectionVersions } from '../support/reflection-calls.ts';
import { runServer, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { metadataOf, subscribed } from '../support/subscriber.ts';
import { startTestServer } from '../support/test-server.ts';
import { until, within } from '../support/until.ts';

interface Rig extends AsyncDisposable {
  readonly server: ServerProcess;
  readonly cache: CacheCalls;
  advance(ms: number): Promise<void>;
  inject(fault: Partial<Fault>): Promise<void>;
  breakStreams(how: BreakStreamsRequest['how']): Promise<number>;
  calls(method?: string): Promise<ListCallsResponse['calls']>;
}

const NO_FAULT = Fault.decode(Buffer.alloc(0));
const FAILURE = { code: 0, reason: '', message: '', retryAfter: undefined };
const GET = 'reprise.v1.CacheService/Get';
const SET = 'reprise.v1.CacheService/Set';

async function rig(): Promise<Rig> {
  const server = await startServerProcess({ flags: ['--testing'] });
  return {
    server,
    cache: cacheCalls(server),
    advance: async (ms) => void (await server.call(TestServiceService.advanceTime, { by: spanOf(ms) })),
    inject: async (fault) => {
      await server.call(TestServiceService.injectFault, { fault: { ...NO_FAULT, ...fault } });
    },
    breakStreams: async (how) => (await server.call(TestServiceService.breakStreams, { how })).broken,
    calls: async (method = '') => (await server.call(TestServiceService.listCalls, { method })).calls,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function spanOf(ms: number): Duration {
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

function set(server: ServerProcess, request: Partial<SetRequest> = {}): Promise<unknown> {
  const content = { $case: 'value', value: Buffer.from('v') } as const;
  return server.call(CacheServiceService.set, { key: 'k', content, ...request });
}

async function reads(server: ServerProcess, request: Partial<GetRequest> = {}): Promise<string> {
  return (await server.call(CacheServiceService.get, { key: 'k', ...request })).result!.$case;
}

test('a TTL passes when the clock is moved on, and deadlines of calls do not', async () => {
  await using it = await rig();
  await set(it.server, { ttl: spanOf(60_000) });
  await it.advance(59_000);
  assert.equal(await reads(it.server), 'hit');
  await it.advance(1000);
  assert.equal(await reads(it.server), 'miss');
});

test('a lease ends when the clock is moved on, and who waits for it gets the next one', async () => {
  await using it = await rig();
  const lease = { hold: spanOf(10_000), wait: spanOf(0) };
  const first = await it.server.call(CacheServiceService.get, { key: 'k', lease });
  assert.ok(first.result?.$case === 'miss' && first.result.value.lease !== undefined);
  const patient = { key: 'k', lease: { ...lease, wait: spanOf(30_000) } };
  const waiting = it.server.call(CacheServiceService.get, patient, { deadline: Date.now() + 60_000 });
  await until(async () => (await it.calls(GET)).length === 2);
  await it.advance(10_000);
  const second = await within(waiting);
  assert.ok(second.result?.$case === 'miss' && second.result.value.lease !== undefined);
});

test('the clock does not go back, nor further than its bound', async () => {
  await using it = await rig();
  await it.advance(limits.advanceMsMax);
  for (const by of [spanOf(limits.advanceMsMax + 1), { seconds: -1n, nanos: 0 }]) {
    const facts = await errorOf(it.server.call(TestServiceService.advanceTime, { by }));
    assert.deepEqual([facts.code, facts.reason], [status.INVALID_ARGUMENT, 'FAULT_INVALID']);
  }
});

test('a failure comes as often as it was asked for, with what it was to carry', async () => {
  await using it = await rig();
  const failure = { ...FAILURE, reason: 'OVERLOADED', retryAfter: spanOf(250) };
  await it.inject({ method: GET, calls: 2, effect: { $case: 'failure', value: failure } });
  for (let times = 0; times < 2; times++) {
    const facts = await errorOf(reads(it.server));
    assert.deepEqual(
      [facts.code, facts.reason, facts.retryDelay],
      [status.RESOURCE_EXHAUSTED, 'OVERLOADED', { seconds: 0n, nanos: 250_000_000 }],
    );
  }
  assert.equal(await reads(it.server), 'miss');
});

test('a failure without a reason has no details, as one that a proxy made', async () => {
  await using it = await rig();
  await it.inject({ effect: { $case: 'failure', value: FAILURE } });
  const facts = await errorOf(reads(it.server));
  assert.deepEqual([facts.code, facts.reason], [status.UNAVAILABLE, '']);
});

test('a failure after the work leaves the change made', async () => {
  await using it = await rig();
  await it.inject({ method: SET, calls: 1, afterWork: true, effect: { $case: 'failure', value: FAILURE } });
  assert.equal((await errorOf(set(it.server))).code, status.UNAVAILABLE);
  assert.equal(await reads(it.server), 'hit');
});

test('a fault of one namespace spares the others, and is taken back alone', async () => {
  await using it = await rig();
  await it.inject({ namespace: 'other', effect: { $case: 'failure', value: FAILURE } });
  assert.equal(await reads(it.server), 'miss');
  const other = { namespace: 'other' };
  assert.equal((await errorOf(reads(it.server, other))).code, status.UNAVAILABLE);
  assert.deepEqual(await it.server.call(TestServiceService.clearFaults, { namespace: 'third' }), { cleared: 0 });
  assert.deepEqual(await it.server.call(TestServiceService.clearFaults, other), { cleared: 1 });
  assert.equal((await errorOf(reads(it.server, other))).reason, 'NAMESPACE_NOT_FOUND');
});

test('a silent call ends by its deadline', async () => {
  await using it = await rig();
  await it.inject({ method: GET, calls: 1, effect: { $case: 'silence', value: {} } });
  const deadline = Date.now() + 300;
  const facts = await errorOf(it.server.call(CacheServiceService.get, { key: 'k' }, { deadline }));
  assert.equal(facts.code, status.DEADLINE_EXCEEDED);
});

test('a delayed call is answered after the delay, not before', async () => {
  await using it = await rig();
  await it.inject({ method: GET, calls: 1, effect: { $case: 'delay', value: spanOf(200) } });
  const begunMs = performance.now();
  assert.equal(await reads(it.server), 'miss');
  assert.ok(performance.now() - begunMs >= 199);
});

test('a cut takes the connection with all that is on it, and the next call has a new one', async () => {
  await using it = await rig();
  using stream = await subscribed(it.server);
  await it.inject({ method: GET, calls: 1, effect: { $case: 'cut', value: {} } });
  assert.equal((await errorOf(reads(it.server))).code, status.UNAVAILABLE);
  assert.notEqual((await within(stream.ended)).code, status.OK);
  assert.equal(await reads(it.server), 'miss');
});

test('open streams break with a status, and later ones live', async () => {
  await using it = await rig();
  using first = await subscribed(it.server);
  const failure = { ...FAILURE, code: status.ABORTED, reason: 'OVERLOADED' };
  assert.equal(await it.breakStreams({ $case: 'failure', value: failure }), 1);
  const facts = await within(first.ended);
  assert.deepEqual([facts.code, facts.reason], [status.ABORTED, 'OVERLOADED']);
  using second = await subscribed(it.server);
  await set(it.server);
  assert.equal((await second.heard(1)).length, 1);
  assert.equal(await it.breakStreams({ $case: 'silence', value: {} }), 1);
});

test('a silent stream stays open and hears nothing', async () => {
  await using it = await rig();
  using silent = await subscribed(it.server);
  await it.breakStreams({ $case: 'silence', value: {} });
  using hearing = await subscribed(it.server);
  await set(it.server);
  await hearing.heard(1);
  assert.deepEqual([silent.events, silent.refusal], [[], undefined]);
});

test('a stream can be refused when it is opened', async () => {
  await using it = await rig();
  const method = 'reprise.v1.InvalidationService';
  await it.inject({ method, calls: 1, effect: { $case: 'failure', value: { ...FAILURE, reason: 'OVERLOADED' } } });
  const { signal } = new AbortController();
  const refused = subscribed(it.server, {}, { signal });
  await assert.rejects(refused);
  using second = await subscribed(it.server);
  assert.equal(second.messages.length, 1);
});

test('calls are listed as they came and how they were answered', async () => {
  await using it = await rig();
  await set(it.server, { requestId: 'r1' });
  const metadata = metadataOf({ 'reprise-origin': 'me', authorization: 'Bearer secret' });
  await errorOf(it.server.call(CacheServiceService.get, { key: '' }, { metadata, deadline: Date.now() + 60_000 }));
  const [first, second] = await it.calls();
  assert.deepEqual([first?.method, first?.code, first?.deadline], [SET, status.OK, undefined]);
  assert.equal(first?.request?.typeUrl, 'type.googleapis.com/reprise.v1.SetRequest');
  assert.equal(SetRequest.decode(first.request.value).requestId, 'r1');
  assert.equal(second?.code, status.INVALID_ARGUMENT);
  assert.deepEqual([second.metadata.get('reprise-origin'), second.metadata.get('authorization')], ['me', 'Bearer']);
  assert.ok(second.deadline!.seconds >= 50n && second.deadline!.seconds < 60n);
  assert.equal((await it.calls(SET)).length, 1);
});

test('only the newest calls are listed, and no request that is too long', async () => {
  await using it = await rig();
  const value = Buffer.alloc(limits.recordedRequestBytesMax);
  await set(it.server, { content: { $case: 'value', value } });
  assert.equal((await it.calls())[0]?.request, undefined);
  for (let count = 0; count < limits.recordedCallsMax; count++) await reads(it.server);
  const calls = await it.calls();
  assert.deepEqual([calls.length, calls[0]?.method], [limits.recordedCallsMax, GET]);
});

test('a fault that could never do anything is refused', async () => {
  await using it = await rig();
  const refusal = async (fault: Partial<Fault>): Promise<string> => {
    return (await errorOf(it.inject(fault))).reason;
  };
  const failing = (failure: Partial<typeof FAILURE>) =>
    ({ effect: { $case: 'failure', value: { ...FAILURE, ...failure } } }) as const;
  assert.equal(await refusal({}), 'FIELD_REQUIRED');
  assert.equal(await refusal({ method: 'Get', ...failing({}) }), 'FAULT_INVALID');
  assert.equal(await refusal({ method: 'reprise.testing.v1.TestService', ...failing({}) }), 'FAULT_INVALID');
  assert.equal(await refusal(failing({ code: 17 })), 'FAULT_INVALID');
  assert.equal(await refusal(failing({ reason: 'TIRED' })), 'FAULT_INVALID');
  const late = spanOf(limits.injectedDelayMsMax + 1);
  assert.equal(await refusal({ effect: { $case: 'delay', value: late } }), 'FAULT_INVALID');
  await it.inject({ effect: { $case: 'delay', value: spanOf(limits.injectedDelayMsMax) }, namespace: 'none' });
  assert.equal((await errorOf(it.breakStreams(undefined))).reason, 'FIELD_REQUIRED');
});

test('TestService is found by reflection, and announced loudly, only where it is served', async () => {
  await using it = await rig();
  await using plain = await startServerProcess();
  assert.deepEqual([it.server.logged('testingMode').length, plain.logged('testingMode').length], [1, 0]);
  assert.equal(it.server.logged('testingMode')[0]?.level, 'warn');
  for (const version of reflectionVersions) {
    const listed = async ({ client }: ServerProcess): Promise<boolean> => {
      const { services } = await askReflection(client, version, 'listServices', '');
      return services.includes('reprise.testing.v1.TestService');
    };
    await until(() => listed(it.server));
    assert.equal(await listed(plain), false);
  }
});

test('a server that was not started for tests has no TestService', async () => {
  await using server = await startTestServer();
  const facts = await errorOf(server.call(TestServiceService.clearFaults, {}));
  assert.equal(facts.code, status.UNIMPLEMENTED);
});

test('several workers can not be tested so', async () => {
  const { code, stderr } = await runServer(['--testing', '--workers', '2', '--redis', 'redis://127.0.0.1:1']);
  assert.equal(code, 2);
  assert.match(stderr, /--workers and --testing exclude each other/);
});
