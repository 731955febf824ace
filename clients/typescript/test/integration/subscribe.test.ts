import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Change,
  type Client,
  connect,
  NotFoundError,
  type StreamMessage,
  type StreamState,
} from '../../src/index.ts';
import { patient } from '../support/patient.ts';
import { startProxy } from '../support/proxy.ts';
import { type Server, startServer } from '../support/server.ts';
import { until, within } from '../support/until.ts';

// Subscriptions against a real server: views, filters, breaks, resumption, Resets.

let server: Server;
let writer: Client;

before(async () => {
  server = await startServer();
  writer = await connect(server.address, patient);
});
after(async () => {
  writer.close();
  await server[Symbol.asyncDispose]();
});

/** Takes messages until as many changes came. */
async function takeChanges(changes: AsyncIterable<Change>, howMany: number): Promise<string[]> {
  const taken: string[] = [];
  const take = async (): Promise<string[]> => {
    for await (const change of changes) {
      taken.push(`${change.cause} ${change.kind === 'key' ? change.key : change.kind}`);
      if (taken.length === howMany) break;
    }
    return taken;
  };
  return within(take(), `${howMany} changes; there were ${taken}`);
}

test('changes come in order, with cause, mode, revision and actor; leaving the loop closes', async () => {
  await using client = await connect(server.address, patient);
  const states: StreamState[] = [];
  const subscription = client.subscribe({ prefixes: ['order:'], onState: (state) => states.push(state) });
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  const set = await writer.set('order:1', 1);
  await writer.set('elsewhere:1', 1);
  await writer.delete('order:1');
  await writer.invalidatePrefix('order:', { mode: 'MARK_STALE' });
  const changes: Change[] = [];
  for await (const change of subscription.changes) {
    changes.push(change);
    if (changes.length === 3) break;
  }
  assert.deepEqual(
    changes.map(({ cause }) => cause),
    ['SET', 'DELETE', 'PREFIX'],
  );
  assert.ok(changes[0]?.kind === 'key' && changes[0].key === 'order:1' && changes[0].actor === 'anonymous');
  assert.equal(changes[0].revision, set.kind === 'stored' ? set.revision : '');
  assert.ok(!('mode' in changes[0]));
  assert.ok(changes[2]?.kind === 'prefix' && changes[2].prefix === 'order:' && changes[2].mode === 'MARK_STALE');
  assert.equal(subscription.state, 'CLOSED');
  assert.deepEqual(states, ['CONNECTING', 'READY', 'CLOSED']);
});

test('own changes come only where they are asked for', async () => {
  await using client = await connect(server.address, patient);
  const own = client.subscribe({ keys: ['own'], includeOwn: true });
  const others = client.subscribe({ keys: ['own', 'theirs'] });
  await until(() => own.state === 'READY' && others.state === 'READY', 'both to be ready');
  await client.set('own', 1);
  await writer.set('theirs', 1);
  assert.deepEqual(await takeChanges(own.changes, 1), ['SET own']);
  assert.deepEqual(await takeChanges(others.changes, 1), ['SET theirs']);
});

test('a subscription goes on after any token, and tells the token to go on from', async () => {
  await using client = await connect(server.address, patient);
  const first = await writer.set('resume:1', 1);
  await writer.set('resume:2', 1);
  await writer.set('resume:3', 1);
  const resumeToken = first.kind === 'stored' ? first.token : '';
  const subscription = client.subscribe({ prefixes: ['resume:'], resumeToken });
  assert.equal(subscription.token, resumeToken);
  assert.deepEqual(await takeChanges(subscription.changes, 2), ['SET resume:2', 'SET resume:3']);

  const again = client.subscribe({ prefixes: ['resume:'], resumeToken });
  const seen: string[] = [];
  for await (const message of again.messages) {
    if (message.kind === 'events')
      seen.push(...message.changes.map((change) => (change.kind === 'key' ? change.key : '')));
    if (message.kind === 'progress' && seen.length >= 2) break;
  }
  await writer.set('resume:4', 1);
  const next = client.subscribe({ prefixes: ['resume:'], resumeToken: again.token });
  assert.deepEqual(await takeChanges(next.changes, 1), ['SET resume:4'], 'nothing twice, nothing lost');
});

test('a broken connection loses nothing', async () => {
  await using proxy = await startProxy(server.port);
  await using client = await connect(proxy.address, patient);
  const states: StreamState[] = [];
  const subscription = client.subscribe({ prefixes: ['broken:'], onState: (state) => states.push(state) });
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  await writer.set('broken:1', 1);
  proxy.cut();
  await writer.set('broken:2', 1);
  await until(() => states.includes('STALE'), 'the break to be noticed');
  await until(() => subscription.state === 'READY', 'the subscription to be ready again');
  await writer.set('broken:3', 1);
  assert.deepEqual(await takeChanges(subscription.changes, 3), ['SET broken:1', 'SET broken:2', 'SET broken:3']);
  assert.deepEqual(states, ['CONNECTING', 'READY', 'STALE', 'READY', 'CLOSED']);
});

test('a silent connection is noticed after three intervals', async () => {
  await using proxy = await startProxy(server.port);
  await using client = await connect(proxy.address, patient);
  const subscription = client.subscribe({ progressIntervalMs: 100, prefixes: ['silent:'] });
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  proxy.freeze();
  await until(() => subscription.state === 'STALE', 'the silence to be noticed');
  await writer.set('silent:1', 1);
  proxy.thaw();
  assert.deepEqual(await takeChanges(subscription.changes, 1), ['SET silent:1']);
});

test('a server that goes away and one with another history: STALE, RESETTING, READY', async () => {
  const first = await startServer();
  await using client = await connect(first.address, patient);
  const states: StreamState[] = [];
  const subscription = client.subscribe({ onState: (state) => states.push(state) });
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  await first.stop();
  await until(() => subscription.state === 'STALE', 'the subscription to be stale');
  await using second = await startServer({ port: first.port });
  const kinds: string[] = [];
  for await (const message of subscription.messages) {
    kinds.push(message.kind === 'state' ? message.state : message.kind);
    if (message.kind === 'reset') assert.equal(message.reason, 'TOKEN_UNUSABLE');
    if (kinds.includes('reset') && kinds.at(-1) === 'READY') break;
  }
  assert.equal(second.port, first.port);
  assert.deepEqual(
    kinds.filter((kind) => kind !== 'progress'),
    ['READY', 'STALE', 'RESETTING', 'reset', 'READY'],
  );
  assert.deepEqual(states, ['CONNECTING', 'READY', 'STALE', 'RESETTING', 'READY', 'CLOSED']);
});

test('who takes nothing gets a Reset in place of more than 4096 events', async () => {
  await using client = await connect(server.address, patient);
  const states: StreamState[] = [];
  const subscription = client.subscribe({ prefixes: ['flood:'], onState: (state) => states.push(state) });
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  const items = Array.from({ length: 1000 }, (_, i) => ({ key: `flood:${i}`, value: 0 }));
  for (let round = 0; round < 5; round++) await writer.setMany(items, { timeoutMs: 20_000 });
  await until(() => states.includes('RESETTING'), 'the buffer to be full');
  await writer.set('flood:last', 1);
  const messages: StreamMessage[] = [];
  const isLast = (message: StreamMessage): boolean =>
    message.kind === 'events' && message.changes.some((change) => change.kind === 'key' && change.key === 'flood:last');
  for await (const message of subscription.messages) {
    messages.push(message);
    if (isLast(message)) break;
  }
  assert.ok(messages.some((message) => message.kind === 'reset' && message.reason === 'SLOW'));
  const events = messages.reduce((sum, message) => sum + (message.kind === 'events' ? message.changes.length : 0), 0);
  assert.ok(events <= 4096, `${events} events waited`);
});

test('what no retry heals ends the subscription with its error', async () => {
  await using client = await connect(server.address, { ...patient, namespace: 'nowhere' });
  const subscription = client.subscribe();
  await assert.rejects(takeChanges(subscription.changes, 1), NotFoundError);
  assert.equal(subscription.state, 'CLOSED');
  await using fine = await connect(server.address, patient);
  await assert.rejects(takeChanges(fine.subscribe({ prefixes: ['no-scope'] }).changes, 1), {
    reason: 'PREFIX_NOT_A_SCOPE',
  });
});

test('a signal, close, and the end of the client close a subscription', async () => {
  const client = await connect(server.address, patient);
  const abort = new AbortController();
  const [signalled, closed, left] = [
    client.subscribe({ signal: abort.signal }),
    client.subscribe(),
    client.subscribe(),
  ];
  abort.abort();
  closed.close();
  client.close();
  for (const subscription of [signalled, closed, left]) {
    assert.equal(subscription.state, 'CLOSED');
    for await (const change of subscription.changes) assert.fail(`a change after the end: ${change.cause}`);
  }
  const twice = closed.changes;
  await assert.rejects(twice[Symbol.asyncIterator]().next(), /read once/);
});
