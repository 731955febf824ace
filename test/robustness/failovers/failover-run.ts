import { systemClock } from '../../../src/base/clock.ts';
import { partitionTags } from '../../../src/store/redis/partition-tags.ts';
import type { RedisPartitionStore } from '../../../src/store/redis/redis-partition-store.ts';
import { homeIn, LATEST, refOf, textOf } from '../../suite/store/store-harness.ts';
import { freshPrefix, openPartitions } from '../../support/open-tiered-store.ts';
import type { RedisProcess } from '../../support/redis/redis-process.ts';
import type { FailoverKind, FailoverRig } from '../../support/redis/rig.ts';
import { until } from '../../support/until.ts';
import { type LinkProbe, openLinkProbe } from './link-probe.ts';
import { judgeLosses } from './losses.ts';
import { openTestedNode, type TestedNode } from './tested-node.ts';
import { untilAnswered } from './until-answered.ts';
import { type Acknowledged, Writer } from './writer.ts';

const NODES = 2;
const WRITERS_EACH = 4;

/** Milliseconds after the switch from which on a client that is not usable counts as wedged. */
export const WEDGED_MS = 30_000;

// A Sentinel that took part in a failover waits for twice its failover-timeout before it begins another.
const SENTINEL_REST_MS = 10_500;

/** What one failover did. Times in milliseconds. */
export interface FailoverFigures {
  /** What was not usable again, in words; empty if all was. */
  readonly wedged: readonly string[];
  /** Times that Redis moved the primary once more by itself, while the clients were waited for. */
  readonly movedAgain: number;
  /** From the fault to the new primary, in the opinion of all that answer. */
  readonly switchMs: number;
  /** From there until every connection of every client was usable. */
  readonly readyMs: number;
  /** The longest time without an acknowledged write of any writer. */
  readonly resumedMs: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly untold: number;
  readonly wronglyRefused: number;
}

/** Clients that write all the time, to be watched through failovers; `await using` closes them. */
export class FailoverRun implements AsyncDisposable {
  readonly #rig: FailoverRig;
  readonly #prefix: string;
  readonly #nodes: readonly TestedNode[];
  readonly #writers: readonly Writer[];
  readonly #probes = new Map<string, readonly LinkProbe[]>();
  readonly #lostOf = new Map<string, number>();
  /** Writes that the last round found kept: the next one looks again, since a busy Redis fails over by itself, too. */
  #kept: readonly Acknowledged[] = [];
  #round = 0;
  #restedAtMs = 0;

  private constructor(rig: FailoverRig, prefix: string, nodes: readonly TestedNode[]) {
    this.#rig = rig;
    this.#prefix = prefix;
    this.#nodes = nodes;
    const names = Array.from({ length: WRITERS_EACH }, (_, index) => index);
    this.#writers = nodes.flatMap(({ store }, node) => names.map((name) => new Writer(store, `${node} ${name}`)));
  }

  /** Opens the clients over a rig, and begins to write. */
  static async open(rig: FailoverRig): Promise<FailoverRun> {
    const prefix = freshPrefix(rig);
    const nodes: TestedNode[] = [];
    while (nodes.length < NODES) nodes.push(await openTestedNode(rig, prefix));
    return new FailoverRun(rig, prefix, nodes);
  }

  /** Takes a primary away, waits until all is well with the next one, heals the rig, and judges. Fails if the rig does. */
  async failOver(kind: FailoverKind): Promise<FailoverFigures> {
    const place = await this.#nextPlace();
    const probes = await this.#probesAt(place);
    const restedAtMs = this.#restedAtMs;
    await until(() => systemClock.monotonicMs() >= restedAtMs, { withinMs: 2 * SENTINEL_REST_MS, what: 'the rest' });
    await this.#untilWritten(systemClock.monotonicMs());
    for (const writer of this.#writers) writer.watchGap();
    const faultMs = systemClock.monotonicMs();
    const primary = await this.#rig.failOver(kind, place);
    const switchedMs = systemClock.monotonicMs();
    if (this.#rig.shape === 'sentinel') this.#restedAtMs = switchedMs + SENTINEL_REST_MS;
    const back = await this.#untilBack(place, probes, switchedMs, primary);
    const resumedMs = Math.max(...this.#writers.map(({ gapMs }) => gapMs));
    await this.#rig.heal();
    return { switchMs: switchedMs - faultMs, resumedMs, ...back, ...(await this.#judge()) };
  }

  /** Stops the writers and compares each counter with what its caller knows. Returns the differences, in words. */
  async miscounts(): Promise<string[]> {
    await Promise.all(this.#writers.map((writer) => writer.stop()));
    await this.#judge();
    const complaints: string[] = [];
    for (const { counter, counted } of this.#writers) {
      const { entry } = await untilAnswered(() => this.#nodes[0]!.store.read(refOf(counter), LATEST));
      const lost = this.#lostOf.get(counter) ?? 0;
      const value = Number(textOf(entry?.value) ?? 0);
      if (value !== counted - lost) complaints.push(`${counter} is ${value}: ${counted} acknowledged, ${lost} lost`);
    }
    return complaints;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#writers.map((writer) => writer.stop()));
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
  }

  async #untilBack(
    place: string,
    probes: readonly LinkProbe[],
    switchedMs: number,
    primary: RedisProcess,
  ): Promise<Pick<FailoverFigures, 'wedged' | 'movedAgain' | 'readyMs'>> {
    const server = await runIdOf(primary);
    const waits = probes.map((probe) => probe.untilUsable(server, switchedMs, WEDGED_MS));
    const ends = await Promise.allSettled([...waits, this.#untilWritten(switchedMs).then(() => 0)]);
    const wedged = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
    const readyMs = Math.max(...ends.map((end) => (end.status === 'fulfilled' ? end.value : 0)));
    const now = await this.#rig.primary(place);
    if (wedged.length === 0 || now === primary) return { wedged, readyMs, movedAgain: 0 };
    const again = await this.#untilBack(place, probes, systemClock.monotonicMs(), now);
    return { ...again, movedAgain: again.movedAgain + 1 };
  }

  // On a cluster, by turns the primaries of the writers' keys.
  async #nextPlace(): Promise<string> {
    const { key } = this.#writers[this.#round++ % this.#writers.length]!;
    const { store } = this.#nodes[0]!;
    const { moment } = await untilAnswered(() => store.read(refOf(key), LATEST));
    const tags = partitionTags(this.#rig.shape === 'cluster' ? 256 : 1);
    return `${this.#prefix}{${tags[homeIn(store, moment)]}}:probe`;
  }

  async #probesAt(place: string): Promise<readonly LinkProbe[]> {
    const known = this.#probes.get(place);
    if (known !== undefined) return known;
    const probes = await Promise.all(this.#nodes.map(({ link }) => openLinkProbe(link, place)));
    this.#probes.set(place, probes);
    return probes;
  }

  async #untilWritten(sinceMs: number): Promise<void> {
    const written = (): boolean => this.#writers.every(({ wroteMs }) => wroteMs > sinceMs);
    await until(written, { withinMs: WEDGED_MS, what: 'writes of every client' });
  }

  async #judge(): Promise<Pick<FailoverFigures, 'acknowledged' | 'lost' | 'untold' | 'wronglyRefused'>> {
    await Promise.all(this.#nodes.map(({ store }) => store.caughtUp()));
    const acknowledged = this.#writers.flatMap((writer) => writer.take());
    const opening = (): Promise<RedisPartitionStore> => openPartitions(this.#rig, { prefix: this.#prefix });
    const primaries = await untilAnswered(opening);
    try {
      const { lost, untold, wronglyRefused } = await judgeLosses(
        [...this.#kept, ...acknowledged],
        primaries,
        this.#nodes,
      );
      this.#kept = acknowledged.filter((write) => !lost.includes(write));
      for (const { key } of lost) this.#lostOf.set(key, (this.#lostOf.get(key) ?? 0) + 1);
      return { acknowledged: acknowledged.length, lost: lost.length, untold, wronglyRefused };
    } finally {
      await primaries.close();
    }
  }
}

async function runIdOf(server: RedisProcess): Promise<string> {
  return /(?<=run_id:)\w+/.exec(String(await server.command('INFO', 'server')))![0];
}
