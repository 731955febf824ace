import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { Told } from '../partition-store.ts';
import { EpochMint } from './epoch-mint.ts';
import type { Lane, Link, LuaScript, ScriptArgument } from './link.ts';
import { type PartitionKeys, partitionKeys } from './partition-keys.ts';
import { partitionScripts } from './partition-scripts.ts';
import { partitionTags } from './partition-tags.ts';
import { EPOCH_BYTES, NUMBER_BYTES, POSITION_BYTES, packNumber, readEpoch, readNumber } from './position-codec.ts';
import type { RedisStoreOptions } from './redis-store-options.ts';
import { ServerTime } from './server-time.ts';
import { type Reply, readReply } from './told-codec.ts';

const NO_EPOCH = Buffer.alloc(EPOCH_BYTES);
const NOTHING = Buffer.alloc(0);

/** A call of a partition's script. */
export interface PartitionCall {
  readonly script: LuaScript;
  readonly keys: readonly string[];
  /** Those after the first one, with which all scripts begin. */
  readonly args: readonly ScriptArgument[];
  /** Default: `commands`. */
  readonly lane?: Lane;
}

/** Strings, and what else was told of their partition at the same moment. */
export interface ReadStrings {
  readonly told: Told;
  /** The first epoch of the partition's present history, as bytes: what is kept for an earlier one does not count. */
  readonly life: Buffer;
  readonly strings: readonly (Buffer | undefined)[];
}

interface Known {
  readonly keys: PartitionKeys;
  readonly time: ServerTime;
  /** Of the newest answer, with its epoch as bytes: answers leave out the ancestors of the epoch that is named. */
  chain: EpochChain | undefined;
  epoch: Buffer;
}

/** Runs scripts on partitions, and knows of each what the newest answer told of epoch and time. */
export class PartitionCalls {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #timeOffsetMs: () => number;
  readonly #stoppedAtMs: (() => number) | undefined;
  readonly #mint: EpochMint;
  readonly #known: readonly Known[];
  readonly #logChangesMax: number;

  constructor(options: RedisStoreOptions, logChangesMax: number) {
    const { link, clock, random, prefix = 'reprise:', partitions, timeOffsetMs = () => 0 } = options;
    this.#link = link;
    this.#clock = clock;
    this.#timeOffsetMs = timeOffsetMs;
    this.#stoppedAtMs = options.stoppedAtMs;
    this.#mint = new EpochMint(random);
    this.#logChangesMax = logChangesMax;
    this.#known = partitionTags(partitions).map((tag) => ({
      keys: partitionKeys(prefix, tag),
      time: new ServerTime(clock),
      chain: undefined,
      epoch: NO_EPOCH,
    }));
  }

  /** The names of a partition. */
  keys(partition: Partition): PartitionKeys {
    return this.#of(partition).keys;
  }

  /** The keys that the lineage check works on. */
  lineageKeys(partition: Partition): string[] {
    const { meta, log, bell, changed } = this.keys(partition);
    return [meta, log, bell, changed];
  }

  /** The arguments that the lineage check takes. */
  lineageArgs(): ScriptArgument[] {
    return [this.#mint.mint(), this.#logChangesMax];
  }

  /** Runs a script. A partition without any history begins one first. */
  async ask(partition: Partition, call: PartitionCall): Promise<Reply> {
    const reply = await this.#run(partition, call);
    if (reply !== undefined) return reply;
    await this.#run(partition, { script: partitionScripts.beat, ...this.beatOf(partition) });
    const again = await this.#run(partition, call);
    if (again === undefined) throw new OperatingError('STORE_UNAVAILABLE', 'no primary has begun this partition');
    return again;
  }

  /**
   * Reads strings, all in one moment, without a script. What such an answer can't tell, the time and the ancestors of its
   * epoch, is known from earlier ones of the same server; who knows too little runs a script first.
   *
   * @throws OperatingError STORE_UNAVAILABLE
   */
  async read(partition: Partition, keys: readonly string[]): Promise<ReadStrings> {
    for (let triesLeft = 2; triesLeft > 0; triesLeft--) {
      const read = await this.#read(partition, keys);
      if (read !== undefined) return read;
      await this.#look(partition);
    }
    throw new OperatingError('STORE_UNAVAILABLE', 'the primary, or its history, changed while it was read: try again');
  }

  /** Keys and arguments of a heartbeat that registers nobody and asks for no page. */
  beatOf(partition: Partition): Pick<PartitionCall, 'keys' | 'args'> {
    const keys = [...this.lineageKeys(partition), this.keys(partition).nodes];
    return { keys, args: [...this.lineageArgs(), '', '', 0, 0, ''] };
  }

  /** The time of a partition's server, without the offset of tests; asks if no answer told it yet. */
  async serverTimeMs(partition: Partition): Promise<number> {
    const { time } = this.#of(partition);
    if (time.earliestMs() === undefined) await this.#look(partition);
    return time.earliestMs()!;
  }

  /** Monotonic time of this node, in milliseconds. */
  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  #of(partition: Partition): Known {
    return this.#known[partition]!;
  }

  /** Learns what every script tells. */
  async #look(partition: Partition): Promise<void> {
    const { meta } = this.keys(partition);
    await this.ask(partition, { script: partitionScripts.covering, keys: [meta, meta, meta], args: [] });
  }

  async #read(partition: Partition, keys: readonly string[]): Promise<ReadStrings | undefined> {
    const known = this.#of(partition);
    const sentAtMs = this.#clock.monotonicMs();
    const { answer, server } = await this.#link.run('commands', { keys: [known.keys.meta, ...keys] });
    const [meta, ...strings] = answer as (Buffer | undefined)[];
    const { chain, time } = known;
    const serverMs = this.#stoppedAtMs?.() ?? time.latestMs(server, sentAtMs);
    if (!(meta instanceof Buffer) || serverMs === undefined) return undefined;
    if (readEpoch(meta, NUMBER_BYTES) !== chain?.epoch) return undefined;
    const nowMs = serverMs + this.#timeOffsetMs();
    const life = meta.subarray(POSITION_BYTES, POSITION_BYTES + EPOCH_BYTES);
    return { told: { chain, head: readNumber(meta, 0), nowMs, server }, life, strings };
  }

  async #run(
    partition: Partition,
    { script, keys, args, lane = 'commands' }: PartitionCall,
  ): Promise<Reply | undefined> {
    const known = this.#of(partition);
    const { chain, epoch } = known;
    const offsetMs = this.#timeOffsetMs();
    const stopped = this.#stoppedAtMs === undefined ? NOTHING : packNumber(this.#stoppedAtMs());
    const sentAtMs = this.#clock.monotonicMs();
    const asked = Buffer.concat([packNumber(offsetMs), epoch, stopped]);
    const { answer, server } = await this.#link.run(lane, { script, keys, args: [asked, ...args] });
    const reply = readReply(answer, server, chain);
    if (reply === undefined) return undefined;
    known.time.learn(server, reply.told.nowMs - offsetMs, sentAtMs);
    if (reply.told.chain !== known.chain) {
      known.chain = reply.told.chain;
      known.epoch = Buffer.from(reply.told.chain.epoch, 'hex');
    }
    return reply;
  }
}
