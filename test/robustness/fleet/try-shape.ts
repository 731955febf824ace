import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedisShape } from '../../support/redis/rig.ts';
import { seedOfRun } from '../../support/seeded-random.ts';
import { allShapes } from './all-shapes.ts';
import { coverageOfFleet, faultCounts, hasEnough, shortOfFleet } from './history/fleet-coverage.ts';
import { runFleet } from './run-fleet.ts';
import { assertFleetKept } from './validators/assert-fleet-kept.ts';

/** Milliseconds with faults at most: a slow machine needs longer until enough has happened. */
const RUN_MS_MAX = 90_000;

/** Declares the test of one shape. */
export function tryShape(shape: RedisShape): void {
  const { testSeconds, least } = allShapes.find((each) => each.shape === shape)!;
  test(`a fleet over ${shape} keeps its promises`, async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const history = await runFleet({
      ...{ seed, shape, forMs: RUN_MS_MAX, atLeastMs: testSeconds * 1000 },
      enough: (recorder) => hasEnough(recorder, least),
    });
    const coverage = coverageOfFleet(history);
    t.diagnostic(JSON.stringify({ ...coverage, ...Object.fromEntries(faultCounts(history)) }));
    assertFleetKept(history);
    assert.deepEqual(shortOfFleet(coverage, least), [], 'too little happened to say anything');
  });
}
