import { LINK_DEFAULTS } from '../../src/store/redis/link-options.ts';
import { openPartitions, type TieredOptions } from './open-tiered-store.ts';
import { type CutProxy, openCutProxy } from './redis/cut-proxy.ts';
import type { RedisRig } from './redis/rig.ts';
import { rigUrlThrough } from './redis/rig-url.ts';
import { openStoreNode, type StoreNode } from './store-node.ts';
import { replaceParts } from './wrap-partitions.ts';

/** What the connections of a node lead through. */
export interface Lanes {
  readonly commands: CutProxy;
  readonly heartbeat: CutProxy;
  readonly doorbell: CutProxy;
}

/** A node of which single connections can be cut. */
export interface LanedNode extends StoreNode {
  readonly lanes: Lanes;
}

// What is tested with lanes is how long the product itself waits.
const { commandTimeoutMs } = LINK_DEFAULTS;

/** Opens a node over one server, whose connections lead through a proxy for each purpose. */
export async function openLanedNode(rig: RedisRig, { prefix, tiered }: TieredOptions): Promise<LanedNode> {
  await using opening = new AsyncDisposableStack();
  const open = async (): Promise<CutProxy> => opening.use(await openCutProxy(rig.servers[0]!.port));
  const lanes = { commands: await open(), heartbeat: await open(), doorbell: await open() };
  const through = ({ port }: CutProxy): RedisRig => ({ ...rig, url: rigUrlThrough(rig, [port]) });
  const hearts = await openPartitions(through(lanes.heartbeat), { prefix, commandTimeoutMs });
  opening.defer(() => hearts.close());
  const bells = await openPartitions(through(lanes.doorbell), { prefix, commandTimeoutMs });
  opening.defer(() => bells.close());
  const node = await openStoreNode(through(lanes.commands), {
    prefix,
    commandTimeoutMs,
    tiered: { breaker: {}, ...tiered },
    wrap: (partitions) =>
      replaceParts(partitions, { beat: hearts.beat.bind(hearts), listen: bells.listen.bind(bells) }),
  });
  opening.use(node);
  const owned = opening.move();
  return { ...node, lanes, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
