// `npm run robustness`: random traffic with new seeds for MINUTES (5 if not given), from SEED on if given: a quarter of the
// time the streams of a server alone, then fleets over Redis with faults, of one SHAPE if given. Prints what each promise
// was put to, and fails if one was broken or too little happened.
import { systemClock } from '../../src/base/clock.ts';
import type { RedisShape } from '../support/redis/rig.ts';
import { seedOfRun } from '../support/seeded-random.ts';
import { runFleets } from './fleet/main.ts';
import { coverageOf, shortOf } from './history/coverage.ts';
import type { History } from './history/history.ts';
import { Tally } from './tally.ts';
import { allWorkloads } from './workload/all-workloads.ts';
import type { Workload } from './workload/workload.ts';

const MS_PER_MINUTE = 60_000;
const STREAMS_SHARE = 0.25;
const SHAPES: readonly RedisShape[] = ['standalone', 'sentinel', 'cluster'];

/** Runs one workload; returns what went wrong. */
async function runOne({ run, least }: Workload, seed: number, tally: Tally): Promise<string[]> {
  let history: History;
  try {
    history = await run(seed);
  } catch (error) {
    return [`no history: ${(error as Error).stack}`];
  }
  const coverage = coverageOf(history);
  return [...tally.add(history, coverage), ...shortOf(coverage, least).map((short) => `too little happened, ${short}`)];
}

/** Runs every workload of streams with new seeds until the time is over. */
async function runStreams(firstSeed: number, endMs: number): Promise<number> {
  const tally = new Tally();
  let failures = 0;
  for (let seed = firstSeed; systemClock.monotonicMs() < endMs; seed++) {
    for (const workload of allWorkloads) {
      const complaints = await runOne(workload, seed, tally);
      failures += complaints.length;
      console.log(`SEED=${seed} ${workload.name}: ${complaints.length === 0 ? 'kept' : complaints.join('\n')}`);
    }
  }
  console.log(`\n${tally.table()}\n`);
  return failures;
}

const minutes = Number(process.env['MINUTES'] ?? 5);
if (!(minutes > 0)) throw new Error('MINUTES must be a number above 0');
const shape = SHAPES.find((each) => each === process.env['SHAPE']);
if (shape === undefined && process.env['SHAPE']) throw new Error(`SHAPE must be one of ${SHAPES.join(', ')}`);
const seed = seedOfRun();
const forMs = minutes * MS_PER_MINUTE;
const nowMs = (): number => systemClock.monotonicMs();
const streams = await runStreams(seed, nowMs() + forMs * STREAMS_SHARE);
const fleets = await runFleets({ seed, forMs: forMs * (1 - STREAMS_SHARE), nowMs, shape });
process.exitCode = streams + fleets > 0 ? 1 : 0;
