import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedOfRun } from '../../support/seeded-random.ts';
import type { FleetRecorder } from './history/fleet-recorder.ts';
import { Truth } from './history/truth.ts';
import { type PlantedFleet, plantedFleets } from './planted/code-defects.ts';
import { runFleet } from './run-fleet.ts';
import { allFleetValidators } from './validators/all-fleet-validators.ts';

/** Milliseconds with faults of one run at most, and runs after which a defect must have shown: chance decides which. */
const RUN_MS_MAX = 60_000;
const RUNS_MAX = 4;
const NODES = 2;

/** Changes and faults in which most defects show, however long a machine takes for them. */
const CHANGES = 350;
const FAULTS = 3;

/** Declares the test of nodes that break promises: each must be seen by its validator. */
export function tryPlanted(name: keyof typeof plantedFleets): void {
  const planted: PlantedFleet = plantedFleets[name];
  test(`the harness sees ${planted.what}`, async (t) => {
    const seed = seedOfRun();
    t.diagnostic(`SEED=${seed}`);
    const unseen = new Set(planted.defects.map(({ breaks }) => breaks));
    for (let run = 0; unseen.size > 0 && run < RUNS_MAX; run++) {
      for (const broken of await brokenIn(planted, seed + run)) unseen.delete(broken);
    }
    assert.deepEqual([...unseen], [], 'these promises were broken, and nobody saw it');
  });
}

/** Returns the promises that a fleet broke in one run. */
async function brokenIn({ shape, kinds, defects }: PlantedFleet, seed: number): Promise<string[]> {
  const modules = defects.map(({ module }) => module);
  const size = { nodes: NODES, forMs: RUN_MS_MAX, enough: hasHappened };
  const truth = new Truth(await runFleet({ seed, shape, kinds, ...size, defects: modules }));
  return allFleetValidators.filter(({ validate }) => validate(truth).evidence.length > 0).map(({ name }) => name);
}

function hasHappened({ operations, faults }: FleetRecorder): boolean {
  return operations.length >= CHANGES && faults.length >= FAULTS;
}
