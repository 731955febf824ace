// `npm run robustness`: random traffic with new seeds for MINUTES (5 if not given), from SEED on if given; prints what each
// promise was put to, and fails if one was broken or too little happened.
import { systemClock } from '../../src/base/clock.ts';
import { seedOfRun } from '../support/seeded-random.ts';
import { coverageOf, shortOf } from './history/coverage.ts';
import type { History } from './history/history.ts';
import { Tally } from './tally.ts';
import { allWorkloads } from './workload/all-workloads.ts';
import type { Workload } from './workload/workload.ts';

const MS_PER_MINUTE = 60_000;

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

const minutes = Number(process.env['MINUTES'] ?? 5);
if (!(minutes > 0)) throw new Error('MINUTES must be a number above 0');
const endMs = systemClock.monotonicMs() + minutes * MS_PER_MINUTE;
const tally = new Tally();
let failures = 0;
for (let seed = seedOfRun(); systemClock.monotonicMs() < endMs; seed++) {
  for (const workload of allWorkloads) {
    const complaints = await runOne(workload, seed, tally);
    failures += complaints.length;
    console.log(`SEED=${seed} ${workload.name}: ${complaints.length === 0 ? 'kept' : complaints.join('\n')}`);
  }
}
console.log(`\n${tally.table()}`);
process.exitCode = failures > 0 ? 1 : 0;
