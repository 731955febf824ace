import { OperatingError } from '../../../../src/base/operating-error.ts';
import { type EpochChain, effectiveNumber } from '../../../../src/cache/rules/epoch-chain.ts';
import type { PartitionStore } from '../../../../src/store/partition-store.ts';
import { until } from '../../../support/until.ts';
import type { SeenChain, SeenChange } from './fleet-history.ts';

/** Changes that one question asks for. */
const PAGE = 2000;
/** Looks without an answer after which the log can't be told to be whole. */
const LOOKS_BETWEEN = 40;

interface Followed {
  chain: EpochChain | undefined;
  number: number;
  askedMs: number;
}

/** Reads the log of every partition of a namespace from Redis, all the time, past nodes and faults. */
export class LogObserver {
  readonly log: SeenChange[] = [];
  readonly chains: SeenChain[] = [];
  readonly #partitions: PartitionStore;
  readonly #followed: ReadonlyMap<number, Followed>;
  readonly #nowMs: () => number;
  readonly #known = new Set<string>();
  #stopped = false;
  #running: Promise<unknown> = Promise.resolve();

  /** @param partitions its own way to Redis; closed by `close` */
  constructor(partitions: PartitionStore, numbers: readonly number[], nowMs: () => number) {
    this.#partitions = partitions;
    this.#nowMs = nowMs;
    this.#followed = new Map(
      numbers.map((partition) => [partition, { chain: undefined, number: 0, askedMs: Number.NEGATIVE_INFINITY }]),
    );
  }

  /** Reads from now on until it is closed. */
  start(): void {
    this.#running = this.#run();
  }

  /** Reads all that is there now. */
  async catchUp(): Promise<void> {
    for (const partition of this.#followed.keys()) {
      await until(() => this.#look(partition), { withinMs: 20_000, what: `the log of partition ${partition}` });
    }
  }

  /** Ends reading. */
  async close(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#partitions.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await Promise.all([...this.#followed.keys()].map((partition) => this.#look(partition)));
      let looks = 0;
      await until(() => this.#stopped || looks++ > LOOKS_BETWEEN);
    }
  }

  /** Returns false if there was no answer, or an old one, or there may be more. */
  async #look(partition: number): Promise<boolean> {
    const followed = this.#followed.get(partition)!;
    const askedMs = this.#nowMs();
    try {
      const { chain, changes, head } = await this.#partitions.changesSince(partition, followed.number, PAGE);
      if (!this.#follow(partition, followed, chain, askedMs)) return false;
      for (const change of changes) {
        followed.number = Math.max(followed.number, change.position.number);
        const name = `${change.position.epoch}-${change.position.number}`;
        if (this.#known.has(name)) continue;
        this.#known.add(name);
        this.log.push({ change, seenMs: this.#nowMs() });
      }
      return followed.number >= head;
    } catch (failure) {
      if (!(failure instanceof OperatingError)) throw failure;
      return false;
    }
  }

  /** Returns false if the page is of another history than was asked for: it is asked again. */
  #follow(partition: number, followed: Followed, chain: EpochChain, askedMs: number): boolean {
    const before = followed.chain;
    if (chain.epoch === before?.epoch) {
      followed.askedMs = askedMs;
      return true;
    }
    // A server that was deposed, or is empty and has not begun a history.
    if ((chain.epoch as string) === '' || this.#isOlder(partition, chain)) return false;
    this.chains.push({ partition, chain, seenMs: this.#nowMs(), notBeforeMs: followed.askedMs });
    const shared = before && effectiveNumber(chain, { epoch: before.epoch, number: followed.number });
    followed.chain = chain;
    const asked = followed.number;
    followed.number = shared ?? 0;
    return followed.number === asked;
  }

  #isOlder(partition: number, chain: EpochChain): boolean {
    return this.chains.some((seen) => seen.partition === partition && seen.chain.epoch === chain.epoch);
  }
}
