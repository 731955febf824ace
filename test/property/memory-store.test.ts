// Goal: after any sequence of operations the memory store answers as the port says. Method: random operations against a
// model that is too simple to be wrong, with the store's inner structure validated; SEED=… repeats a run.
import { describe, it } from 'node:test';
import { SeededRandom, seedOfRun } from '../support/seeded-random.ts';
import type { RunOptions } from '../support/store-model/run-state.ts';
import { StoreModelRun } from '../support/store-model/store-model-run.ts';

const SHORT_RUNS = 30;
const SHORT_STEPS = 500;
const LONG_RUNS = 8;
const LONG_STEPS = 15_000;

const VARIANTS: readonly Omit<RunOptions, 'validateEvery'>[] = [
  { limits: {}, swept: true },
  { limits: {}, swept: false },
  { limits: { leasesPerNamespaceMax: 3, requestIdsMax: 4 }, swept: false },
  { limits: { tombstonesPerNamespaceMax: 5 }, swept: true },
];

function runOne(seed: number, index: number, steps: number, validateEvery: number): void {
  const options = { ...VARIANTS[index % VARIANTS.length]!, validateEvery };
  try {
    new StoreModelRun(new SeededRandom(seed + index), options).run(steps);
  } catch (error) {
    throw new Error(`SEED=${seed} run ${index}, ${(error as Error).message}`, { cause: error });
  }
}

describe('memory store against its model', () => {
  const seed = seedOfRun();

  it('agrees over short runs, validated after every operation', (t) => {
    t.diagnostic(`SEED=${seed}`);
    for (let run = 0; run < SHORT_RUNS; run++) runOne(seed, run, SHORT_STEPS, 1);
  });

  it('agrees over long runs, validated after every 1000th operation', (t) => {
    t.diagnostic(`SEED=${seed}`);
    for (let run = 0; run < LONG_RUNS; run++) runOne(seed, run, LONG_STEPS, 1000);
  });
});
