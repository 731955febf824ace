import type { RedisShape } from '../../support/redis/rig.ts';
import type { FleetCoverage } from './history/fleet-coverage.ts';
import { leastOfFleet } from './history/fleet-coverage.ts';

/** How a shape is tried. */
export interface ShapeRun {
  readonly shape: RedisShape;
  /** Seconds with faults of one run within the tests, at least. */
  readonly testSeconds: number;
  /** What a run must at least hold. */
  readonly least: FleetCoverage;
}

/** Every shape of Redis that a fleet may run on. */
export const allShapes: readonly ShapeRun[] = [
  { shape: 'standalone', testSeconds: 15, least: leastOfFleet },
  { shape: 'sentinel', testSeconds: 20, least: leastOfFleet },
  // Its servers take most of a small machine.
  { shape: 'cluster', testSeconds: 15, least: { ...leastOfFleet, applied: 40, logged: 40, events: 50, fills: 2 } },
];
