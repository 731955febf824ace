import { type ClusterRig, openCluster } from './cluster.ts';
import type { RedisRig, RedisShape, RigOptions } from './rig.ts';
import { openSentinel, type SentinelRig } from './sentinel.ts';
import { openStandalone } from './standalone.ts';

/** The rig of each shape. */
export interface RigOfShape {
  readonly standalone: RedisRig;
  readonly sentinel: SentinelRig;
  readonly cluster: ClusterRig;
}

const openers: { readonly [S in RedisShape]: (options: RigOptions) => Promise<RigOfShape[S]> } = {
  standalone: openStandalone,
  sentinel: openSentinel,
  cluster: openCluster,
};

/** Starts real Redis servers of a shape; resolves when they serve and replicate. */
export function openRig<S extends RedisShape>(shape: S, options: RigOptions = {}): Promise<RigOfShape[S]> {
  return openers[shape](options);
}
