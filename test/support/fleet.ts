import { type Client, credentials, Client as GrpcClient } from '@grpc/grpc-js';
import xxhash from 'xxhash-wasm';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { type Config, defaultConfig, type FleetConfig } from '../../src/config/config.ts';
import { Lru } from '../../src/policy/lru.ts';
import { startServer } from '../../src/server/start-server.ts';
import { openLink } from '../../src/store/redis/open-link.ts';
import { openRedisControlDocuments } from '../../src/store/redis/redis-control-documents.ts';
import { RedisPartitionStore } from '../../src/store/redis/redis-partition-store.ts';
import type { RedisStoreOptions } from '../../src/store/redis/redis-store-options.ts';
import { parseRedisUrl } from '../../src/store/redis/redis-url.ts';
import { TieredStore } from '../../src/store/tiered/tiered-store.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { type CacheCalls, cacheCalls } from './cache-calls.ts';
import { call } from './call.ts';
import { type NodeLanes, promptLanes, throughLanes } from './faulty-partitions.ts';
import { freshPrefix, PATIENCE_MS } from './open-tiered-store.ts';
import type { RedisRig } from './redis/rig.ts';
import { openStandalone } from './redis/standalone.ts';
import { roomyChannel, type TestServer } from './test-server.ts';

/** What a test may put in place of the default. */
export interface FleetOptions {
  /** Default: 3. */
  readonly nodes?: number;
  /** Belongs to the test. Default: a Redis of the fleet's own. */
  readonly rig?: RedisRig;
  readonly redis?: Partial<Pick<RedisStoreOptions, 'partitions' | 'spread' | 'limits'>>;
  /** Milliseconds. Default: 5000, so that no node loses sight of Redis while others keep the process busy. */
  readonly maxLagMs?: number;
  /** Milliseconds. Default: 250. */
  readonly heartbeatMs?: number;
  /** Milliseconds of silence that open a node's breaker. Default: the lag, for the same reason. */
  readonly silenceMsMax?: number;
}

/** A complete server of a fleet in this process, with a client of its own and a way to Redis that the test can disturb. */
export interface FleetNode extends Pick<TestServer, 'address' | 'client' | 'call'> {
  readonly store: TieredStore;
  readonly lanes: NodeLanes;
  /** Calls of the namespace `default`. */
  readonly cache: CacheCalls;
  /** Answers what is under way and stops, as a restart does. May be called again. */
  stop(): Promise<void>;
}

/** Nodes over one Redis; `await using` stops all. */
export interface Fleet extends AsyncDisposable {
  readonly rig: RedisRig;
  readonly nodes: readonly FleetNode[];
  /** Starts one more. */
  add(): Promise<FleetNode>;
}

/** The nodes of a fleet of three. */
export type Three = readonly [FleetNode, FleetNode, FleetNode];

/** Starts a fleet. */
export async function openFleet(options: FleetOptions = {}): Promise<Fleet> {
  await using opening = new AsyncDisposableStack();
  const rig = options.rig ?? opening.use(await openStandalone());
  const prefix = freshPrefix(rig);
  const nodes: FleetNode[] = [];
  const add = async (): Promise<FleetNode> => {
    const node = await startNode(rig, prefix, `node-${nodes.length + 1}`, options);
    owned.defer(() => node.stop());
    nodes.push(node);
    return node;
  };
  let owned: AsyncDisposableStack = opening;
  for (let count = options.nodes ?? 3; count > 0; count--) await add();
  owned = opening.move();
  return { rig, nodes, add, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Starts a fleet of three. */
export async function openThree(options: FleetOptions = {}): Promise<Fleet & { readonly nodes: Three }> {
  const fleet = await openFleet({ ...options, nodes: 3 });
  return fleet as Fleet & { readonly nodes: Three };
}

async function startNode(rig: RedisRig, prefix: string, nodeName: string, options: FleetOptions): Promise<FleetNode> {
  const { maxLagMs = 5000, heartbeatMs = 250 } = options;
  const lanes = promptLanes();
  const { store, documents } = await openNodeStore(rig, prefix, { ...options, maxLagMs, heartbeatMs, nodeName }, lanes);
  const config = configOf({ redisUrl: rig.url, redisPrefix: prefix, maxLagMs, heartbeatMs });
  const expireDue = (): void => void store.expireDue(1000);
  const parts = { clock: systemClock, random: systemRandom, log: silentLog };
  const server = await startServer({ ...parts, config, store, documents, expireDue, availability: store.availability });
  const address = `127.0.0.1:${server.port}`;
  const client = clientOf(address);
  const calls: Pick<FleetNode, 'call'> = { call: (method, request, calling) => call(client, method, request, calling) };
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    stopped ??= server.drain();
    await stopped;
    client.close();
    for (const lane of Object.values(lanes)) lane.release();
  };
  return { address, client, ...calls, store, lanes, cache: cacheCalls(calls), stop };
}

/** As `openFleet` of src/cli does it, with lanes between the node and Redis. */
async function openNodeStore(
  rig: RedisRig,
  prefix: string,
  {
    redis,
    maxLagMs,
    heartbeatMs,
    silenceMsMax = maxLagMs,
    nodeName,
  }: FleetOptions & { maxLagMs: number; heartbeatMs: number; nodeName: string },
  lanes: NodeLanes,
) {
  const machine = { clock: systemClock, random: systemRandom };
  const placement = { partitions: 1, spread: 1, ...redis };
  const patience = { commandTimeoutMs: PATIENCE_MS };
  const link = await openLink({ ...machine, url: parseRedisUrl(rig.url), ...patience }, PATIENCE_MS);
  const documents = await openRedisControlDocuments({ ...machine, link, prefix, partitions: placement.partitions });
  const partitions = new RedisPartitionStore({ ...machine, link, prefix, ...patience, ...placement });
  const { h64: hash } = await xxhash();
  const makePolicy = (slotCount: number): Lru => new Lru(slotCount);
  const breaker = { silenceMsMax };
  const tiered = { ...machine, nodeName, hash, makePolicy, maxLagMs, heartbeatMs, breaker, onFailure: () => {} };
  return { documents, store: new TieredStore({ ...tiered, partitions: throughLanes(partitions, lanes) }) };
}

function configOf(given: Pick<FleetConfig, 'redisUrl' | 'redisPrefix' | 'maxLagMs' | 'heartbeatMs'>): Config {
  const redisTls = { caFile: undefined, certFile: undefined, keyFile: undefined, serverName: undefined };
  const none = { redisPasswordFile: undefined, sentinelLogin: undefined, spoolDir: undefined, auditPerSecond: 0 };
  const fleet: FleetConfig = { ...given, ...none, redisTls };
  return { ...defaultConfig, listen: { host: '127.0.0.1', port: 0 }, opsListen: 'off', drainMs: 2000, fleet };
}

function clientOf(address: string): Client {
  const own = { ...roomyChannel, 'grpc.use_local_subchannel_pool': 1 };
  return new GrpcClient(address, credentials.createInsecure(), own);
}
