import { GetBatcher } from './batching/get-batcher.ts';
import type { ShowOptions } from './calls/answer.ts';
import { askMany, askOne } from './calls/ask.ts';
import { type InvalidateOptions, type InvalidateResult, invalidate, type Named } from './calls/invalidate.ts';
import { type ExistsResult, type GetOptions, type ItemFailure, readExists, readMany, readOne } from './calls/read.ts';
import { peekNear, readNear } from './calls/read-near.ts';
import {
  type DeleteResult,
  deleteEntry,
  type IncrementOptions,
  type IncrementResult,
  incrementEntry,
  type LifetimeOptions,
  NEGATIVE_CONTENT,
  type PassedThrough,
  type SetNegativeOptions,
  type SetOptions,
  type SetResult,
  type TouchResult,
  touchEntry,
  valueContent,
  writeEntry,
} from './calls/write.ts';
import { type DeleteManyResult, deleteMany, type SetItem, type SetManyResult, writeMany } from './calls/write-many.ts';
import type { ClientParts } from './client-parts.ts';
import { Computer } from './compute/computer.ts';
import type { Compute, ComputeOptions } from './compute/options.ts';
import type { FreshnessOptions } from './freshness/demand.ts';
import { type Lookup, missOf } from './lookup.ts';
import type { NearStats } from './near/near-stats.ts';
import type { FollowerParts } from './stream/follower.ts';
import { openStream } from './stream/open-stream.ts';
import { type SubscribeOptions, Subscription } from './stream/subscription.ts';
import type { CallOptions } from './transport/caller.ts';
import { closedError } from './transport/channel.ts';

/** What a client is made of. */
export interface ClientSettings {
  readonly parts: ClientParts;
  readonly origin: string;
  readonly batching: boolean;
  readonly passThrough: boolean;
  /** Is called once, when the client is closed. */
  readonly closed: () => void;
}

const PASSED: PassedThrough = { kind: 'passedThrough' };
const NO_OPTIONS = {};

/**
 * A client of one namespace. `connect` opens it.
 *
 * Each call throws a RepriseError, or the reason of its signal; a miss, a condition that fails and a lost race are results.
 * Keys are 1 to 1024 bytes of UTF-8 without control characters.
 */
export class Client implements AsyncDisposable, Disposable {
  /** This client's name for itself, 16 hex digits, which it sends with each call. */
  readonly origin: string;
  readonly #parts: ClientParts;
  readonly #batcher: GetBatcher | undefined;
  readonly #computer: Computer;
  readonly #passThrough: boolean;
  readonly #closed: () => void;
  readonly #subscriptions = new Set<Subscription>();
  #isClosed = false;

  /** Use `connect`. */
  constructor({ parts, origin, batching, passThrough, closed }: ClientSettings) {
    this.origin = origin;
    this.#parts = parts;
    this.#passThrough = passThrough;
    this.#closed = closed;
    this.#batcher = batching ? batcherOf(parts) : undefined;
    this.#computer = new Computer(parts);
  }

  /** The namespace. Empty means `default`. */
  get namespace(): string {
    return this.#parts.namespace;
  }

  /**
   * Returns one entry: a hit, negative or a miss. Several that are asked for in one tick of the event loop become one call.
   */
  get<T = unknown>(key: string, options: GetOptions = NO_OPTIONS): Promise<Lookup<T>> {
    try {
      // Deliberate: no async function, so that a near hit does not pay for a wait that it never has.
      const near = readNear(this.#parts, key, options);
      return near === undefined ? this.#read<T>(key, options) : Promise.resolve(near as Lookup<T>);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Returns what the near cache can say of a key at this moment, without a promise and without asking the server, for hot
   * loops; undefined if it can't: then `get` it. Serves and drops as `get` does. Throws a CodecError.
   */
  peek<T = unknown>(key: string, options: ShowOptions = NO_OPTIONS): Lookup<T> | undefined {
    const { near } = this.#parts;
    return near === undefined ? undefined : (peekNear(this.#parts, near, key, options) as Lookup<T> | undefined);
  }

  /** Returns entries, any number of them, in the order of the keys. No atomicity; one that fails stops no other. */
  async getMany<T = unknown>(keys: readonly string[], options: GetOptions = {}): Promise<(Lookup<T> | ItemFailure)[]> {
    if (this.#passThrough) return keys.map((key) => missOf(key, 'PASS_THROUGH', ''));
    return (await readMany(this.#parts, keys, options)) as (Lookup<T> | ItemFailure)[];
  }

  /** Tells whether a `get` would hit, and whether negatively. Never answered by the near cache. */
  async exists(key: string, options: CallOptions & FreshnessOptions = {}): Promise<ExistsResult> {
    if (this.#passThrough) return { exists: false, negative: false };
    return readExists(this.#parts, key, options);
  }

  /** Writes a value. Throws a CodecError for one that has no form. */
  async set(key: string, value: unknown, options: SetOptions = {}): Promise<SetResult> {
    const content = valueContent(this.#parts, value, options.codec);
    return this.#passThrough ? PASSED : writeEntry(this.#parts, key, content, options);
  }

  /** Remembers that the source has nothing under a key, at most for the namespace's negative TTL: 30 s by default. */
  async setNegative(key: string, options: SetNegativeOptions = {}): Promise<SetResult> {
    return this.#passThrough ? PASSED : writeEntry(this.#parts, key, NEGATIVE_CONTENT, options);
  }

  /** Writes entries, any number of them, in the order of the items. No atomicity; one that fails stops no other. */
  async setMany(items: readonly SetItem[], options: CallOptions = {}): Promise<(SetManyResult | PassedThrough)[]> {
    return this.#passThrough ? items.map(() => PASSED) : writeMany(this.#parts, items, options);
  }

  /** Removes an entry. */
  async delete(key: string, options: CallOptions = {}): Promise<DeleteResult> {
    return this.#passThrough ? PASSED : deleteEntry(this.#parts, key, options);
  }

  /** Removes entries, any number of them, in the order of the keys. No atomicity; one that fails stops no other. */
  async deleteMany(keys: readonly string[], options: CallOptions = {}): Promise<(DeleteManyResult | PassedThrough)[]> {
    return this.#passThrough ? keys.map(() => PASSED) : deleteMany(this.#parts, keys, options);
  }

  /** Gives a fresh entry a new lifetime. */
  async touch(key: string, options: LifetimeOptions & CallOptions = {}): Promise<TouchResult> {
    return this.#passThrough ? PASSED : touchEntry(this.#parts, key, options);
  }

  /** Adds to a counter, which begins where it is absent. */
  async increment(key: string, options: IncrementOptions = {}): Promise<IncrementResult> {
    return this.#passThrough ? PASSED : incrementEntry(this.#parts, key, options);
  }

  /**
   * Returns a key's value, from the cache or computed by `fn`: once, however many callers in however many processes ask at
   * the same time. `undefined`: the source has nothing there. Computes anyway where the cache is away.
   *
   * Callers of this process that ask for one key at the same time share the first one's options and function. Throws what
   * `fn` throws.
   */
  async getOrCompute<T>(key: string, options: ComputeOptions, fn: Compute<T>): Promise<T | undefined> {
    if (!this.#passThrough) return (await this.#computer.getOrCompute(key, options, fn)) as T | undefined;
    options.signal?.throwIfAborted();
    return fn({ signal: options.signal ?? new AbortController().signal });
  }

  /** Says that the source of these keys, at most 1000, has changed. */
  invalidateKeys(keys: readonly string[], options: InvalidateOptions = {}): Promise<InvalidateResult> {
    return this.#invalidate({ keys }, options);
  }

  /** Says that the source of all entries with any of these tags, at most 100, has changed. */
  invalidateTags(tags: readonly string[], options: InvalidateOptions = {}): Promise<InvalidateResult> {
    return this.#invalidate({ tags }, options);
  }

  /** Says that the source of all keys with this prefix, which ends in `:` or `/`, has changed. */
  invalidatePrefix(prefix: string, options: InvalidateOptions = {}): Promise<InvalidateResult> {
    return this.#invalidate({ prefix }, options);
  }

  /** Says that the source of all entries of the namespace has changed. */
  invalidateAll(options: InvalidateOptions = {}): Promise<InvalidateResult> {
    return this.#invalidate({ all: true }, options);
  }

  /** Follows the changes of the namespace. Close it, or leave the loop that reads it. */
  subscribe(options: SubscribeOptions = {}): Subscription {
    if (this.#isClosed) throw closedError();
    const { caller, namespace, clock, random } = this.#parts;
    const open: FollowerParts['open'] | undefined = this.#passThrough
      ? undefined
      : openStream(caller, namespace, options);
    const closed = (over: Subscription): void => void this.#subscriptions.delete(over);
    const subscription = new Subscription(options, { open, clock, random, readyWithinMs: caller.timeoutMs, closed });
    if (subscription.state !== 'CLOSED') this.#subscriptions.add(subscription);
    return subscription;
  }

  /** What happened in the near cache and what it holds; undefined where there is none. */
  nearStats(): NearStats | undefined {
    return this.#parts.near?.stats();
  }

  /** Ends everything. Calls on their way fail with the code CANCELLED. Does nothing the second time. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const subscription of this.#subscriptions) subscription.close();
    this.#parts.near?.close();
    this.#closed();
    this.#parts.caller.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async #read<T>(key: string, options: GetOptions): Promise<Lookup<T>> {
    if (this.#passThrough) return missOf(key, 'PASS_THROUGH', '');
    return (await readOne(this.#parts, key, options, this.#batcher)) as Lookup<T>;
  }

  async #invalidate(named: Named, options: InvalidateOptions): Promise<InvalidateResult> {
    return this.#passThrough ? PASSED : invalidate(this.#parts, named, options);
  }
}

function batcherOf(parts: ClientParts): GetBatcher {
  return new GetBatcher({
    one: (key, demand, options) => askOne(parts, key, demand, options),
    many: (keys, demand, options) => askMany(parts, keys, demand, options),
    afterTick: (callback) => void setImmediate(callback),
  });
}
