import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { systemClock } from '../../src/base/clock.ts';
import { connect } from '../../src/index.ts';
import { openStream } from '../../src/stream/open-stream.ts';
import { Subscription } from '../../src/stream/subscription.ts';
import { noTelemetry } from '../../src/telemetry/telemetry.ts';
import { Caller } from '../../src/transport/caller.ts';
import { openChannel } from '../../src/transport/channel.ts';
import { channelSecurity } from '../../src/transport/security.ts';
import { parseTarget } from '../../src/transport/target.ts';
import { fixedRandom } from '../support/fixed-random.ts';
import { startHastyServer } from '../support/hasty-server.ts';
import { held, untilNoMore } from '../support/held.ts';
import { startProxy } from '../support/proxy.ts';
import { startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

// Nothing is left behind by what goes on and on: streams that break, and clients that are opened and closed.

/** How often each: few in CI, 10 000 where somebody looks for a leak. */
const ROUNDS = Number(process.env['REPRISE_LEAK_ROUNDS'] ?? 100);
/** The first rounds compile and fill pools. */
const WARM_UP = 30;
const HEAP_BYTES_MAX = 2 * 1024 * 1024;
const WITHIN_MS = 60_000 + 200 * ROUNDS;
/** Among so many broken streams one connection is broken. */
const STREAMS_OF_CONNECTION = 50;

test('a subscription whose streams break leaves nothing behind', { timeout: 2 * WITHIN_MS }, async (t) => {
  using server = await startHastyServer();
  await using proxy = await startProxy(server.port);
  const security = await channelSecurity([parseTarget(proxy.address)], {});
  const channel = openChannel([proxy.address], security);
  // Deliberate: a jitter of nothing, so that the next stream is opened at once.
  const [clock, random, telemetry] = [systemClock, fixedRandom(0), noTelemetry];
  const caller = new Caller({ channel, origin: '', credential: undefined, timeoutMs: 5000, clock, random, telemetry });
  const stop = new AbortController();
  t.after(() => {
    stop.abort();
    caller.close();
  });
  const parts = { open: openStream(caller, '', {}), clock, random, readyWithinMs: 5000, closed: () => undefined };
  const subscription = new Subscription({ signal: stop.signal }, parts);
  const reading = readAll(subscription);

  const reach = async (streams: number): Promise<void> => {
    let cutAt = server.streams + STREAMS_OF_CONNECTION;
    const isThere = (): boolean => {
      if (server.streams >= cutAt) {
        proxy.cut();
        cutAt += STREAMS_OF_CONNECTION;
      }
      return server.streams >= streams;
    };
    await until(isThere, `stream ${streams}`, WITHIN_MS);
  };
  await reach(WARM_UP);
  const before = await held();
  const listeners = listenersOf(stop.signal, caller.closed);
  await reach(WARM_UP + ROUNDS);
  // It goes on while this looks: one of its timers and connections more or less is no leak.
  const after = await untilNoMore({ ...before, resources: before.resources + 8 }, HEAP_BYTES_MAX);
  t.diagnostic(`${ROUNDS} streams, ${proxy.connections} connections: ${JSON.stringify({ before, after })}`);
  assert.ok(proxy.connections > 1);
  assert.deepEqual(listenersOf(stop.signal, caller.closed), listeners);
  stop.abort();
  await reading;
  assert.deepEqual(listenersOf(stop.signal, caller.closed), [0, 0]);
});

test('clients that are opened and closed leave nothing behind', { timeout: 2 * WITHIN_MS }, async (t) => {
  await using server = await startServer();
  const target = [server.address, server.address];
  const round = async (i: number): Promise<void> => {
    await using client = await connect(i % 2 === 0 ? server.address : target, { nearCache: true, timeoutMs: 20_000 });
    client.subscribe();
    await client.get('a');
  };
  for (let i = 0; i < WARM_UP; i++) await round(i);
  const before = await held();
  for (let i = 0; i < ROUNDS; i++) await round(i);
  const after = await untilNoMore(before, HEAP_BYTES_MAX);
  t.diagnostic(`${ROUNDS} clients: ${JSON.stringify({ before, after })}`);
});

async function readAll(subscription: Subscription): Promise<void> {
  for await (const _ of subscription.messages);
}

function listenersOf(...signals: readonly AbortSignal[]): number[] {
  return signals.map((signal) => getEventListeners(signal, 'abort').length);
}
