import { systemClock } from '../src/base/clock.ts';
import { benchClients } from './clients/bench-clients.ts';
import { clientsDefaults } from './clients/options.ts';
import { leftOutPeers, openContestants } from './contestants/open-all.ts';
import { figuresOf } from './run/figures.ts';
import { invalidationTime } from './run/invalidation-time.ts';
import { measureLaunches } from './run/launches.ts';
import type { Measured } from './run/measured.ts';
import { type BenchOptions, readBenchOptions } from './run/options.ts';
import { contestantTable, figureTable, headline, writeResults } from './run/report.ts';
import { startTimesMs } from './run/start-time.ts';
import { benchStream } from './stream/bench-stream.ts';
import { streamDefaults } from './stream/options.ts';
import { machineFacts, stealTicks, stolenShare } from './support/machine.ts';
import { runMain } from './support/run-main.ts';
import { formatAmount, formatCount } from './support/table.ts';
import { requireProgram } from './support/tools.ts';

/**
 * `npm run bench -- [--launches N] [--rounds N] [--seconds N] [--warm-up-seconds N] [--starts N]`: measures Reprise and
 * its peers side by side, servers on core 0 and load on core 1, then the stream and the clients that are built, and judges
 * the goals of the design.
 */
async function bench(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = readBenchOptions(args);
  await requireProgram('h2load', 'nghttp2-client', say);
  const machine = machineFacts();
  const before = stealTicks();
  const startMs = await startTimesMs(options.starts, systemClock);
  const measured = await measureAll(options, signal);
  const facts = { ...machine, ...options, stolenShare: stolenShare(before, stealTicks()) };
  const figures = figuresOf(measured, startMs, invalidationTime());
  writeResults(measured, figures, facts);
  process.stdout.write(`\n${headline(facts)}\n\n${contestantTable(measured)}\n${figureTable(figures)}`);
  process.stdout.write(`\n${await benchStream(streamDefaults, signal, say)}`);
  process.stdout.write(`\n${await benchClients(clientsDefaults, signal, say)}`);
}

async function measureAll(options: BenchOptions, signal: AbortSignal): Promise<readonly Measured[]> {
  leftOutPeers().forEach(say);
  return await measureLaunches({
    ...{ ...options, signal, open: openContestants },
    onDrive({ launch, round, id }, { callsPerSecond, cpuUsPerCall }) {
      const name = round === 0 ? 'warm-up' : `round ${round}`;
      const rates = `${formatCount(callsPerSecond)} calls/s  ${formatAmount(cpuUsPerCall)} us/call`;
      say(`launch ${launch}  ${name}  ${id}  ${rates}`);
    },
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

await runMain(bench);
