import { createNamespace, getNamespace } from '../../support/admin-calls.ts';
import { Follower, type FollowerPlace } from '../../support/follower.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';
import { readValues } from '../exactly-once/read-values.ts';
import { type FixedNode, type Restarted, startFixedNode } from './fixed-node.ts';
import { Load } from './load.ts';

const NODES = 3;
const NAMESPACE = 'rolling';

/** Hundreds of streams are opened, perhaps beside other tests. */
const PATIENCE_MS = 60_000;

/** One restart of one node. */
export interface RestartFigures extends Restarted {
  readonly node: number;
  /** How its streams came back. */
  readonly comings: Follower['comings'];
}

/** What rolling restarts did. */
export interface RestartsResult {
  readonly restarts: readonly RestartFigures[];
  readonly followers: readonly Pick<Follower, 'next' | 'resets' | 'broken' | 'cut' | 'comings' | 'complaints'>[];
  readonly load: Pick<Load, 'changers' | 'counts' | 'failures' | 'longestMs' | 'told'>;
  readonly values: ReadonlyMap<string, bigint>;
}

/** Restarts each of three nodes `count` times, one after the other, under calls and with `streams` followers. */
export async function runRestarts(
  count: number,
  { streams, seed }: { readonly streams: number; readonly seed: number },
  onRestart: (figures: RestartFigures) => void,
): Promise<RestartsResult> {
  await using redis = await openStandalone();
  await using nodes = await startNodes(redis.url);
  const clients = nodes.all.map((node) => node.clients[0]!);
  using crowd = followed(nodes.all, streams);
  const { followers } = crowd;
  const following = (): boolean => followers.every((follower) => follower.following);
  await until(following, { withinMs: PATIENCE_MS, what: 'all streams' });
  // Not before: a stream without a token begins with what comes next.
  const load = new Load(clients, new SeededRandom(seed), NAMESPACE);
  const restarts: RestartFigures[] = [];
  while (restarts.length < count * NODES) {
    const node = restarts.length % NODES;
    const before = followers.map(({ comings }) => comings.length);
    const restarted = await nodes.all[node]!.restart();
    await until(following, { withinMs: PATIENCE_MS, what: 'all streams, after a restart' });
    const comings = followers.flatMap((follower, index) => follower.comings.slice(before[index]));
    restarts.push({ node, ...restarted, comings });
    onRestart(restarts.at(-1)!);
  }
  await load.stop();
  const complete = (): boolean => followers.every(({ next }) => next >= load.told);
  await until(complete, { withinMs: PATIENCE_MS, what: 'all changes' });
  return { restarts, followers, load, values: await readValues(clients, load.changers) };
}

async function startNodes(redisUrl: string): Promise<AsyncDisposable & { readonly all: readonly FixedNode[] }> {
  await using opening = new AsyncDisposableStack();
  const all: FixedNode[] = [];
  while (all.length < NODES) all.push(opening.use(await startFixedNode(['--redis', redisUrl])));
  await createNamespace(all[0]!.process, NAMESPACE);
  for (const { process } of all) {
    const known = (): Promise<boolean> =>
      getNamespace(process, NAMESPACE).then(
        () => true,
        () => false,
      );
    await until(known, { what: 'the namespace on every node' });
  }
  const owned = opening.move();
  return { all, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Opens followers that go from node to node; they stop to come back when it is disposed of. */
function followed(
  nodes: readonly FixedNode[],
  count: number,
): Disposable & { readonly followers: readonly Follower[] } {
  let over = false;
  const place: FollowerPlace = {
    namespace: NAMESPACE,
    haste: 1,
    clientFor: (follower, opened) => {
      // Half of them go around the one way, half the other.
      const step = 1 + (Math.floor(follower / nodes.length) % 2);
      const { clients } = nodes[(follower + opened * step) % nodes.length]!;
      return over ? undefined : clients[follower % clients.length];
    },
  };
  const followers = Array.from({ length: count }, (_, index) => new Follower(place, index));
  for (const follower of followers) follower.open();
  return {
    followers,
    [Symbol.dispose]: () => {
      over = true;
    },
  };
}
