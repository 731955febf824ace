import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { streamEncoder } from '../../src/api/stream-encoder.ts';
import type { OperatingError } from '../../src/base/operating-error.ts';
import type { Namespace } from '../../src/cache/namespace.ts';
import { TokenSealer } from '../../src/cache/token-sealer.ts';
import { type Event, SubscribeResponse } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { InvalidationHub, type OpenStream } from '../../src/invalidation/invalidation-hub.ts';
import type { Sink } from '../../src/invalidation/sink.ts';
import type { SubscriptionFilter } from '../../src/invalidation/subscription-filter.ts';
import type { RingBounds } from '../../src/store/change-ring.ts';
import type { Author, Change, NamespaceId } from '../../src/store/store.ts';
import { createCacheCounters } from '../../src/telemetry/cache-counters.ts';
import { filterOf } from './changes.ts';
import type { ManualClock } from './manual-clock.ts';
import { type OpenMemoryStore, openMemoryStore } from './open-memory-store.ts';
import { SeededRandom } from './seeded-random.ts';

type Message = NonNullable<SubscribeResponse['event']>;

/** What a subscriber may say; the rest is: all changes, live, in time. */
export interface ListenerWish extends Partial<SubscriptionFilter> {
  readonly resumeToken?: string;
  readonly progressIntervalMs?: number;
  readonly withoutOrigin?: string;
  /** The subscriber's connection takes nothing until `read`. */
  readonly stalled?: boolean;
}

/** A subscriber that a test holds in its hand. */
export class Listener implements Sink {
  /** Messages as they were sent, oldest first. */
  readonly buffers: Buffer[] = [];
  /** How the stream ended. */
  ended: { readonly error: OperatingError | undefined } | undefined;
  /** Nothing is taken until `read`. */
  stalled: boolean;
  #stream: OpenStream | undefined;
  #sent: (() => void) | undefined;

  constructor(stalled: boolean) {
    this.stalled = stalled;
  }

  send(bytes: Buffer, sent: () => void): void {
    assert.equal(this.#sent, undefined, 'one message is on its way at a time');
    assert.equal(this.ended, undefined, 'nothing is sent after the end');
    this.buffers.push(bytes);
    this.#sent = sent;
    if (!this.stalled) queueMicrotask(() => this.read());
  }

  end(error?: OperatingError): void {
    assert.equal(this.ended, undefined, 'a stream ends once');
    this.ended = { error };
    this.#stream?.close();
  }

  /** Learns which stream it hears. */
  hears(stream: OpenStream): void {
    this.#stream = stream;
    if (this.ended !== undefined) stream.close();
  }

  /** Takes the message that is on its way. Returns false if there is none. */
  read(): boolean {
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.();
    return sent !== undefined;
  }

  /** Leaves. */
  close(): void {
    this.#stream?.close();
  }

  /** The messages, decoded. */
  get messages(): Message[] {
    return this.buffers.map((bytes) => SubscribeResponse.decode(bytes).event!);
  }

  /** The kinds of the messages. */
  get kinds(): string[] {
    return this.messages.map(({ $case }) => $case);
  }

  /** All events of all messages. */
  get events(): Event[] {
    return this.messages.flatMap((message) => (message.$case === 'events' ? message.value.events : []));
  }

  /** Numbers of the changes that were told, as their revisions say. */
  get numbers(): number[] {
    return this.events.map(({ revision }) => Number(revision.split('-')[1]));
  }

  /** Revisions of the changes that were told. */
  get revisions(): string[] {
    return this.events.map(({ revision }) => revision);
  }

  /** The newest token. */
  get token(): string {
    return this.messages.at(-1)!.value.token;
  }
}

/** A hub over a memory store with one namespace, on a manual clock. */
export interface HubWorld extends OpenMemoryStore {
  readonly hub: InvalidationHub;
  readonly namespace: Namespace;
  readonly tokens: TokenSealer;
  /** Changes that the hub told at once. */
  readonly told: readonly Change[];
  subscribe(wish?: ListenerWish, namespace?: Namespace): Listener;
  /** Subscribes on another node of the same store. */
  subscribeElsewhere(wish?: ListenerWish): Promise<Listener>;
  /** Opens one more namespace. */
  open(id: string): Namespace;
  /** Sets a key of the namespace, with tags or by an author. Returns the change's number. */
  set(key: string, parts?: { tags?: readonly string[]; author?: Author }, namespace?: Namespace): number;
  /** Returns the number of the change that a token names. */
  numberIn(token: string): number;
}

/** Makes a hub, with a log that keeps as much as `ring` says. */
export async function openHubWorld(ring?: RingBounds): Promise<HubWorld> {
  const memory = openMemoryStore(ring === undefined ? {} : { ring });
  const { store, clock } = memory;
  const random = new SeededRandom(2);
  const tokens = new TokenSealer(Buffer.alloc(32, 7), 'deployment', random);
  const told: Change[] = [];
  const onChange = (change: Change): void => void told.push(change);
  const parts = { store, clock, random, tokens, encoder: streamEncoder(), onChange };
  const hub = await InvalidationHub.open(parts);
  const open = (id: string): Namespace => {
    store.openNamespace(id as NamespaceId, 2 ** 30);
    return namespaceOf(id as NamespaceId, clock);
  };
  const namespace = open('0123456789abcdef');
  return {
    ...memory,
    hub,
    namespace,
    tokens,
    told,
    open,
    subscribe: (wish = {}, inNamespace = namespace) => listen(hub, inNamespace, wish),
    subscribeElsewhere: async (wish = {}) => {
      const elsewhere = await InvalidationHub.open({ ...parts, onChange: () => undefined });
      return listen(elsewhere, namespace, wish);
    },
    set: (key, { tags = [], author } = {}, { id } = namespace) => {
      const content = { value: undefined, contentType: '', tags, author };
      const lifetime = { ttlMs: 60_000, staleWindowMs: 0 };
      const applied = store.write({ namespaceId: id, key, ...content, ...lifetime, guard: { kind: 'none' } });
      assert.ok(applied.kind === 'applied');
      return applied.position.number;
    },
    numberIn: (token) => tokens.open(token)!.positions[0]!.position.number,
  };
}

/** Returns a namespace that nobody has used yet. */
export function namespaceOf(id: NamespaceId, clock: ManualClock): Namespace {
  const settings = {
    defaultTtlMs: 1,
    maxTtlMs: 1,
    negativeTtlMs: 1,
    defaultStaleWindowMs: 0,
    ttlJitterRatio: 0,
    valueBytesMax: 1,
    capacityBytes: 2 ** 30,
    readFallback: 'error',
    writeFallback: 'refuse',
    localTtlMs: 1,
  } as const;
  const definition = { id, name: id, settings, version: 1, createdAtMs: 0, managedByFile: false, durable: false };
  const counters = createCacheCounters();
  return { ...definition, counters, countedSinceMs: clock.monotonicMs() };
}

/** Opens a stream of a hub. */
export function listen(hub: InvalidationHub, namespace: Namespace, wish: ListenerWish): Listener {
  const { resumeToken = '', progressIntervalMs = 1000, withoutOrigin = '', stalled = false, ...filter } = wish;
  const listener = new Listener(stalled);
  const asked = { filter: filterOf(filter), resumeToken, progressIntervalMs, withoutOrigin };
  listener.hears(hub.subscribe(namespace, asked, listener));
  return listener;
}

/** Lets the event loop turn, so that what is due now has happened. */
export async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn();
}

/** Lets a listener read all that is sent to it. */
export async function readAll(listener: Listener): Promise<void> {
  while (listener.read()) await turns();
}
