import type { RedisShape } from '../../../support/redis/rig.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import type { FleetWorld } from '../workload/fleet-world.ts';

/** Name of something that goes wrong. */
export type FaultKind =
  | 'node killed'
  | 'node stopped'
  | 'node cut off'
  | 'node half open'
  | 'node slow'
  | 'replies lost'
  | 'redis killed'
  | 'redis stopped'
  | 'emptied'
  | 'scripts forgotten'
  | 'eviction'
  | 'failover by kill'
  | 'failover by freeze'
  | 'failover planned'
  | 'tail lost'
  | 'slots moved'
  | 'clock wrong';

/** What a fault did, for the history. */
export interface Struck {
  /** The node it was done to; `undefined` if it was Redis. */
  readonly node?: number;
  /** The node lost its memory. */
  readonly killed?: boolean;
}

/** Something that goes wrong while there is traffic, and is well again when it resolves. */
export interface Fault {
  readonly kind: FaultKind;
  /** Where it can be done. */
  readonly shapes: readonly RedisShape[];
  readonly strike: (world: FleetWorld, random: SeededRandom) => Promise<Struck>;
}
