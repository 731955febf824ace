// Goal: `reprise subscribe` prints changes as they happen, tells its state, and survives restarts of the server. Method: the
// real command against real servers, and against a small one of the test's own for what a real one seldom does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, ServerCredentials, type ServerWritableStream, status } from '@grpc/grpc-js';
import {
  InvalidationServiceService,
  type SubscribeRequest,
  type SubscribeResponse,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { type CacheCalls, cacheCalls, seconds } from '../support/cache-calls.ts';
import { type CliProcess, jsonLines, runCli, startCli } from '../support/cli-process.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';
import { until } from '../support/until.ts';

let server: TestServer;
let cache: CacheCalls;

before(async () => {
  server = await startTestServer();
  cache = cacheCalls(server);
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

async function subscribed(...args: string[]): Promise<CliProcess> {
  const running = startCli(['subscribe', ...args], { server: server.address });
  await running.line(/READY|"ready"/);
  return running;
}

test('changes are one line each, after READY', async () => {
  await using running = await subscribed('--count', '4');
  await cache.stored('a', 'v', { tags: ['t'] });
  await cache.delete('a');
  await cache.remove({ tags: ['t'] });
  await cache.markStale({ all: true });
  const { code, text, stderr } = await running.ended;
  assert.equal(code, 0);
  const lines = text.trimEnd().split('\n');
  const forms = [
    /^[\d:.]+ {2}READY/,
    /^[\d:.]+ {2}SET +a {2}revision \S+ by anonymous$/,
    /^[\d:.]+ {2}DELETE +a {2}revision \S+ by anonymous$/,
    /^[\d:.]+ {2}TAG +t {2}REMOVE {2}revision \S+ by anonymous$/,
    /^[\d:.]+ {2}NAMESPACE +\(all entries\) {2}MARK_STALE {2}revision \S+ by anonymous$/,
  ];
  assert.equal(lines.length, forms.length);
  for (const [index, form] of forms.entries()) assert.match(lines[index]!, form);
  assert.match(stderr, /^To go on from here: --from \S+\n$/);
});

test('--json prints objects, and --from goes on where another run stopped', async () => {
  await using first = await subscribed('--json', '--count', '1');
  const stored = await cache.stored('j1', 'v');
  const [ready, event] = jsonLines(await first.ended);
  assert.equal(ready?.['type'], 'ready');
  assert.deepEqual(
    [event?.['type'], event?.['cause'], event?.['key'], event?.['revision'], event?.['actor']],
    ['event', 'SET', 'j1', stored.revision, 'anonymous'],
  );
  const { token } = await cache.stored('j2', 'v');
  await cache.stored('j3', 'v');
  const resumed = await runCli(['subscribe', '--from', token, '--json', '--count', '1'], { server: server.address });
  assert.deepEqual(
    jsonLines(resumed).map(({ type, key }) => [type, key]),
    [
      ['ready', undefined],
      ['event', 'j3'],
    ],
  );
});

test('filters by key, prefix, tag and cause are passed on', async () => {
  await using byKey = await subscribed('--key', 'f:k', '--key', 'f:other', '--json', '--count', '1');
  await using byPrefix = await subscribed('--prefix', 'f:p:', '--json', '--count', '1');
  await using byTag = await subscribed('--tag', 'ftag', '--json', '--count', '1');
  await using byCause = await subscribed('--cause', 'delete', '--cause', 'key', '--json', '--count', '1');
  for (const key of ['f:x', 'f:k', 'f:p:1']) await cache.stored(key, 'v');
  await cache.stored('f:t', 'v', { tags: ['ftag'] });
  await cache.delete('f:x');
  const keyOf = async (running: CliProcess): Promise<unknown> => jsonLines(await running.ended).at(-1)?.['key'];
  assert.deepEqual(await Promise.all([byKey, byPrefix, byTag, byCause].map(keyOf)), ['f:k', 'f:p:1', 'f:t', 'f:x']);
});

test('changes of the same origin are left out unless --include-own', async () => {
  await using others = await subscribed('--origin', 'me', '--json', '--count', '1');
  await using own = await subscribed('--origin', 'me', '--include-own', '--json', '--count', '1');
  await runCli(['set', 'mine', 'v', '--origin', 'me'], { server: server.address });
  await runCli(['set', 'theirs', 'v', '--origin', 'they'], { server: server.address });
  assert.equal(jsonLines(await others.ended).at(-1)?.['key'], 'theirs');
  assert.equal(jsonLines(await own.ended).at(-1)?.['key'], 'mine');
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends it with 0 and the token to go on after`, async () => {
    await using running = await subscribed();
    running.kill(signal);
    const { code, stderr } = await running.ended;
    assert.equal(code, 0);
    assert.match(stderr, /--from \S+\n$/);
  });
}

test('what no retry heals ends it with the reason', async () => {
  const missing = await runCli(['subscribe', '-n', 'none'], { server: server.address });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^reprise subscribe: .*\[NAMESPACE_NOT_FOUND\]\n.*namespaces create/);
  const badPrefix = await runCli(['subscribe', '--prefix', 'nope'], { server: server.address });
  assert.equal(badPrefix.code, 2);
  assert.match(badPrefix.stderr, /\[PREFIX_NOT_A_SCOPE\]/);
});

test('it outlives a restart of the server: STALE, then RESET, since a new one has another history', async () => {
  const first = await startTestServer();
  const { port } = first.server;
  await using running = startCli(['subscribe'], { server: first.address });
  await running.line(/READY/);
  await first[Symbol.asyncDispose]();
  await running.line(/STALE/);
  await using second = await startTestServer({ config: { listen: { host: '127.0.0.1', port } } });
  await running.line(/RESET +TOKEN_UNUSABLE/);
  await cacheCalls(second).stored('after', 'v');
  await running.line(/SET +after/);
});

test('it waits for a server that is not there yet', async () => {
  const reserved = await startTestServer();
  const { port } = reserved.server;
  await reserved[Symbol.asyncDispose]();
  await using running = startCli(['subscribe'], { server: `127.0.0.1:${port}` });
  await running.line(/STALE .*ECONNREFUSED/);
  await using _server = await startTestServer({ config: { listen: { host: '127.0.0.1', port } } });
  await running.line(/READY/);
});

type Stream = ServerWritableStream<SubscribeRequest, SubscribeResponse>;

/** A server on which only Subscribe is served, by the test. */
async function scriptedServer(streams: Stream[]): Promise<AsyncDisposable & { address: string }> {
  const scripted = new Server();
  scripted.addService(InvalidationServiceService, {
    subscribe: (stream: Stream) => void streams.push(stream),
  });
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, chosen: number): void => (error === null ? resolve(chosen) : reject(error));
    scripted.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => scripted.forceShutdown(),
  };
}

test('broken and silent streams are opened again with the newest token, and RESET is told', async () => {
  const streams: Stream[] = [];
  await using scripted = await scriptedServer(streams);
  await using running = startCli(['subscribe', '--json', '--progress-interval', '100ms'], { server: scripted.address });
  const stream = async (index: number): Promise<Stream> => {
    await until(() => streams.length > index);
    return streams[index]!;
  };
  const first = await stream(0);
  assert.deepEqual(first.request.progressInterval, { seconds: 0n, nanos: 100_000_000 });
  const interval = { seconds: 0n, nanos: 100_000_000 };
  first.write({ event: { $case: 'ready', value: { token: 't1', progressInterval: interval } } });
  await running.line(/"stale","why":"silent"/);
  const again = await stream(1);
  assert.equal(again.request.resumeToken, 't1');
  again.write({ event: { $case: 'ready', value: { token: 't1', progressInterval: seconds(1) } } });
  again.write({ event: { $case: 'progress', value: { token: 't2' } } });
  again.emit('error', { code: status.UNAVAILABLE, details: 'gone' });
  const third = await stream(2);
  assert.equal(third.request.resumeToken, 't2');
  third.write({ event: { $case: 'ready', value: { token: 't2', progressInterval: seconds(1) } } });
  third.write({ event: { $case: 'reset', value: { reason: 1, token: 't3' } } });
  third.write({
    event: { $case: 'goingAway', value: { token: 't4', retryAfter: { seconds: 0n, nanos: 1_000_000 } } },
  });
  assert.equal((await stream(3)).request.resumeToken, 't4');
  const told = running.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    told.map(({ type, why, reason }) => why ?? reason ?? type),
    ['ready', 'silent', 'ready', 'broken', 'ready', 'SLOW', 'goingAway'],
  );
});

test('--count within a batch leaves the token where all was printed', async () => {
  const streams: Stream[] = [];
  await using scripted = await scriptedServer(streams);
  await using running = startCli(['subscribe', '--json', '--count', '1'], { server: scripted.address });
  await until(() => streams.length > 0);
  const [stream] = streams;
  stream!.write({ event: { $case: 'ready', value: { token: 't1', progressInterval: seconds(1) } } });
  const event = { cause: 1, mode: 0, revision: 'r', actor: 'anonymous', traceparent: '' } as const;
  const events = ['a', 'b'].map((key) => ({ ...event, target: { $case: 'key' as const, value: key } }));
  stream!.write({ event: { $case: 'events', value: { events, token: 't2' } } });
  const end = await running.ended;
  assert.deepEqual(
    jsonLines(end).map(({ key, token }) => [key, token]),
    [
      [undefined, 't1'],
      ['a', undefined],
    ],
  );
  assert.match(end.stderr, /--from t1\n$/);
});
