import type { Clock } from '../base/clock.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { OperatingError } from '../base/operating-error.ts';
import type { Namespace } from '../cache/namespace.ts';
import { inHistory } from '../cache/rules/epoch-chain.ts';
import { type Moment, positionIn } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { Placed } from '../cache/rules/token.ts';
import type { TokenSealer } from '../cache/token-sealer.ts';
import type { Change, NamespaceId } from '../store/store.ts';
import { Batch } from './batch.ts';
import type { ChangeSource } from './change-source.ts';
import { FilterIndex } from './filter-index.ts';
import type { ResetCause, StreamEncoder } from './stream-encoder.ts';
import type { Subscription } from './subscription.ts';
import { filterName, type SubscriptionFilter } from './subscription-filter.ts';
import type { Told } from './told.ts';

/** What channels work with. */
export interface ChannelParts {
  readonly store: ChangeSource;
  readonly clock: Clock;
  readonly tokens: TokenSealer;
  readonly encoder: StreamEncoder;
  /** Up to where all subscribers of all namespaces were given what happened. */
  readonly told: Told;
}

/** All who subscribed to a namespace with the same filter. */
interface View {
  readonly filter: SubscriptionFilter;
  readonly members: Set<Subscription>;
  /** What matched since it was last delivered. */
  changes: Change[];
}

/**
 * The streams of one namespace. Subscribers with equal filters share a view: a change is matched once a view, and what
 * they receive is encoded once.
 */
export class Channel {
  readonly #parts: ChannelParts;
  readonly #namespace: Namespace;
  readonly #partitions: readonly Partition[];
  readonly #views = new Map<string, View>();
  readonly #index = new FilterIndex<View>();
  readonly #waiting = new Set<View>();
  /** What `told` last said. */
  #told: Moment = [];
  /** What was told before the changes that were taken since the last delivery. */
  #before: Moment = [];
  #progress: { readonly at: Moment; readonly bytes: Buffer } | undefined;
  #sealed: { readonly at: Moment; readonly givenAtMs: number; readonly token: string } | undefined;

  constructor(parts: ChannelParts, namespace: Namespace) {
    this.#parts = parts;
    this.#namespace = namespace;
    this.#partitions = [...parts.store.partitionsOf(namespace.id)].sort((a, b) => a - b);
  }

  /** The namespace whose changes these are. */
  get namespaceId(): NamespaceId {
    return this.#namespace.id;
  }

  /** True if nobody listens. */
  get empty(): boolean {
    return this.#views.size === 0;
  }

  /** Up to here all subscribers were given what happened: all partitions of the namespace, and no others. */
  get told(): Moment {
    this.#told = this.#parts.told.in(this.#partitions, this.#told);
    return this.#told;
  }

  /** False if some partition was never heard of: then `told` says too little. */
  get known(): boolean {
    return this.told.length === this.#partitions.length;
  }

  /** Tells whether changes of the namespace may come from a partition. */
  livesOn(partition: Partition): boolean {
    return this.#partitions.includes(partition);
  }

  /** Tells whether a moment is part of the history as the store knows it now. */
  isHistory(moment: Moment): boolean {
    const { store } = this.#parts;
    return moment.every(({ partition, position }) => inHistory(store.chain(partition), position));
  }

  /** Lets a subscriber in. */
  add(subscription: Subscription): void {
    this.#namespace.counters.streams.open++;
    const name = filterName(subscription.filter);
    const view = this.#views.get(name);
    if (view !== undefined) {
      view.members.add(subscription);
      return;
    }
    const created: View = { filter: subscription.filter, members: new Set([subscription]), changes: [] };
    this.#views.set(name, created);
    this.#index.add(created);
  }

  /** Lets a subscriber go; does nothing if it is not here. */
  delete(subscription: Subscription): void {
    const name = filterName(subscription.filter);
    const view = this.#views.get(name);
    if (view?.members.delete(subscription) !== true) return;
    this.#namespace.counters.streams.open--;
    if (view.members.size > 0) return;
    this.#views.delete(name);
    this.#index.delete(view);
    this.#waiting.delete(view);
  }

  /** Takes a change for whoever wants it. `told` must not include it yet. */
  take(change: Change): void {
    if (this.#waiting.size === 0) this.#before = this.told;
    for (const view of this.#index.matching(change)) {
      view.changes.push(change);
      this.#waiting.add(view);
    }
  }

  /** Gives subscribers what was taken. `told` must include it. */
  deliver(): void {
    const at = this.told;
    const encode = (changes: readonly Change[]): Buffer => this.events(changes, at);
    const bytesOf = (change: Change): number => this.eventBytes(change);
    for (const view of this.#waiting) {
      const batch = new Batch(view.changes, { encode, bytesOf });
      view.changes = [];
      for (const subscription of view.members) subscription.deliver(batch, this.#before);
    }
    this.#waiting.clear();
  }

  /** All who listen. */
  subscriptions(): Subscription[] {
    return [...this.#views.values()].flatMap(({ members }) => [...members]);
  }

  /** Returns up to where all who listen were told what happened on a partition; `undefined` if nobody does. */
  toldUpTo(partition: Partition): Position | undefined {
    const told = positionIn(this.told, partition);
    let least: Position | undefined;
    for (const { members } of this.#views.values()) {
      for (const subscription of members) {
        const own = subscription.toldUpTo(partition, told);
        if (own !== undefined && (least === undefined || own.number < least.number)) least = own;
      }
    }
    return least;
  }

  /** Ends all streams with an error. */
  fail(error: OperatingError): void {
    for (const subscription of this.subscriptions()) {
      this.delete(subscription);
      subscription.fail(error);
    }
  }

  /** Reads the log. */
  changesSince({ partition, position }: Placed, changesMax: number): MaybePromise<readonly Change[] | undefined> {
    return this.#parts.store.changesSince(partition, position.number, changesMax);
  }

  /** Counts changes that one subscriber is sent. */
  countEvents(count: number): void {
    this.#namespace.counters.streams.events += count;
  }

  /** Counts a subscriber that was told to begin anew. */
  countReset(cause: ResetCause): void {
    this.#namespace.counters.streams.resets[cause]++;
  }

  /** Returns the bytes of a Ready. */
  ready(at: Moment, progressIntervalMs: number): Buffer {
    return this.#parts.encoder.ready(this.#token(at), progressIntervalMs);
  }

  /** Returns the bytes of changes. */
  events(changes: readonly Change[], at: Moment): Buffer {
    return this.#parts.encoder.events(changes, this.#token(at));
  }

  /** Returns the bytes of the present progress, made once however many are told. */
  progress(): Buffer {
    const at = this.told;
    if (this.#progress?.at !== at) {
      this.#progress = { at, bytes: this.#parts.encoder.progress(this.#token(at)) };
    }
    return this.#progress.bytes;
  }

  /** Returns the bytes of a Reset. */
  reset(cause: ResetCause, at: Moment): Buffer {
    return this.#parts.encoder.reset(cause, this.#token(at));
  }

  /** Returns the bytes of a GoingAway. */
  goingAway(at: Moment, retryAfterMs: number): Buffer {
    return this.#parts.encoder.goingAway(this.#token(at), retryAfterMs);
  }

  /** Returns how many bytes a change takes. */
  eventBytes(change: Change): number {
    return this.#parts.encoder.eventBytes(change);
  }

  /** Seals a moment once for all who are told it together: sealing takes a tenth of a call. */
  #token(at: Moment): string {
    const givenAtMs = this.#parts.clock.nowMs();
    if (this.#sealed?.at !== at || this.#sealed.givenAtMs !== givenAtMs) {
      const token = this.#parts.tokens.seal({ namespaceId: this.namespaceId, givenAtMs, positions: at });
      this.#sealed = { at, givenAtMs, token };
    }
    return this.#sealed.token;
  }
}
