import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock.ts';
import { limits } from '../../../src/base/limits.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { TokenSealer } from '../../../src/cache/token-sealer.ts';
import { AdminServiceService } from '../../../src/gen/reprise/v1/admin_service.ts';
import { Lru } from '../../../src/policy/lru.ts';
import { MemoryControlDocuments } from '../../../src/store/memory/memory-control-documents.ts';
import { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import { createNamespace } from '../../support/admin-calls.ts';
import { startTestServer, type TestServer } from '../../support/test-server.ts';
import { until, within } from '../../support/until.ts';
import type { History } from '../history/history.ts';
import { LoggedOrder } from '../history/logged-order.ts';
import { Recorder } from '../history/recorder.ts';
import { NAMESPACES } from './names.ts';

/** How the server comes back: with a new store, whose history has just begun, or with the one it had. */
export type Comeback = 'new store' | 'same store';

/** What is different in the server's store. */
export interface StoreVariant {
  /** Changes that it keeps for whoever comes back. Default: the product's limit. */
  readonly retainedChanges?: number;
  /** Changes the store before a server uses it, for instance plants a defect. */
  readonly prepare?: (store: MemoryStore) => void;
}

/** Milliseconds that a server has to answer its calls before it stops. */
const DRAIN_MS = 60_000;
/** Far less, within which it must have stopped when only streams are left. A bound, not a measure. */
const STREAMS_HOLD_MS_MAX = 20_000;

/** A real server that can be started again on its port, and the recorder of all that happens to it. */
export class TestedServer implements AsyncDisposable {
  readonly recorder: Recorder;
  /** Seals tokens as the server does. */
  readonly tokens: TokenSealer;
  readonly #documents: MemoryControlDocuments;
  readonly #variant: StoreVariant;
  readonly #namespaceIds = new Map<string, string>();
  #store: MemoryStore;
  #running: Promise<TestServer>;
  #port = 0;

  private constructor(documents: MemoryControlDocuments, tokens: TokenSealer, variant: StoreVariant) {
    this.#documents = documents;
    this.#variant = variant;
    this.tokens = tokens;
    this.recorder = new Recorder(new LoggedOrder(tokens), systemClock);
    this.#store = this.#newStore();
    this.#running = this.#start();
  }

  /** Starts a server with all namespaces of the workloads. */
  static async start(variant: StoreVariant = {}): Promise<TestedServer> {
    const documents = new MemoryControlDocuments();
    // The documents outlive the server.
    documents.close = async () => undefined;
    const tokens = new TokenSealer(await documents.secret('tokens'), documents.deploymentId, systemRandom);
    const tested = new TestedServer(documents, tokens, variant);
    const server = await tested.#running;
    for (const name of NAMESPACES) if (name !== 'default') await createNamespace(server, name);
    for (const { name, body } of await documents.list('namespace')) tested.#namespaceIds.set(name, `${body['id']}`);
    return tested;
  }

  /** Port on which the server is, or will be again. */
  get port(): number {
    return this.#port;
  }

  /** The server, once it serves. */
  serving(): Promise<TestServer> {
    return this.#running;
  }

  /** Returns the id of a namespace. */
  namespaceId(name: string): string {
    const id = this.#namespaceIds.get(name);
    assert.ok(id !== undefined, `there is no namespace ${name}`);
    return id;
  }

  /** Sends everybody away, stops the server and starts it again on its port. */
  async restart(comeback: Comeback): Promise<void> {
    const stopped = await this.#running;
    this.recorder.restarted();
    this.#running = this.#startAfter(stopped, comeback);
    await this.#running;
  }

  /** Waits until the server has let go of all streams, as long as that may take; returns what was written down. */
  async finish(): Promise<History> {
    let streamsLeft = 0;
    const countStreams = async (): Promise<boolean> => {
      streamsLeft = await this.#openStreams();
      return streamsLeft === 0;
    };
    // Who never lets go is told by the history.
    await until(countStreams).catch(() => undefined);
    return this.recorder.history({ retainedChanges: this.#retainedChanges, streamsLeft });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Whoever restarted it was told why it is not there.
    const server = await this.#running.catch(() => undefined);
    await server?.[Symbol.asyncDispose]();
  }

  get #retainedChanges(): number {
    return this.#variant.retainedChanges ?? limits.ringChangesMax;
  }

  async #openStreams(): Promise<number> {
    const server = await this.#running;
    const counts = NAMESPACES.map(async (namespace) => {
      return Number((await server.call(AdminServiceService.getStats, { namespace })).subscribers);
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async #startAfter(stopped: TestServer, comeback: Comeback): Promise<TestServer> {
    const stopping = Promise.resolve(stopped[Symbol.asyncDispose]());
    await within(stopping, { withinMs: STREAMS_HOLD_MS_MAX, what: 'the end of a server that only streams hold' });
    if (comeback === 'new store') this.#store = this.#newStore();
    return await this.#start();
  }

  async #start(): Promise<TestServer> {
    const listen = { host: '127.0.0.1', port: this.#port };
    const config = { listen, drainMs: DRAIN_MS };
    const server = await startTestServer({ config, documents: this.#documents, store: this.#store });
    this.#port = server.server.port;
    return server;
  }

  #newStore(): MemoryStore {
    const ring = { changesMax: this.#retainedChanges, bytesMax: limits.ringBytesMax };
    const parts = { clock: systemClock, random: systemRandom, limits: { ring } };
    const store = new MemoryStore({ ...parts, makePolicy: (slotCount) => new Lru(slotCount) });
    // The store outlives the server, and tells the truth before any defect is planted.
    store.close = () => undefined;
    this.recorder.order.observe(store);
    this.#variant.prepare?.(store);
    return store;
  }
}
