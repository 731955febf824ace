import { streamEncoder } from '../../../src/api/stream-encoder.ts';
import type { Namespace } from '../../../src/cache/namespace.ts';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Partition } from '../../../src/cache/rules/position.ts';
import { TokenSealer } from '../../../src/cache/token-sealer.ts';
import { InvalidationHub } from '../../../src/invalidation/invalidation-hub.ts';
import type { Change, NamespaceId } from '../../../src/store/store.ts';
import { type Listener, type ListenerWish, listen, namespaceOf } from '../hub-world.ts';
import { ManualClock } from '../manual-clock.ts';
import { SeededRandom } from '../seeded-random.ts';
import { LaggingNode } from './lagging-node.ts';
import { SharedLog } from './shared-log.ts';

/** A node of the fleet. */
export interface FleetNode {
  readonly store: LaggingNode;
  readonly hub: InvalidationHub;
}

/** Where the namespaces of a fleet live. */
export interface FleetShape {
  /** Default 2. */
  readonly partitions?: number;
  /** Default 1. */
  readonly nodes?: number;
  /** Partitions of the namespaces, the first namespace being the one that is meant by default. Default: one on all. */
  readonly homes?: readonly (readonly Partition[])[];
  /** Partitions that no node follows at first. */
  readonly later?: readonly Partition[];
}

/** Hubs of several nodes over doubles of their stores, which follow one shared log on a manual clock. */
export interface FleetWorld {
  readonly log: SharedLog;
  readonly clock: ManualClock;
  readonly nodes: readonly FleetNode[];
  readonly namespaces: readonly Namespace[];
  /** Starts the hub of a node anew. */
  reopen(node: FleetNode): Promise<FleetNode>;
  subscribe(wish?: ListenerWish, where?: { readonly node?: FleetNode; readonly namespace?: Namespace }): Listener;
  /** Appends a SET to the log of a partition. */
  set(partition: Partition, key?: string, namespace?: Namespace): Change;
  /** Lets all nodes follow all logs to their ends. */
  catchUp(): void;
  /** Returns what a token says. */
  momentOf(token: string): Moment;
  /** Returns the token of a moment, as any answer would give it. */
  tokenOf(moment: Moment, namespace?: Namespace): string;
}

/** Makes a fleet whose logs are empty. */
export async function openFleetWorld(shape: FleetShape = {}): Promise<FleetWorld> {
  const { partitions = 2, nodes = 1, later = [] } = shape;
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const { homes = [all] } = shape;
  const log = new SharedLog(partitions);
  const clock = new ManualClock();
  const random = new SeededRandom(2);
  const tokens = new TokenSealer(Buffer.alloc(32, 7), 'deployment', random);
  const namespaces = homes.map((_, index) => namespaceOf(`${index + 1}`.padStart(16, '0') as NamespaceId, clock));
  const placement = new Map(namespaces.map(({ id }, index) => [id, homes[index]!]));
  const onChange = (): void => undefined;
  const openNode = async (store: LaggingNode): Promise<FleetNode> => {
    return {
      store,
      hub: await InvalidationHub.open({ store, clock, random, tokens, encoder: streamEncoder(), onChange }),
    };
  };
  const opened = Array.from({ length: nodes }, () => {
    const store = new LaggingNode(log, placement);
    for (const partition of all) if (!later.includes(partition)) store.follow(partition);
    return openNode(store);
  });
  const world: FleetWorld = {
    log,
    clock,
    namespaces,
    nodes: await Promise.all(opened),
    reopen: ({ store }: FleetNode) => openNode(store),
    subscribe: (wish: ListenerWish = {}, { node = world.nodes[0]!, namespace = namespaces[0]! } = {}) =>
      listen(node.hub, namespace, wish),
    set: (partition: Partition, key = 'k', { id } = namespaces[0]!) => log.set({ namespaceId: id, partition, key }),
    catchUp: () => {
      for (const { store } of world.nodes) for (const partition of all) store.catchUp(partition);
    },
    momentOf: (token: string) => tokens.open(token)!.positions,
    tokenOf: (positions: Moment, { id } = namespaces[0]!) =>
      tokens.seal({ namespaceId: id, givenAtMs: clock.nowMs(), positions }),
  };
  return world;
}
