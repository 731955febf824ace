import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import type { FleetMeasured } from './measure.ts';
import { type AloneSample, type BusySample, type ChangeSample, leastOf, medianOf, type NumberOf } from './numbers.ts';

/** Returns the tables of what was measured of the fleet: medians over rounds. */
export function fleetTables({ alone, busy, changes }: FleetMeasured): string {
  return [aloneTable(alone), busyTable(busy), changeTable(changes)].join('\n');
}

function aloneTable(alone: FleetMeasured['alone']): string {
  const columns = columnsOf('one at a time', '>p50 us', '>least', '>p99 us', '>least', '>rounds');
  const rows = [...alone].map(([name, samples]) => {
    const told = (of: NumberOf<AloneSample>): string[] =>
      [medianOf(samples, of), leastOf(samples, of)].map(formatAmount);
    return [name, ...told((one) => one.p50Us), ...told((one) => one.p99Us), String(samples.length)];
  });
  return formatTable(columns, rows);
}

function busyTable(busy: FleetMeasured['busy']): string {
  const columns = columnsOf(
    ...['16 at a time', '>calls/s', '>p50 us', '>p99 us', '>server CPU us/call', '>least', '>Redis', '>least'],
    ...['>other node', '>load %'],
  );
  const rows = [...busy].map(([name, samples]) => {
    const told = (of: NumberOf<BusySample>): string => formatAmount(medianOf(samples, of));
    const both = (of: NumberOf<BusySample>): string[] => [told(of), formatAmount(leastOf(samples, of))];
    return [
      ...[name, formatCount(medianOf(samples, (one) => one.callsPerSecond))],
      ...[told((one) => one.p50Us), told((one) => one.p99Us), ...both((one) => one.serverCpuUs)],
      ...[...both((one) => one.redisCpuUs), told((one) => one.otherCpuUs)],
      formatCount(medianOf(samples, (one) => one.loadCpuShare) * 100),
    ];
  });
  return formatTable(columns, rows);
}

function changeTable(changes: FleetMeasured['changes']): string {
  const columns = columnsOf(
    ...['changes/s and who sees them', '>changes/s', '>timed', '>p50 ms', '>least', '>p99 ms', '>least', '>max ms'],
    ...['>node CPU us/change', '>other node', '>Redis'],
  );
  const rows = [...changes].map(([name, samples]) => {
    const told = (of: NumberOf<ChangeSample>): string => formatAmount(medianOf(samples, of));
    const both = (of: NumberOf<ChangeSample>): string[] => [told(of), formatAmount(leastOf(samples, of))];
    return [
      ...[name, formatCount(medianOf(samples, (one) => one.changesPerSecond))],
      formatCount(samples.reduce((sum, { timed }) => sum + timed, 0)),
      ...[...both((one) => one.p50Ms), ...both((one) => one.p99Ms)],
      formatAmount(Math.max(...samples.map(({ maxMs }) => maxMs))),
      ...[told((one) => one.nodeCpuUs), told((one) => one.otherCpuUs), told((one) => one.redisCpuUs)],
    ];
  });
  return formatTable(columns, rows);
}
