import type { RedisStoreOptions } from '../../src/store/redis/redis-store-options.ts';
import type { TieredStoreParts } from '../../src/store/tiered/tiered-store.ts';
import { put } from '../suite/store/store-harness.ts';
import { freshPrefix, type TieredOptions } from './open-tiered-store.ts';
import { openPair, type RedisPair } from './redis/pair.ts';
import { isHeld, openStoreNode, type StoreNode, textAt, untilPermitted } from './store-node.ts';
import { until } from './until.ts';

/** Two nodes over a primary that will be lost with what it took last. */
export interface PairNodes extends AsyncDisposable {
  readonly pair: RedisPair;
  readonly a: StoreNode;
  readonly b: StoreNode;
  /** What their names in Redis begin with. */
  readonly prefix: string;
}

// Permits outlast the switch, so that what leaves L1 leaves it for the history's sake.
const TIERED: Partial<TieredStoreParts> = { heartbeatMs: 50, maxLagMs: 10_000 };

/** What a test may put in place of the default. */
export interface PairNodesOptions {
  /** Puts something between a node and Redis. */
  readonly wrapA?: TieredOptions['wrap'];
  readonly wrapB?: TieredOptions['wrap'];
  readonly tiered?: Partial<TieredStoreParts>;
  readonly redis?: Partial<RedisStoreOptions>;
}

/** Starts the servers and opens the nodes. */
export async function openPairNodes({ wrapA, wrapB, tiered, redis = {} }: PairNodesOptions = {}): Promise<PairNodes> {
  await using opening = new AsyncDisposableStack();
  const pair = opening.use(await openPair());
  const options = { prefix: freshPrefix(pair.rig), redis, tiered: { ...TIERED, ...tiered } };
  const open = async (wrap: TieredOptions['wrap']): Promise<StoreNode> =>
    opening.use(await openStoreNode(pair.rig, { ...options, ...(wrap === undefined ? {} : { wrap }) }));
  const [a, b] = [await open(wrapA), await open(wrapB)];
  const owned = opening.move();
  return { pair, a, b, prefix: options.prefix, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Sets a key and waits until each node holds that value in L1. */
export async function putAndHold(
  nodes: readonly StoreNode[],
  key: string,
  value: string,
  tags: readonly string[] = [],
) {
  const applied = await put(nodes[0]!.store, key, { value: Buffer.from(value), tags });
  for (const node of nodes) {
    await untilPermitted(node);
    await until(async () => (await textAt(node, key)) === value && isHeld(node, key), { what: `${key} in L1` });
  }
  return applied;
}
