import { columnsOf, formatAmount, formatTable } from '../support/table.ts';
import { addUp, type SelfTime } from './cpu-profile.ts';

/** Returns three tables: where the microseconds of a call go, by origin, by file and by function. */
export function profileTables(times: readonly SelfTime[], calls: number): string {
  const busy = times.filter(({ origin }) => origin !== 'idle');
  const byFile = addUp(busy, ({ name, origin }) => fileOf(name) ?? origin);
  return [
    tableOf(
      'origin',
      addUp(busy, ({ origin }) => origin),
      busy,
      calls,
    ),
    tableOf('file', byFile.slice(0, 25), busy, calls),
    tableOf('function', busy.slice(0, 40), busy, calls),
  ].join('\n');
}

function tableOf(title: string, rows: readonly SelfTime[], busy: readonly SelfTime[], calls: number): string {
  const totalUs = busy.reduce((sum, { selfUs }) => sum + selfUs, 0);
  const columns = columnsOf(title, 'of', '>us/call', '>share %');
  const cells = rows.map(({ name, origin, selfUs }) => [
    ...[name, origin === name ? '' : origin],
    ...[formatAmount(selfUs / calls), ((selfUs / totalUs) * 100).toFixed(1)],
  ]);
  return formatTable(columns, [...cells, ...totalRow(title, totalUs / calls)]);
}

function totalRow(title: string, usPerCall: number): readonly (readonly string[])[] {
  return title === 'origin' ? [['all', '', formatAmount(usPerCall), '100.0']] : [];
}

function fileOf(name: string): string | undefined {
  return / (\S+):\d+$/.exec(name)?.[1];
}
