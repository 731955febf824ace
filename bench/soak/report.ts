import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import type { SoakReading, SoakResult } from './soak-load.ts';

/** A run of the soak and what it is called. */
export interface SoakRun {
  readonly title: string;
  readonly stalled: number;
  readonly result: SoakResult;
}

/** Returns the tables: resident memory over the run, and what subscribers received at which cost. */
export function soakTables(runs: readonly SoakRun[]): string {
  return `${memoryTable(runs)}\n${deliveryTable(runs)}`;
}

/** Tells what is not as it must be: nothing, or one line for each. */
export function soakFaults(runs: readonly SoakRun[]): readonly string[] {
  return runs.flatMap(({ title, stalled, result }) => {
    const { received, expected, fastResets, stalledResets, stalledUpToDate } = result;
    const missed = received !== expected || fastResets > 0;
    return [
      ...(missed ? [`${title}: those who read received ${received} of ${expected} and ${fastResets} resets`] : []),
      ...(stalledResets + stalledUpToDate < stalled ? [`${title}: a stalled one was not told what it missed`] : []),
    ];
  });
}

/** A line for each reading, a column for each run. */
function memoryTable(runs: readonly SoakRun[]): string {
  const columns = columnsOf('changes done', ...runs.map(({ title }) => `>${title}: RSS MiB`));
  const count = Math.max(0, ...runs.map(({ result }) => result.readings.length));
  const rows = Array.from({ length: count }, (_, at) => [
    at === 0 ? 'none' : `warm-up and ${((at - 1) * 100) / (count - 2)} %`,
    ...runs.map(({ result }) => formatCount(result.readings[at]!.residentBytes / 2 ** 20)),
  ]);
  return formatTable(columns, rows);
}

function deliveryTable(runs: readonly SoakRun[]): string {
  const columns = columnsOf(
    ...['run', '>changes/s', '>CPU us/change', '>ratio', '>received', '>missed', '>resets'],
    ...['>stalled: told a reset', '>brought up to date'],
  );
  const base = runs[0];
  const rows = runs.map(({ title, result }) => [
    ...[title, formatCount(ratePerSecond(result)), formatAmount(cpuUsPerChange(result))],
    (base === undefined ? Number.NaN : cpuUsPerChange(base.result) / cpuUsPerChange(result)).toFixed(2),
    ...[result.received, result.expected - result.received, result.fastResets].map(formatCount),
    ...[result.stalledResets, result.stalledUpToDate].map(formatCount),
  ]);
  return formatTable(columns, rows);
}

function ratePerSecond(result: SoakResult): number {
  const [first, last] = span(result);
  return ((last.changes - first.changes) * 1000) / (last.elapsedMs - first.elapsedMs);
}

function cpuUsPerChange(result: SoakResult): number {
  const [first, last] = span(result);
  return (last.serverCpuUs - first.serverCpuUs) / (last.changes - first.changes);
}

/** The warm-up lies between the first two readings. */
function span({ readings }: SoakResult): readonly [SoakReading, SoakReading] {
  return [readings[1]!, readings.at(-1)!];
}
