import { type CacheCalls, cacheCalls } from './cache-calls.ts';
import { ManualClock } from './manual-clock.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

/** A server whose time stands still until the test moves it. */
export interface TimedServer extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly server: TestServer;
  /** The calls of the namespace `default`. */
  readonly cache: CacheCalls;
}

/** Starts a server on a manual clock. It begins now, so that the deadlines of clients mean the same to it. */
export async function startTimedServer(options: Omit<TestServerOptions, 'clock'> = {}): Promise<TimedServer> {
  const clock = new ManualClock(Date.now());
  const server = await startTestServer({ ...options, clock });
  return { clock, server, cache: cacheCalls(server), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
