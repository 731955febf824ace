import { readFileSync } from 'node:fs';
import xxhash from 'xxhash-wasm';
import { systemClock } from '../../../../src/base/clock.ts';
import { systemRandom } from '../../../../src/base/random.ts';
import { TokenSealer } from '../../../../src/cache/token-sealer.ts';
import { openLink } from '../../../../src/store/redis/open-link.ts';
import { openRedisControlDocuments } from '../../../../src/store/redis/redis-control-documents.ts';
import { parseRedisUrl } from '../../../../src/store/redis/redis-url.ts';
import type { NamespaceId } from '../../../../src/store/store.ts';
import { Placement } from '../../../../src/store/tiered/placement.ts';
import { cacheCalls } from '../../../support/cache-calls.ts';
import { openPartitions } from '../../../support/open-tiered-store.ts';
import { openRig } from '../../../support/redis/open-rig.ts';
import type { FailoverRig, RedisRig, RedisShape } from '../../../support/redis/rig.ts';
import type { SentinelRig } from '../../../support/redis/sentinel.ts';
import { until } from '../../../support/until.ts';
import { FleetRecorder } from '../history/fleet-recorder.ts';
import { LogObserver } from '../history/log-observer.ts';
import { FleetNode } from './fleet-node.ts';

/** What a run may have in place of the default. */
export interface WorldOptions {
  readonly shape: RedisShape;
  /** A restarted Redis has its data. Default: it is empty. */
  readonly save?: boolean;
  /** Modules that break something in every node. Default: none. */
  readonly defects?: readonly URL[];
  /** Default: 3. */
  readonly nodes?: number;
}

/** The bound that nodes are started with, in milliseconds. */
export const MAX_LAG_MS = 1000;

/** Milliseconds after which a fleet that nothing disturbs any more must serve. A bound, not a measure. */
const HEALED_WITHIN_MS = 60_000;

/** Real nodes over real Redis servers, each with ways to them of its own, and who writes down what happens. */
export class FleetWorld implements AsyncDisposable {
  readonly shape: RedisShape;
  readonly rig: RedisRig;
  readonly nodes: readonly FleetNode[];
  readonly recorder: FleetRecorder;
  readonly observer: LogObserver;
  readonly placement: Placement;
  readonly namespaceId: NamespaceId;
  readonly #owned: AsyncDisposableStack;
  /** Nodes that a fault has in its hands. */
  readonly held = new Set<number>();

  private constructor(
    parts: Pick<FleetWorld, 'rig' | 'nodes' | 'recorder' | 'observer' | 'placement' | 'namespaceId'>,
    owned: AsyncDisposableStack,
  ) {
    this.shape = parts.rig.shape;
    this.rig = parts.rig;
    this.nodes = parts.nodes;
    this.recorder = parts.recorder;
    this.observer = parts.observer;
    this.placement = parts.placement;
    this.namespaceId = parts.namespaceId;
    this.#owned = owned;
  }

  /** Starts everything; resolves when all nodes serve. */
  static async open({ shape, save = false, defects = [], nodes: count = 3 }: WorldOptions): Promise<FleetWorld> {
    await using opening = new AsyncDisposableStack();
    const rig = opening.use(await openRig(shape, { save }));
    const options = { flags: flagsOf(rig), redisPorts: portsOf(rig), defects };
    const nodes: FleetNode[] = [];
    for (let index = 0; index < count; index++) nodes.push(opening.use(await FleetNode.start({ ...options, index })));
    const recorder = new FleetRecorder(await tokensOf(rig));
    const namespaceId = await namespaceOf(nodes[0]!, recorder);
    const { partitions, spread } = shapeNumbers(shape);
    const placement = new Placement(partitions, spread, (await xxhash()).h64);
    const observed = await openPartitions(rig, { prefix: rig.prefix });
    const observer = new LogObserver(observed, placement.partitionsOf(namespaceId), systemClock.monotonicMs);
    opening.defer(() => observer.close());
    observer.start();
    return new FleetWorld({ rig, nodes, recorder, observer, placement, namespaceId }, opening.move());
  }

  /** Monotonic milliseconds: the one clock of the history. */
  nowMs(): number {
    return systemClock.monotonicMs();
  }

  /** The rig, where replicas can take over. */
  get failover(): FailoverRig {
    return this.rig as FailoverRig;
  }

  /** Waits until every node reads and writes. */
  async untilServing(): Promise<void> {
    for (const node of this.nodes) {
      const serves = async (): Promise<boolean> => {
        const { set, get } = cacheCalls(node.process);
        return await set('healed', 'yes')
          .then(() => get('healed', LATEST))
          .then(
            () => true,
            () => false,
          );
      };
      await until(serves, { withinMs: HEALED_WITHIN_MS, what: `node ${node.index} serving again` });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

const LATEST = { consistency: { level: { $case: 'latest', value: {} } } } as const;

/** Returns how many partitions a fleet of a shape has, and a namespace of it. */
export function shapeNumbers(shape: RedisShape): { readonly partitions: number; readonly spread: number } {
  return shape === 'cluster' ? { partitions: 256, spread: 16 } : { partitions: 1, spread: 1 };
}

function flagsOf({ url }: RedisRig): string[] {
  return ['--redis', url, '--max-lag', `${MAX_LAG_MS}ms`, '--capacity', '64MiB', '--drain', '1s'];
}

/** All ports that a node may be led to: data, and Sentinels. */
function portsOf(rig: RedisRig): number[] {
  const sentinels = rig.shape === 'sentinel' ? (rig as SentinelRig).sentinels : [];
  return [...rig.servers, ...sentinels].map(({ port }) => port);
}

async function tokensOf(rig: RedisRig): Promise<TokenSealer> {
  const tls = rig.caFile === undefined ? undefined : { ca: readFileSync(rig.caFile) };
  const link = await openLink({ clock: systemClock, random: systemRandom, url: parseRedisUrl(rig.url), tls });
  const { partitions } = shapeNumbers(rig.shape);
  const parts = { clock: systemClock, random: systemRandom, prefix: rig.prefix, partitions };
  const documents = await openRedisControlDocuments({ ...parts, link });
  const tokens = new TokenSealer(await documents.secret('tokens'), documents.deploymentId, systemRandom);
  await documents.close();
  await link.close();
  return tokens;
}

async function namespaceOf(node: FleetNode, recorder: FleetRecorder): Promise<NamespaceId> {
  let token = '';
  const told = async (): Promise<boolean> => {
    token = await cacheCalls(node.process)
      .stored('healed', 'yes')
      .then((stored) => stored.token)
      .catch(() => '');
    return token !== '';
  };
  await until(told, { withinMs: HEALED_WITHIN_MS, what: 'the first Set' });
  const namespaceId = recorder.namespaceOf(token);
  if (namespaceId === undefined) throw new Error('a token of the fleet does not open');
  return namespaceId as NamespaceId;
}
