import type { RedisShape } from '../../support/redis/rig.ts';
import { allShapes } from './all-shapes.ts';
import { FleetTally } from './fleet-tally.ts';
import { coverageOfFleet, shortOfFleet } from './history/fleet-coverage.ts';
import type { FleetHistory } from './history/fleet-history.ts';
import { runFleet } from './run-fleet.ts';

/** Milliseconds with faults of one run: long enough for each kind that a shape allows. */
const RUN_MS = 60_000;

/** What `npm run robustness` runs of fleets. */
export interface FleetsWish {
  readonly seed: number;
  /** How many milliseconds there are; the last run begins before they are over. */
  readonly forMs: number;
  readonly nowMs: () => number;
  /** Default: all, in turn. */
  readonly shape: RedisShape | undefined;
}

/** Runs fleets of every shape in turn, prints what each promise was put to, and returns how many complaints there were. */
export async function runFleets({ seed, forMs, nowMs, shape }: FleetsWish): Promise<number> {
  const shapes = allShapes.filter((each) => shape === undefined || each.shape === shape);
  const tally = new FleetTally();
  const endMs = nowMs() + forMs;
  let complaints = 0;
  for (let run = 0; nowMs() < endMs; run++) {
    const chosen = shapes[run % shapes.length]!;
    const runMs = Math.min(RUN_MS, Math.max(endMs - nowMs(), chosen.testSeconds * 1000));
    const found = await runOne({ ...chosen, seed: seed + run, forMs: runMs }, tally);
    complaints += found.length;
    console.log(`SEED=${seed + run} SHAPE=${chosen.shape}: ${found.length === 0 ? 'kept' : found.join('\n')}`);
  }
  console.log(`\n${tally.table()}`);
  return complaints;
}

type One = (typeof allShapes)[number] & { readonly seed: number; readonly forMs: number };

async function runOne({ shape, least, seed, forMs }: One, tally: FleetTally): Promise<string[]> {
  let history: FleetHistory;
  try {
    history = await runFleet({ shape, seed, forMs });
  } catch (error) {
    return [`no history: ${(error as Error).stack}`];
  }
  const short = shortOfFleet(coverageOfFleet(history), least);
  return [...tally.add(history), ...short.map((each) => `too little happened, ${each}`)];
}
