import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitingClock } from '../../src/base/clock.ts';
import { cores } from '../contestants/contestant.ts';
import { figureTable, headline, type RunFacts } from '../run/report.ts';
import { machineFacts, stealTicks, stolenShare } from '../support/machine.ts';
import { runProcess } from '../support/processes.ts';
import { writeJson } from '../support/results.ts';
import { formatAmount } from '../support/table.ts';
import { fleetFigures } from './figures.ts';
import { measureFleet } from './measure.ts';
import type { FleetOptions } from './options.ts';
import { fleetTables } from './report.ts';

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));

/** Measures a fleet, writes bench/results/fleet.json and returns its tables. This process is the load. */
export async function benchFleet(
  options: FleetOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  await runProcess(['taskset', '-acp', String(cores.load), String(process.pid)]);
  const machine = machineFacts();
  const before = stealTicks();
  const measured = await measureFleet({
    ...{ ...options, clock: waitingClock, signal },
    onSample(launch, round, name, p50Ms, p99Ms) {
      say(`launch ${launch}  round ${round}  ${name}  p50 ${formatAmount(p50Ms)} ms  p99 ${formatAmount(p99Ms)} ms`);
    },
  });
  const facts: RunFacts = { ...machine, ...options, stolenShare: stolenShare(before, stealTicks()) };
  const figures = fleetFigures(measured);
  mkdirSync(resultsDir, { recursive: true });
  writeJson(`${resultsDir}fleet.json`, { run: facts, figures });
  return `${headline(facts)}\n\n${fleetTables(measured)}\n${figureTable(figures)}`;
}
