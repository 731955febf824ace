import { Client, credentials } from '@grpc/grpc-js';
import type { Check } from '../../src/admin/check.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { limits } from '../../src/base/limits.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type Config, defaultConfig } from '../../src/config/config.ts';
import { Lru } from '../../src/policy/lru.ts';
import type { RunningServer } from '../../src/server/server-parts.ts';
import { startServer } from '../../src/server/start-server.ts';
import type { ControlDocuments } from '../../src/store/control-documents.ts';
import { MemoryControlDocuments } from '../../src/store/memory/memory-control-documents.ts';
import { MemoryStore } from '../../src/store/memory/memory-store.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { type Calling, call, type UnaryMethod } from './call.ts';
import { ManualClock } from './manual-clock.ts';

/** What a test may put in place of the default. */
export interface TestServerOptions {
  readonly config?: Partial<Config>;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** By which the event loop is late. Default: never, since a test's own work keeps the loop from the server. */
  readonly loopClock?: Clock;
  /** Default: in memory. */
  readonly documents?: ControlDocuments;
  /** Default: a new one. */
  readonly store?: MemoryStore;
  /** What Doctor looks at beside what every server has. Default: nothing. */
  readonly checks?: readonly Check[];
}

/** A real server on a free loopback port, in this process, and a client of it. */
export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly store: MemoryStore;
  /** Such as `127.0.0.1:40001`. */
  readonly address: string;
  readonly client: Client;
  /** Calls a unary method, such as `CacheServiceService.get`. */
  call<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Partial<Request>,
    calling?: Calling,
  ): Promise<Response>;
}

/** Client options under which the largest messages pass. */
export const roomyChannel = {
  'grpc.max_receive_message_length': limits.messageBytesMax,
  'grpc.max_send_message_length': -1,
} as const;

/** Starts a server for a test; `await using` stops it and its client. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { clock = systemClock, documents = new MemoryControlDocuments(), loopClock = new ManualClock() } = options;
  const anyPort = { host: '127.0.0.1', port: 0 };
  const config: Config = { ...defaultConfig, listen: anyPort, opsListen: 'off', ...options.config };
  const store = options.store ?? newStore(clock);
  const expireDue = (): void => void store.expireDue(1000);
  const { checks = [] } = options;
  const machine = { clock, random: systemRandom, log: silentLog };
  const parts = { ...machine, loopClock, config, documents, expireDue, store, swept: store, checks };
  const server = await startServer(parts);
  await server.complete;
  const address = `127.0.0.1:${server.port}`;
  const client = new Client(address, credentials.createInsecure(), roomyChannel);
  return {
    server,
    store,
    address,
    client,
    call: (method, request, calling) => call(client, method, request, calling),
    [Symbol.asyncDispose]: async () => {
      client.close();
      await server.drain();
    },
  };
}

function newStore(clock: Clock): MemoryStore {
  return new MemoryStore({ clock, random: systemRandom, makePolicy: (slotCount) => new Lru(slotCount) });
}
