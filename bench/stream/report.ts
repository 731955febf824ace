import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import type { StreamMeasured } from './measure.ts';
import { leastOf, medianOf, numberOf, spreadOf } from './numbers.ts';

/** Returns the tables of what was measured of the stream: medians over launches. */
export function streamTables(measured: readonly StreamMeasured[]): string {
  const of = (prefix: string): readonly StreamMeasured[] =>
    measured.filter(({ scenario }) => scenario.id.startsWith(prefix));
  return [fanOutTable(of('fanOut.')), changeTable(of('set.')), latencyTable(of('latency.'))].join('\n');
}

function fanOutTable(measured: readonly StreamMeasured[]): string {
  const columns = columnsOf(
    ...['fan-out to', 'server', '>changes/s', '>deliveries/s', '>per CPU s', '>spread %'],
    ...['>events/message', '>us/message', '>least', '>load %'],
  );
  const rows = measured.map((one) => [
    ...[one.scenario.title, one.server, formatCount(medianOf(one, numberOf.changesPerSecond))],
    formatCount(medianOf(one, numberOf.deliveriesPerSecond)),
    formatCount(medianOf(one, numberOf.deliveriesPerCpuSecond)),
    formatCount(spreadOf(one, numberOf.deliveriesPerCpuSecond) * 100),
    formatAmount(medianOf(one, numberOf.eventsPerMessage)),
    formatAmount(medianOf(one, numberOf.cpuUsPerMessage)),
    formatAmount(leastOf(one, numberOf.cpuUsPerMessage)),
    formatCount(medianOf(one, numberOf.loadCpuShare) * 100),
  ]);
  return formatTable(columns, rows);
}

function changeTable(measured: readonly StreamMeasured[]): string {
  const columns = columnsOf('change', '>changes/s', '>CPU us/change', '>least', '>spread %');
  const of = numberOf.cpuUsPerChange;
  const rows = measured.map((one) => [
    ...[one.scenario.title, formatCount(medianOf(one, numberOf.changesPerSecond))],
    ...[formatAmount(medianOf(one, of)), formatAmount(leastOf(one, of)), formatCount(spreadOf(one, of) * 100)],
  ]);
  return formatTable(columns, rows);
}

function latencyTable(measured: readonly StreamMeasured[]): string {
  const columns = columnsOf(
    ...['change to receipt', 'server', '>changes/s', '>p50 ms', '>p99 ms', '>least', '>spread %'],
    ...['>events/message', '>server CPU %'],
  );
  const rows = measured.map((one) => [
    ...[one.scenario.title, one.server, formatCount(medianOf(one, numberOf.changesPerSecond))],
    ...[formatAmount(medianOf(one, numberOf.p50Ms)), formatAmount(medianOf(one, numberOf.p99Ms))],
    formatAmount(leastOf(one, numberOf.p99Ms)),
    formatCount(spreadOf(one, numberOf.p99Ms) * 100),
    formatAmount(medianOf(one, numberOf.eventsPerMessage)),
    formatCount(medianOf(one, numberOf.serverCpuShare) * 100),
  ]);
  return formatTable(columns, rows);
}
