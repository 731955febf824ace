import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { limits } from '../../src/base/limits.ts';
import { systemRandom } from '../../src/base/random.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import {
  connect,
  DeadlineExceededError,
  OutcomeUnknownError,
  RepriseError,
  UnavailableError,
} from '../../src/index.ts';
import { noTelemetry } from '../../src/telemetry/telemetry.ts';
import { Caller } from '../../src/transport/caller.ts';
import { openChannel } from '../../src/transport/channel.ts';
import { channelSecurity } from '../../src/transport/security.ts';
import { parseTarget } from '../../src/transport/target.ts';
import { patient } from '../support/patient.ts';
import { startProxy } from '../support/proxy.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

// The network and the server fail: retries, deadlines, unknown outcomes, another server.

test('nobody listens: Unavailable, within the deadline', async () => {
  await using client = await connect('127.0.0.1:1');
  await assert.rejects(client.get('a'), UnavailableError);
  await assert.rejects(client.set('a', 1), UnavailableError);
  await using list = await connect(['127.0.0.1:1', '127.0.0.1:2'], { timeoutMs: 20_000 });
  await assert.rejects(list.set('a', 1), UnavailableError);
});

test('a batch whose later calls fail tells what the first did', async () => {
  await using server = await startServer();
  await using client = await connect(server.address, { timeoutMs: 20_000 });
  const items = Array.from({ length: 1500 }, (_, i) => ({ key: `b${i}`, value: i }));
  const setting = client.setMany(items);
  await using witness = await connect(server.address, patient);
  await until(async () => (await witness.get('b0')).kind === 'hit', 'the first call to be applied');
  await server.kill();
  const outcomes = await setting.catch((error: unknown) => error);
  // Where the server was quick, it did all before it was killed; or its first answer was lost with it.
  if (!Array.isArray(outcomes)) assert.ok(outcomes instanceof RepriseError, String(outcomes));
  else assert.ok(outcomes.length === 1500 && outcomes[0].kind === 'stored', outcomes[0].kind);
});

test('a connection that breaks before the answer: the change is repeated with its request id and applied once', async () => {
  await using server = await startServer();
  await using proxy = await startProxy(server.port);
  await using client = await connect(proxy.address, { timeoutMs: 20_000 });
  await client.increment('n');
  proxy.loseAnswers();
  const counted = client.increment('n');
  await using witness = await connect(server.address, { ...patient, unknownAsBytes: true });
  const value = async (): Promise<string> => {
    const found = await witness.get<Uint8Array>('n', { latest: true });
    return found.kind === 'hit' ? Buffer.from(found.value).toString() : found.kind;
  };
  await until(async () => (await value()) === '2', 'the server to apply the change');
  proxy.cut();
  const result = await counted;
  assert.ok(result.kind === 'incremented' && result.value === 2n, 'the retry counted again');
  assert.equal(await value(), '2');
});

test('a change that was sent and never answered: OutcomeUnknown', async () => {
  await using server = await startServer();
  await using proxy = await startProxy(server.port);
  await using client = await connect(proxy.address, { timeoutMs: 20_000 });
  await client.set('a', 0);
  proxy.loseAnswers();
  const outcome = client.set('a', 1).then(
    () => undefined,
    (error: unknown) => error,
  );
  await using witness = await connect(server.address, patient);
  await until(
    async () => (await witness.get('a', { latest: true })).valueOr(0) === 1,
    'the server to apply the change',
  );
  // From now on nobody listens at the proxy's port.
  await proxy[Symbol.asyncDispose]();
  const error = await outcome;
  assert.ok(error instanceof OutcomeUnknownError, String(error));
});

test('a frozen connection holds no call beyond its deadline', async () => {
  await using server = await startServer();
  await using proxy = await startProxy(server.port);
  await using client = await connect(proxy.address);
  await client.set('a', 1);
  proxy.freeze();
  const sentMs = performance.now();
  await assert.rejects(client.get('a', { timeoutMs: 300 }), DeadlineExceededError);
  assert.ok(performance.now() - sentMs < 10_000);
  proxy.thaw();
  await until(async () => (await client.get('a').catch(() => undefined))?.kind === 'hit', 'the connection to go on');
});

test('a half-open connection is found by its silence: a call goes on over a new one, a short one ends in time', async () => {
  assert.ok(limits.keepalive.afterMs + limits.keepalive.answerWithinMs <= 15_000);
  await using server = await startServer();
  await using proxy = await startProxy(server.port);
  const security = await channelSecurity([parseTarget(proxy.address)], {});
  const channel = openChannel([proxy.address], security, { afterMs: 500, answerWithinMs: 1000 });
  const [clock, random, telemetry] = [systemClock, systemRandom, noTelemetry];
  const parts = { channel, origin: '', credential: undefined, timeoutMs: 20_000, clock, random, telemetry };
  const caller = new Caller(parts);
  const get = (timeoutMs: number): Promise<unknown> =>
    caller.call(CacheServiceService.get, { key: 'a' }, { timeoutMs });
  try {
    await get(20_000);
    proxy.halfOpen();
    await assert.rejects(get(100), DeadlineExceededError);
    // Without a sign of life being asked for, it would wait until its deadline.
    await get(20_000);
    assert.ok(proxy.connections > 1);
  } finally {
    caller.close();
  }
});

test('a server that restarts: the tokens of its former life are dropped, and the read is repeated', async () => {
  const first = await startServer();
  await using client = await connect(first.address, { timeoutMs: 10_000 });
  await client.set('a', 1);
  await first.kill();
  await using second = await startServer({ port: first.port });
  assert.equal(second.port, first.port);
  await until(async () => (await client.exists('zzz').catch(() => undefined)) !== undefined, 'the client to reconnect');
  // Within two seconds of the write, the read carries its token; later it does not: both must be a miss.
  const found = await client.get('a');
  assert.equal(found.kind, 'miss');
});

test('own tokens that the server does not know are dropped once', async () => {
  await using server = await startServer();
  await using other = await startServer();
  await using proxy = await startProxy(server.port);
  await using twoFaced = await connect([proxy.address, other.address], { timeoutMs: 20_000, maxLagMs: 60_000 });
  // Two servers that are no fleet: whichever it stays with, the tokens of the other are foreign.
  await twoFaced.set('a', 1);
  await server.kill();
  proxy.cut();
  const found = await twoFaced.get('a');
  assert.ok(found.kind === 'miss' || found.valueOr(0) === 1);
  assert.equal((await twoFaced.set('a', 2)).kind, 'stored');
  assert.equal((await twoFaced.get('a')).valueOr(0), 2);
});

test('of several servers one is used; when it breaks, another', async () => {
  await using redirected = await startServer();
  await using first = await startProxy(redirected.port);
  await using second = await startProxy(redirected.port);
  await using client = await connect([first.address, second.address], { timeoutMs: 10_000 });
  await client.get('a0');
  const beforeBytes = [first.bytes, second.bytes];
  for (let i = 0; i < 20; i++) await client.set(`a${i}`, i);
  const grown = [first.bytes - beforeBytes[0]!, second.bytes - beforeBytes[1]!];
  assert.equal(grown.filter((bytes) => bytes > 1000).length, 1, `both were used: ${grown}`);
  const [used, spare] = grown[0]! > grown[1]! ? [first, second] : [second, first];
  const spareBytes = spare.bytes;
  await used[Symbol.asyncDispose]();
  assert.equal((await client.get('a7')).valueOr(-1), 7);
  assert.ok(spare.bytes > spareBytes);
});

test('each list is tried in random order', async () => {
  await using server = await startServer();
  await using first = await startProxy(server.port);
  await using second = await startProxy(server.port);
  // 40 clients: that all of them choose the same is as likely as one in 2^39.
  for (let i = 0; i < 40 && (first.connections === 0 || second.connections === 0); i++) {
    await using client = await connect([first.address, second.address], { timeoutMs: 10_000 });
    await client.get('a');
  }
  assert.ok(first.connections > 0 && second.connections > 0);
});

test('names in a list are resolved', async () => {
  await using server = await startServer();
  await using client = await connect([`localhost:${server.port}`, '127.0.0.1:1'], { timeoutMs: 10_000 });
  assert.equal((await client.get('a')).kind, 'miss');
  await using lost = await connect(['no-such-host.invalid:1', 'nor-this.invalid:1'], { insecure: true });
  await assert.rejects(
    lost.get('a'),
    (error: unknown) => error instanceof UnavailableError || error instanceof DeadlineExceededError,
  );
});

test('unsafe connections and impossible options are refused', async () => {
  await assert.rejects(connect('example.com:7171'), TypeError);
  await assert.rejects(connect('example.com:7171', { insecure: true, credential: 'secret' }), TypeError);
  await assert.rejects(connect(['127.0.0.1:1', '10.0.0.1:1']), TypeError);
  await assert.rejects(connect('127.0.0.1'), TypeError);
  await assert.rejects(connect('127.0.0.1:99999'), TypeError);
  await assert.rejects(connect([]), TypeError);
  await assert.rejects(connect('127.0.0.1:1', { timeoutMs: 0 }), RangeError);
  await using client = await connect('example.com:7171', { insecure: true });
  await assert.rejects(client.get('a', { timeoutMs: -1 }), RangeError);
});
