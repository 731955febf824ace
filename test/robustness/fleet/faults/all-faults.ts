import type { RedisShape } from '../../../support/redis/rig.ts';
import { failoverFaults } from './failover-faults.ts';
import type { Fault } from './fault.ts';
import { nodeFaults } from './node-faults.ts';
import { redisFaults } from './redis-faults.ts';
import { slotsMoved } from './slots-moved.ts';

const all: readonly Fault[] = [...nodeFaults, ...redisFaults, ...failoverFaults, slotsMoved];

/** Returns what can go wrong on a rig of a shape. */
export function faultsOf(shape: RedisShape): readonly Fault[] {
  return all.filter(({ shapes }) => shapes.includes(shape));
}
