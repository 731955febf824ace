import { limits } from '../base/limits.ts';
import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import type { Namespace } from '../cache/namespace.ts';
import type { Moment } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { Placed } from '../cache/rules/token.ts';
import type { Change, NamespaceId, News } from '../store/store.ts';
import { Channel, type ChannelParts } from './channel.ts';
import { presentedMoment } from './resume-point.ts';
import type { Sink } from './sink.ts';
import { Subscription } from './subscription.ts';
import type { SubscriptionWish } from './subscription-wish.ts';
import { Told } from './told.ts';

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
  readonly #told = new Told();
  #count = 0;
  #draining = false;

  private constructor(parts: HubParts) {
    this.#parts = parts;
    this.#stopWatching = parts.store.watch((news) => this.#hear(news));
  }

  /** Begins to listen to the store. */
  static async open(parts: HubParts): Promise<InvalidationHub> {
    const hub = new InvalidationHub(parts);
    hub.#learn(await parts.store.heads());
    return hub;
  }

  /** Streams that are open. */
  get count(): number {
    return this.#count;
  }

  /**
   * Opens a stream. Its first message is Ready, or a Reset before it if the token can't be honoured; it comes once the
   * store can tell what follows the token. If the store can't be asked then, the stream ends with its error.
   *
   * @throws OperatingError SUBSCRIPTIONS_FULL, and what the store throws at once
   */
  subscribe(namespace: Namespace, wish: SubscriptionWish & { resumeToken: string }, sink: Sink): OpenStream {
    if (this.#count >= limits.subscriptionsMax) throw full();
    this.#deliver();
    const channel = this.#channelOf(namespace);
    const presented = presentedMoment(this.#parts.tokens, namespace.id, wish.resumeToken);
    const subscription = new Subscription(channel, this.#parts.clock, sink, wish, presented ?? []);
    const beginning = this.#beginningOf(channel, subscription, presented);
    channel.add(subscription);
    this.#count++;
    this.#begin(subscription, beginning);
    if (this.#draining) this.#sendAway(channel, subscription);
    let open = true;
    return {
      close: () => {
        if (!open) return;
        open = false;
        this.#leave(channel, subscription);
      },
    };
  }

  /**
   * Returns up to where all subscribers of a partition were told what happened: their connections have taken it, or a
   * Reset in its place. `undefined` if nobody has subscribed. Linear in their number, so nothing for every call.
   */
  toldUpTo(partition: Partition): Position | undefined {
    let least: Position | undefined;
    for (const channel of this.#channels.values()) {
      const told = channel.livesOn(partition) ? channel.toldUpTo(partition) : undefined;
      if (told !== undefined && (least === undefined || told.number < least.number)) least = told;
    }
    return least;
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
      for (const subscription of channel.subscriptions()) this.#sendAway(channel, subscription);
    }
  }

  /** Stops listening. */
  close(): void {
    this.#stopWatching();
    if (this.#flush !== undefined) clearImmediate(this.#flush);
  }

  #hear(news: News): void {
    switch (news.kind) {
      case 'changed':
        this.#arrive(news.change);
        break;
      case 'forked':
        this.#fork(news.partition, { epoch: news.epoch, number: news.fork });
        break;
      case 'restarted':
        this.#restart(news);
        break;
      case 'released':
        break;
    }
  }

  #arrive(change: Change): void {
    this.#parts.onChange(change);
    this.#arrived.push(change);
    this.#flush ??= setImmediate(() => this.#deliver());
  }

  /** Goes back to the fork. What arrived beyond it was lost before anybody was told. */
  #fork(partition: Partition, fork: Position): void {
    this.#arrived = this.#arrived.filter((change) => !isBeyond(change, partition, fork.number));
    this.#deliver();
    for (const subscription of this.#subscriptionsOn(partition)) subscription.forked(partition, fork);
    this.#told.moveTo({ partition, position: fork });
  }

  /** Goes on elsewhere in the history, or in another one. */
  #restart({ partition, position }: Placed): void {
    this.#arrived = this.#arrived.filter((change) => change.partition !== partition);
    this.#deliver();
    for (const subscription of this.#subscriptionsOn(partition)) subscription.restarted();
    this.#told.moveTo({ partition, position });
  }

  /** A new epoch is of no namespace: it concerns all that live on its partition. */
  #concernedBy(change: Change): readonly Channel[] {
    if (change.kind === 'epoch') return this.#channelsOn(change.partition);
    const channel = this.#channels.get(change.namespaceId);
    return channel === undefined ? [] : [channel];
  }

  #subscriptionsOn(partition: Partition): Subscription[] {
    return this.#channelsOn(partition).flatMap((channel) => channel.subscriptions());
  }

  #channelsOn(partition: Partition): Channel[] {
    return [...this.#channels.values()].filter((channel) => channel.livesOn(partition));
  }

  /** Learns heads of partitions that are heard of for the first time. */
  #learn(heads: Moment): void {
    this.#deliver();
    this.#told.learn(heads);
  }

  /** Gives subscribers what has arrived. */
  #deliver(): void {
    if (this.#flush !== undefined) clearImmediate(this.#flush);
    this.#flush = undefined;
    if (this.#arrived.length === 0) return;
    const changes = this.#arrived.filter((change) => this.#told.isNew(change));
    this.#arrived = [];
    const concerned = new Set<Channel>();
    for (const change of changes) {
      for (const channel of this.#concernedBy(change)) {
        channel.take(change);
        concerned.add(channel);
      }
    }
    for (const change of changes) this.#told.moveTo(change);
    for (const channel of concerned) channel.deliver();
  }

  /** Returns after what a stream begins, once the store can tell what follows; `undefined` for a Reset. */
  #beginningOf(
    channel: Channel,
    subscription: Subscription,
    presented: Moment | undefined,
  ): MaybePromise<Moment | undefined> {
    return whenReady(this.#know(channel), () => {
      if (presented === undefined || presented.length === 0) return presented;
      return this.#parts.store.resumable(presented, subscription.signal);
    });
  }

  /** Makes sure that every partition of a namespace was heard of: some may be in use since it was opened. */
  #know(channel: Channel): MaybePromise<void> {
    if (channel.known) return undefined;
    return whenReady(this.#parts.store.heads(), (heads) => {
      this.#learn(heads);
      if (!channel.known) throw unknown();
    });
  }

  #begin(subscription: Subscription, beginning: MaybePromise<Moment | undefined>): void {
    const begin = (after: Moment | undefined): void => {
      // What the store waited for may have arrived in this turn: the stream must not begin after what is told.
      this.#deliver();
      subscription.begin(after);
    };
    if (beginning instanceof Promise) beginning.then(begin, (cause: unknown) => subscription.failBy(cause));
    else begin(beginning);
  }

  #sendAway(channel: Channel, subscription: Subscription): void {
    // No token could say where such a stream goes on.
    if (!channel.known) subscription.fail(unknown());
    else subscription.leave(Math.floor(this.#parts.random.float() * limits.goingAwayRetryMsMax));
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
    const channel = new Channel({ ...this.#parts, told: this.#told }, namespace);
    this.#channels.set(namespace.id, channel);
    return channel;
  }
}

function full(): OperatingError {
  const message = `The server has ${limits.subscriptionsMax} subscriptions, as many as it may: try another node.`;
  return new OperatingError('SUBSCRIPTIONS_FULL', message, { retryAfterMs: 1000 });
}

function unknown(): OperatingError {
  const message = 'The node does not follow all partitions of the namespace yet: try again, or another node.';
  return new OperatingError('STORE_UNAVAILABLE', message, { retryAfterMs: 1000 });
}

function isBeyond(change: Change, partition: Partition, number: number): boolean {
  return change.partition === partition && change.position.number > number;
}
