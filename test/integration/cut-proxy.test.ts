// Goal: each mode of the proxy does to a connection what it says. Method: a real server behind the proxy, a clock moved
// by hand, and bytes written and read by hand, so that no client's own repairs hide anything.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { ManualClock } from '../support/manual-clock.ts';
import { openCutProxy } from '../support/redis/cut-proxy.ts';
import { openRig } from '../support/redis/open-rig.ts';
import type { RedisRig } from '../support/redis/rig.ts';
import { until } from '../support/until.ts';

let rig: RedisRig;

before(async () => {
  rig = await openRig('standalone');
});

after(() => rig.stop());

interface Wire extends Disposable {
  readonly socket: Socket;
  send(command: string): void;
  /** All that came so far. */
  received(): string;
}

async function openWire(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return {
    socket,
    send: (command) => void socket.write(`${command}\r\n`),
    received: () => received,
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

const storedAt = (key: string): Promise<unknown> => rig.servers[0]!.command('GET', key);

test('passes bytes on in both directions', async () => {
  await using proxy = await openCutProxy(rig.servers[0]!.port);
  using wire = await openWire(proxy.port);
  wire.send('PING');
  await until(() => wire.received() === '+PONG\r\n');
  assert.equal(proxy.connections, 1);
});

test('a delay counts in each direction', async () => {
  const clock = new ManualClock();
  await using proxy = await openCutProxy(rig.servers[0]!.port, clock);
  using wire = await openWire(proxy.port);
  proxy.delay(100);
  wire.send('SET delayed 1');
  await until(() => clock.timers === 1);
  clock.advance(99);
  assert.equal(await storedAt('delayed'), null);
  clock.advance(1);
  await until(() => clock.timers === 1);
  assert.equal(await storedAt('delayed'), '1');
  assert.equal(wire.received(), '');
  clock.advance(100);
  await until(() => wire.received() === '+OK\r\n');
});

test('what is delayed leaves at once and in order when the proxy passes again', async () => {
  const clock = new ManualClock();
  await using proxy = await openCutProxy(rig.servers[0]!.port, clock);
  using wire = await openWire(proxy.port);
  proxy.delay(100);
  wire.send('ECHO 1');
  await until(() => clock.timers === 1);
  wire.send('ECHO 2');
  await until(() => clock.timers === 2);
  await proxy.pass();
  await until(() => wire.received() === '$1\r\n1\r\n$1\r\n2\r\n');
});

test('while held, connections stay open and say nothing; then all that waited leaves', async () => {
  await using proxy = await openCutProxy(rig.servers[0]!.port);
  using old = await openWire(proxy.port);
  old.send('PING');
  await until(() => old.received() === '+PONG\r\n');
  proxy.hold();
  old.send('SET held 1');
  using fresh = await openWire(proxy.port);
  fresh.send('PING');
  await until(() => proxy.connections === 2);
  assert.equal(await storedAt('held'), null);
  assert.ok(!old.socket.destroyed && old.socket.readable);
  await proxy.resume();
  await until(() => old.received() === '+PONG\r\n+OK\r\n' && fresh.received() === '+PONG\r\n');
});

test('a cut ends all connections and refuses new ones, until it is resumed on the same port', async () => {
  await using proxy = await openCutProxy(rig.servers[0]!.port);
  using wire = await openWire(proxy.port);
  await until(() => proxy.connections === 1);
  const closed = once(wire.socket, 'close');
  await proxy.cut();
  await closed;
  assert.equal(proxy.connections, 0);
  await assert.rejects(openWire(proxy.port), /ECONNREFUSED/);
  await proxy.resume();
  using again = await openWire(proxy.port);
  again.send('PING');
  await until(() => again.received() === '+PONG\r\n');
});

test('a dropped reply: the write is there, its answer is not', async () => {
  await using proxy = await openCutProxy(rig.servers[0]!.port);
  using wire = await openWire(proxy.port);
  proxy.dropReplies(1);
  const closed = once(wire.socket, 'close');
  wire.send('SET dropped 1');
  await closed;
  assert.equal(wire.received(), '');
  assert.equal(proxy.repliesDropped, 1);
  assert.equal(await storedAt('dropped'), '1');
  using next = await openWire(proxy.port);
  next.send('PING');
  await until(() => next.received() === '+PONG\r\n');
});

test('a reply to a chosen request is dropped with its connection, others come', async () => {
  await using proxy = await openCutProxy(rig.servers[0]!.port);
  proxy.dropRepliesTo((requests) => requests.includes('chosen'));
  using other = await openWire(proxy.port);
  other.send('SET other 1');
  await until(() => other.received() === '+OK\r\n');
  using wire = await openWire(proxy.port);
  const closed = once(wire.socket, 'close');
  wire.send('SET chosen 1');
  await closed;
  assert.equal(wire.received(), '');
  assert.equal(proxy.repliesDropped, 1);
  assert.equal(await storedAt('chosen'), '1');
  await proxy.pass();
  other.send('SET chosen 2');
  await until(() => other.received() === '+OK\r\n+OK\r\n');
});
