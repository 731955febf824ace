import { partitionScripts } from '../../../src/store/redis/partition-scripts.ts';
import { openCutProxy } from '../../support/redis/cut-proxy.ts';
import { rigUrlThrough } from '../../support/redis/rig-url.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../../support/server-process.ts';

/** Nodes that lose answers of Redis; `await using` ends all. */
export interface LossyFleet extends AsyncDisposable {
  readonly nodes: readonly ServerProcess[];
  /** Loses this share of the answers to writes, each with its connection and what else was under way on it. */
  lose(share: number): void;
  /** Loses nothing any more. */
  pass(): Promise<void>;
  /** How many answers were lost. */
  readonly lost: number;
  /** The number of the newest change in Redis: one more for each that was applied. */
  head(): Promise<number>;
}

// A start takes a second of CPU, and others may want it, too.
const START_WITHIN_MS = 60_000;

/** Starts a Redis, a proxy in front of it, and nodes in processes of their own that reach Redis through the proxy. */
export async function startLossyFleet(count: number, random: SeededRandom): Promise<LossyFleet> {
  await using opening = new AsyncDisposableStack();
  const redis = opening.use(await openStandalone());
  const [server] = redis.servers;
  const proxy = opening.use(await openCutProxy(server!.port));
  const flags = ['--redis', rigUrlThrough(redis, [proxy.port])];
  const nodes: ServerProcess[] = [];
  while (nodes.length < count)
    nodes.push(opening.use(await startServerProcess({ flags, startWithinMs: START_WITHIN_MS })));
  const owned = opening.move();
  const { sha1 } = partitionScripts.write;
  return {
    nodes,
    lose: (share) => proxy.dropRepliesTo((requests) => requests.includes(sha1) && random.chance(share)),
    pass: () => proxy.pass(),
    get lost() {
      return proxy.repliesDropped;
    },
    head: async () => {
      const [newest] = (await server!.command('XREVRANGE', 'reprise:{0}:log', '+', '-', 'COUNT', 1)) as [[string]];
      return Number(newest[0].split('-')[0]);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
