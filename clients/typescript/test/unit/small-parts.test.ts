import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backoffMs } from '../../src/base/backoff.ts';
import { durationOf, millisecondsOf } from '../../src/base/durations.ts';
import { isEarlyRefresh } from '../../src/compute/early-refresh.ts';
import { Flight } from '../../src/compute/flight.ts';
import type { StreamMessage } from '../../src/stream/message.ts';
import { MessageBuffer } from '../../src/stream/message-buffer.ts';
import { formatTarget, isLoopback, parseTarget } from '../../src/transport/target.ts';
import { fixedRandom } from '../support/fixed-random.ts';

// Small pure parts.

test('durations come back within a nanosecond', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (ms) => {
      const there = durationOf(ms);
      assert.ok(there.nanos >= 0 && there.nanos < 1e9);
      assert.ok(Math.abs(millisecondsOf(there) - ms) <= Math.max(1e-6, ms * 1e-12));
    }),
  );
  assert.equal(millisecondsOf(undefined), 0);
  assert.throws(() => durationOf(Number.NaN), RangeError);
});

test('waits double up to a bound, less a random part', () => {
  const backoff = { firstMs: 100, mostMs: 5000 };
  const waits = [1, 2, 3, 7, 50].map((failures) => backoffMs(backoff, failures, fixedRandom(1)));
  assert.deepEqual(waits, [100, 200, 400, 5000, 5000]);
  assert.equal(backoffMs(backoff, 50, fixedRandom(0)), 0);
});

test('targets are read and written, and loopback is known', () => {
  for (const text of ['127.0.0.1:7171', 'cache.example:1', '[::1]:65535'])
    assert.equal(formatTarget(parseTarget(text)), text);
  for (const text of ['', 'host', ':1', 'a:0', 'a:65536', '::1:1', 'a b:1', 'a,b:1:2'])
    assert.throws(() => parseTarget(text), TypeError);
  for (const text of ['127.8.0.1:1', 'localhost:1', '[::1]:1']) assert.ok(isLoopback(parseTarget(text)), text);
  for (const text of ['10.0.0.1:1', '127.example:1', '[::2]:1']) assert.ok(!isLoopback(parseTarget(text)), text);
});

test('an early refresh is never before the last tenth, then ever more likely, and certain at the end', () => {
  const ttlMs = 1000;
  const share = (freshForMs: number): number => {
    let early = 0;
    for (let i = 0; i < 1000; i++) if (isEarlyRefresh({ freshForMs, ttlMs }, fixedRandom(i / 1000))) early++;
    return early;
  };
  assert.equal(share(100), 0);
  const shares = [99, 75, 50, 25, 0].map(share);
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  );
  assert.ok(shares[0]! > 0 && shares[0]! < 50, String(shares));
  assert.equal(shares[4], 1000);
});

test('a flight is given up by the last who waits', async () => {
  let signal: AbortSignal | undefined;
  const flight = new Flight((given) => {
    signal = given;
    return new Promise<string>((_, reject) => given.addEventListener('abort', () => reject(given.reason)));
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const waits = [flight.join(first.signal), flight.join(second.signal)];
  first.abort(new Error('one'));
  await assert.rejects(waits[0]!, /one/);
  assert.deepEqual([flight.isGivenUp, signal?.aborted], [false, false]);
  second.abort(new Error('two'));
  await assert.rejects(waits[1]!, /two/);
  assert.deepEqual([flight.isGivenUp, signal?.aborted], [true, true]);
});

const events = (count: number, token: string): StreamMessage => ({
  kind: 'events',
  token,
  changes: Array.from({ length: count }, () => ({
    kind: 'namespace' as const,
    cause: 'NAMESPACE' as const,
    revision: '',
    actor: '',
    traceparent: '',
  })),
});

test('a buffer holds as many events as it may; one more makes a Reset of all', async () => {
  const buffer = new MessageBuffer(10);
  assert.equal(buffer.push(events(9, 'A')), false);
  assert.equal(buffer.push(events(1, 'B')), false);
  assert.equal(buffer.push(events(1, 'C')), true);
  assert.equal(buffer.push(events(3, 'D')), false);
  buffer.end();
  const kinds: string[] = [];
  for (let message = await buffer.take(); message !== undefined; message = await buffer.take()) {
    kinds.push(message.kind === 'state' ? message.state : `${message.kind} ${message.token}`);
  }
  assert.deepEqual(kinds, ['RESETTING', 'reset C', 'READY', 'events D']);
});

test('a buffer is bounded by messages too, keeps the newest progress only, and gives what it has before its error', async () => {
  const buffer = new MessageBuffer(10);
  for (let i = 0; i < 100; i++) buffer.push({ kind: 'progress', token: `P${i}` });
  assert.deepEqual(await buffer.take(), { kind: 'progress', token: 'P99' });
  let resets = 0;
  for (let i = 0; i < 100; i++) if (buffer.push({ kind: 'state', state: i % 2 === 0 ? 'STALE' : 'READY' })) resets++;
  assert.ok(resets > 5);
  buffer.end(new Error('over'));
  const rest = async (): Promise<void> => {
    while ((await buffer.take()) !== undefined);
  };
  await assert.rejects(rest(), /over/);
});
