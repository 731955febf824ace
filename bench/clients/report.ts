import { leastOf, medianOf } from '../fleet/numbers.ts';
import type { Figure } from '../support/results.ts';
import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import type { Sample } from './answers.ts';
import { languages } from './languages.ts';
import type { ClientsMeasured } from './measure.ts';

/** Returns the table of all that was measured: medians over rounds. */
export function clientsTable(measured: ClientsMeasured): string {
  const rates = ['>a second', '>a CPU second'];
  const times = ['>p50 us', '>p99 us', '>max us', '>timed'];
  const columns = columnsOf('client', 'measured', ...rates, ...times, '>served %');
  const rows = [...measured].flatMap(([name, samples]) =>
    [...samples].map(([id, of]) => [languages[name].title, id, ...cells(of)]),
  );
  return formatTable(columns, rows);
}

function cells(samples: readonly Sample[]): readonly string[] {
  const rate = formatAmount(medianOf(samples, ({ perSecond }) => perSecond));
  const timed = samples.reduce((sum, { timed }) => sum + timed, 0);
  if (timed === 0) {
    const perCore = formatAmount(medianOf(samples, ({ perCpuSecond }) => perCpuSecond));
    const served = leastOf(samples, ({ served }) => served);
    return [rate, perCore, '', '', '', '', served === 1 ? '' : (served * 100).toFixed(2)];
  }
  const times = [medianOf(samples, ({ p50Us }) => p50Us), medianOf(samples, ({ p99Us }) => p99Us)];
  const max = Math.max(...samples.map(({ maxUs }) => maxUs));
  return [rate, '', ...[...times, max].map(formatAmount), formatCount(timed)];
}

/** Returns the figures as the table of a Markdown document. */
export function figuresMarkdown(figures: readonly Figure[]): string {
  const lines = figures.map(({ id, value, unit, peer = '', ratio, goal = '', met }) => {
    const cells = [id, `${shortAmount(value)} ${unit}`, peer, ratio?.toFixed(2) ?? '', goal, metText(met)];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| figure | value | beside | ratio | goal | met |', '|---|---|---|---|---|---|', ...lines, ''].join('\n');
}

function metText(met: boolean | undefined): string {
  return met === undefined ? '' : met ? 'yes' : 'no';
}

/** Returns a number, millions as such. */
function shortAmount(value: number): string {
  return value >= 1e6 ? `${formatAmount(value / 1e6)} M` : formatAmount(value);
}
