import {
  type Client,
  type Codec,
  type ComputeOptions,
  type ConnectOptions,
  connect,
  type GetOptions,
  type InvalidateOptions,
  jsonCodec,
  msgpackCodec,
  type NearCacheOptions,
  rawCodec,
  type SetItem,
  type SetOptions,
  type TlsOptions,
} from '../src/index.ts';
import { Computations } from './computations.ts';
import { errorOf, NotSupportedError } from './error-of.ts';
import { type Fields, fieldOf, given, text, valueIn } from './fields.ts';
import { Listener } from './listener.ts';
import { changeFields, invalidateFields, lookupFields, nearFields, setFields } from './results.ts';

const FEATURES = [
  'batching',
  'get_or_compute',
  'early_refresh',
  'subscribe',
  'near_cache',
  'pass_through',
  'codec_raw',
  'codec_msgpack',
  'cancel',
  'latest',
  'invalidate_options',
  'conditions',
  'deadline_per_call',
  'failover',
  'credential',
  'tls',
  'token',
];
const CODECS: Readonly<Record<string, Codec>> = { json: jsonCodec, raw: rawCodec, msgpack: msgpackCodec };
const READ = ['allowStale', 'withTags', 'latest', 'atLeast'];
const WRITE = ['ttlMs', 'staleWindowMs', 'tags', 'condition'];

type Command = (command: Fields, signal: AbortSignal) => unknown;

/** Runs commands on clients that have names. */
export class Driver {
  readonly #clients = new Map<string, Client>();
  readonly #listeners = new Map<string, Listener>();
  readonly #computations = new Computations();
  readonly #commands: Readonly<Record<string, Command>> = {
    hello: () => ({ language: 'typescript', features: FEATURES }),
    reset: () => this.reset(),
    parallel: (command, signal) => this.#parallel(command['commands'] as Fields[], signal),
    open: (command) => this.#open(command),
    close: (command) => {
      this.#client(command).close();
      return {};
    },
    get: async (command, signal) => {
      const options: GetOptions = { ...given(command, ...READ), ...calling(command, signal) };
      return lookupFields(await this.#client(command).get(text(command, 'key'), options));
    },
    set: async (command, signal) => {
      const options: SetOptions = { ...given(command, ...WRITE), ...calling(command, signal) };
      return setFields(await this.#client(command).set(text(command, 'key'), valueIn(command['value']), options));
    },
    set_negative: async (command, signal) => {
      const options: SetOptions = { ...given(command, ...WRITE), ...calling(command, signal) };
      return setFields(await this.#client(command).setNegative(text(command, 'key'), options));
    },
    delete: async (command, signal) => {
      const result = await this.#client(command).delete(text(command, 'key'), calling(command, signal));
      return changeFields(result, { existed: false });
    },
    touch: async (command, signal) => {
      const options = { ...given(command, ...WRITE), ...calling(command, signal) };
      const result = await this.#client(command).touch(text(command, 'key'), options);
      return changeFields(result, { touched: result.kind === 'touched' });
    },
    increment: (command, signal) => this.#increment(command, signal),
    exists: (command, signal) =>
      this.#client(command).exists(text(command, 'key'), { ...given(command, ...READ), ...calling(command, signal) }),
    get_many: async (command, signal) => {
      const options: GetOptions = { ...given(command, ...READ), ...calling(command, signal) };
      const results = await this.#client(command).getMany(command['keys'] as string[], options);
      return { results: results.map(lookupFields) };
    },
    set_many: async (command, signal) => {
      const items = (command['items'] as Fields[]).map(itemOf);
      const results = await this.#client(command).setMany(items, calling(command, signal));
      return { results: results.map(setFields) };
    },
    delete_many: async (command, signal) => {
      const results = await this.#client(command).deleteMany(command['keys'] as string[], calling(command, signal));
      const fields = results.map((result) =>
        result.kind === 'error' ? { error: errorOf(result.error) } : changeFields(result, { existed: false }),
      );
      return { results: fields };
    },
    invalidate: async (command, signal) => invalidateFields(await this.#invalidate(command, signal)),
    get_or_compute: (command, signal) => this.#getOrCompute(command, signal),
    computed: (command) => this.#computations.tally(text(command, 'compute')),
    release: (command) => {
      this.#computations.release(text(command, 'gate'));
      return {};
    },
    subscribe: (command) => {
      this.#listeners.set(text(command, 'subscription'), new Listener(this.#client(command), command));
      return {};
    },
    take: (command) => this.#listener(command).take(command),
    state: (command) => this.#listener(command).state(),
    unsubscribe: (command) => {
      this.#listener(command).close();
      return {};
    },
    near_stats: (command) => {
      const stats = this.#client(command).nearStats();
      if (stats === undefined) throw new NotSupportedError('near cache');
      return nearFields(stats);
    },
  };

  /** Runs one command. Throws what the client throws. */
  async run(command: Fields, signal: AbortSignal): Promise<unknown> {
    const run = this.#commands[text(command, 'do')];
    if (run === undefined) throw new NotSupportedError(text(command, 'do'));
    return run(command, signal);
  }

  /** Closes everything and forgets all names. */
  async reset(): Promise<Fields> {
    this.#computations.reset();
    for (const listener of this.#listeners.values()) listener.close();
    for (const client of this.#clients.values()) client.close();
    this.#listeners.clear();
    this.#clients.clear();
    return {};
  }

  #client(command: Fields): Client {
    const client = this.#clients.get(text(command, 'client'));
    if (client === undefined) throw new NotSupportedError(`client ${command['client']}`);
    return client;
  }

  #listener(command: Fields): Listener {
    const listener = this.#listeners.get(text(command, 'subscription'));
    if (listener === undefined) throw new NotSupportedError(`subscription ${command['subscription']}`);
    return listener;
  }

  async #open(command: Fields): Promise<Fields> {
    const { deadlineMs, codec, unknownAsRaw, tls, nearCache } = command;
    const options = {
      ...given(command, 'namespace', 'maxLagMs', 'passThrough', 'batching', 'insecure', 'credential'),
      ...(deadlineMs === undefined ? {} : { timeoutMs: deadlineMs as number }),
      ...(codec === undefined ? {} : { codec: CODECS[codec as string]! }),
      ...(unknownAsRaw === undefined ? {} : { unknownAsBytes: unknownAsRaw as boolean }),
      ...(tls === undefined ? {} : { tls: tls as TlsOptions }),
      ...(nearCache === undefined ? {} : { nearCache: nearCache as NearCacheOptions }),
    } as ConnectOptions;
    const client = await connect(command['targets'] as string[], options);
    this.#clients.set(text(command, 'client'), client);
    return { origin: client.origin };
  }

  /** Begins all of them in one turn of the event loop. */
  async #parallel(commands: readonly Fields[], signal: AbortSignal): Promise<Fields[]> {
    const outcomes = await Promise.allSettled(commands.map((command) => this.run(command, signal)));
    return outcomes.map((outcome) =>
      outcome.status === 'fulfilled' ? { ok: outcome.value } : { error: errorOf(outcome.reason, signal) },
    );
  }

  async #increment(command: Fields, signal: AbortSignal): Promise<Fields> {
    const { delta, initial } = command as { readonly delta?: string; readonly initial?: string };
    const result = await this.#client(command).increment(text(command, 'key'), {
      ...given(command, 'ttlMs'),
      ...(delta === undefined ? {} : { delta: BigInt(delta) }),
      ...(initial === undefined ? {} : { initial: BigInt(initial) }),
      ...calling(command, signal),
    });
    switch (result.kind) {
      case 'incremented':
        return { ...result, value: String(result.value) };
      case 'notIncremented':
        return { notIncremented: result.reason, revision: result.revision };
      case 'passedThrough':
        return { passThrough: true };
    }
  }

  #invalidate(command: Fields, signal: AbortSignal) {
    const client = this.#client(command);
    const { keys, tags, prefix } = command as { keys?: string[]; tags?: string[]; prefix?: string };
    const names = ['mode', 'dryRun', 'affectedMax', 'wait'];
    const options: InvalidateOptions = { ...given(command, ...names), ...calling(command, signal) };
    if (keys !== undefined) return client.invalidateKeys(keys, options);
    if (tags !== undefined) return client.invalidateTags(tags, options);
    return prefix === undefined ? client.invalidateAll(options) : client.invalidatePrefix(prefix, options);
  }

  async #getOrCompute(command: Fields, signal: AbortSignal): Promise<Fields> {
    const names = ['ttlMs', 'staleWindowMs', 'negativeTtlMs', 'tags', 'waitMs', 'staleIfError'];
    const options: ComputeOptions = { ...given(command, ...names), ...calling(command, signal) };
    const compute = command['compute'] as Fields;
    const fn = this.#computations.functionOf(compute);
    const value = await this.#client(command).getOrCompute(text(command, 'key'), options, fn);
    const { begun: computed } = this.#computations.tally(text(compute, 'name'));
    return value === undefined ? { kind: 'negative', computed } : { kind: 'hit', value: fieldOf(value), computed };
  }
}

function calling({ deadlineMs }: Fields, signal: AbortSignal): { signal: AbortSignal; timeoutMs?: number } {
  return deadlineMs === undefined ? { signal } : { signal, timeoutMs: deadlineMs as number };
}

function itemOf(item: Fields): SetItem {
  const entry = { key: text(item, 'key'), ...given(item, ...WRITE) };
  return item['negative'] ? { ...entry, negative: true } : { ...entry, value: valueIn(item['value']) };
}
