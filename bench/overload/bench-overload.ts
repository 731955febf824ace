import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitingClock } from '../../src/base/clock.ts';
import { cores } from '../contestants/contestant.ts';
import { machineFacts, stealTicks, stolenShare } from '../support/machine.ts';
import { runProcess } from '../support/processes.ts';
import { writeJson } from '../support/results.ts';
import { measureOverload, type OverloadMeasured, overloadCalls } from './measure.ts';
import type { OverloadOptions } from './options.ts';
import { overloadTable } from './report.ts';

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));

/** Measures all calls, writes bench/results/overload.json and returns the table. This process is the callers. */
export async function benchOverload(
  options: OverloadOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  await runProcess(['taskset', '-acp', String(cores.load), String(process.pid)]);
  const machine = machineFacts();
  const before = stealTicks();
  const measured: OverloadMeasured[] = [];
  for (const name of Object.keys(overloadCalls) as (keyof typeof overloadCalls)[]) {
    measured.push(await measureOverload(name, { ...options, clock: waitingClock, signal, say }));
  }
  mkdirSync(resultsDir, { recursive: true });
  const run = { ...machine, ...options, stolenShare: stolenShare(before, stealTicks()) };
  writeJson(`${resultsDir}overload.json`, { run, measured });
  return overloadTable(measured);
}
