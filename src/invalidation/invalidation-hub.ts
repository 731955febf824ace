import { limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import type { Namespace } from '../cache/namespace.ts';
import type { Placed } from '../cache/rules/token.ts';
import type { Change, NamespaceId } from '../store/store.ts';
import { Channel, type ChannelParts } from './channel.ts';
import { type Moment, momentAfter } from './moment.ts';
import { beginningOf } from './resume-point.ts';
import type { Sink } from './sink.ts';
import { Subscription, type SubscriptionWish } from './subscription.ts';

/** What the hub works with. */
export interface HubParts extends Omit<ChannelParts, 'told'> {
  readonly random: Random;
  /** Told every change at once, before it is matched: whoever waits for a fill. */
  readonly onChange: (change: Change) => void;
}

/** A stream that its owner may leave. */
export interface OpenStream {
  /** Lets go of the stream. */
  close(): void;
}

/**
 * Where changes come from the store and go to subscribers. Those of one turn of the event loop are matched and delivered
 * together, after the calls that made them were answered: writers never wait for subscribers.
 *
 * Promises: NoSilentGap, Resumable, Bookmarkable, Bounded (proto/reprise/v1/invalidation_service.proto).
 */
export class InvalidationHub {
  readonly #parts: HubParts;
  readonly #channels = new Map<NamespaceId, Channel>();
  readonly #stopWatching: () => void;
  /** Changes that came since the last delivery. */
  #arrived: Change[] = [];
  #flush: NodeJS.Immediate | undefined;
  #told: Moment;
  #count = 0;
  #draining = false;

  private constructor(parts: HubParts, heads: Moment, stopWatching: () => void) {
    this.#parts = parts;
    this.#told = heads;
    this.#stopWatching = stopWatching;
  }

  /** Begins to listen to the store. */
  static async open(parts: HubParts): Promise<InvalidationHub> {
    const early: Change[] = [];
    let onChange = (change: Change): void => void early.push(change);
    const stopWatching = parts.store.watch((change) => onChange(change));
    const hub = new InvalidationHub(parts, await parts.store.heads(), stopWatching);
    onChange = (change) => hub.#arrive(change);
    for (const change of early) if (hub.#isNew(change)) hub.#arrive(change);
    return hub;
  }

  /** Streams that are open. */
  get count(): number {
    return this.#count;
  }

  /**
   * Opens a stream. Its first message is Ready, or a Reset before it if the token can't be honoured.
   *
   * @throws OperatingError SUBSCRIPTIONS_FULL
   */
  subscribe(namespace: Namespace, wish: SubscriptionWish & { resumeToken: string }, sink: Sink): OpenStream {
    if (this.#count >= limits.subscriptionsMax) throw full();
    this.#deliver();
    const channel = this.#channelOf(namespace);
    const beginning = beginningOf(this.#parts.tokens, namespace, wish.resumeToken, this.#told);
    const subscription = new Subscription(channel, this.#parts.clock, sink, wish, beginning);
    channel.add(subscription);
    this.#count++;
    subscription.start();
    if (this.#draining) this.#sendAway(subscription);
    let open = true;
    return {
      close: () => {
        if (!open) return;
        open = false;
        this.#leave(channel, subscription);
      },
    };
  }

  /** Ends the streams of a namespace that was deleted. */
  endNamespace(namespaceId: NamespaceId): void {
    this.#deliver();
    const error = new OperatingError('NAMESPACE_NOT_FOUND', 'The namespace was deleted.');
    this.#channels.get(namespaceId)?.fail(error);
    this.#channels.delete(namespaceId);
  }

  /** Tells all subscribers to go elsewhere, each after a time of its own, and ends their streams. */
  drain(): void {
    this.#deliver();
    this.#draining = true;
    for (const channel of this.#channels.values()) {
      for (const subscription of channel.subscriptions()) this.#sendAway(subscription);
    }
  }

  /** Stops listening. */
  close(): void {
    this.#stopWatching();
    if (this.#flush !== undefined) clearImmediate(this.#flush);
  }

  #arrive(change: Change): void {
    this.#parts.onChange(change);
    this.#arrived.push(change);
    this.#flush ??= setImmediate(() => this.#deliver());
  }

  #isNew({ partition, position }: Placed): boolean {
    const head = this.#told.find((placed) => placed.partition === partition);
    return head === undefined || head.position.number < position.number;
  }

  /** Gives subscribers what has arrived. */
  #deliver(): void {
    if (this.#flush !== undefined) clearImmediate(this.#flush);
    this.#flush = undefined;
    if (this.#arrived.length === 0) return;
    const changes = this.#arrived;
    this.#arrived = [];
    const before = this.#told;
    this.#told = momentAfter(before, changes);
    for (const change of changes) this.#channels.get(change.namespaceId)?.take(change);
    for (const channel of this.#channels.values()) channel.deliver(before);
  }

  #sendAway(subscription: Subscription): void {
    subscription.leave(Math.floor(this.#parts.random.float() * limits.goingAwayRetryMsMax));
  }

  #leave(channel: Channel, subscription: Subscription): void {
    this.#count--;
    subscription.close();
    channel.delete(subscription);
    if (channel.empty && this.#channels.get(channel.namespaceId) === channel)
      this.#channels.delete(channel.namespaceId);
  }

  #channelOf(namespace: Namespace): Channel {
    const known = this.#channels.get(namespace.id);
    if (known !== undefined) return known;
    const channel = new Channel({ ...this.#parts, told: () => this.#told }, namespace);
    this.#channels.set(namespace.id, channel);
    return channel;
  }
}

function full(): OperatingError {
  const message = `The server has ${limits.subscriptionsMax} subscriptions, as many as it may: try another node.`;
  return new OperatingError('SUBSCRIPTIONS_FULL', message, { retryAfterMs: 1000 });
}
