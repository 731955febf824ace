import { figureTable, headline, type RunFacts } from '../run/report.ts';
import { machineFacts, stealTicks, stolenShare } from '../support/machine.ts';
import { formatAmount, formatCount } from '../support/table.ts';
import { streamFigures } from './figures.ts';
import type { StreamSample } from './load.ts';
import { measureStream } from './measure.ts';
import { numberOf } from './numbers.ts';
import type { StreamOptions } from './options.ts';
import { streamTables } from './report.ts';
import { mergeStreamResults } from './results.ts';

/** Measures the stream beside the floor, puts its figures among the results and returns its tables. */
export async function benchStream(
  options: StreamOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const machine = machineFacts();
  const before = stealTicks();
  const measured = await measureStream({
    ...{ ...options, signal },
    onSample: (launch, server, { id }, sample) => say(`launch ${launch}  ${server}.${id}  ${told(sample)}`),
  });
  const facts: RunFacts = { ...machine, ...options, rounds: 1, stolenShare: stolenShare(before, stealTicks()) };
  const figures = streamFigures(measured);
  mergeStreamResults(figures, facts);
  return `${headline(facts)}\n\n${streamTables(measured)}\n${figureTable(figures)}`;
}

function told(sample: StreamSample): string {
  const changes = `${formatCount(numberOf.changesPerSecond(sample))} changes/s`;
  const cpu = `${formatAmount(numberOf.cpuUsPerChange(sample))} us/change`;
  return `${changes}  ${cpu}  ${formatCount(numberOf.deliveriesPerSecond(sample))} deliveries/s`;
}
