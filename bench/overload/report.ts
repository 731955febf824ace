import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import type { LoadMeasured, OverloadMeasured } from './measure.ts';

const columns = columnsOf(
  'call',
  '>load',
  '>answered /s',
  '>of peak',
  '>same CPU',
  '>refused /s',
  '>gave up /s',
  '>answer p50',
  '>p99 ms',
  '>refusal p50',
  '>p99 ms',
  '>work p50 ≤',
  '>p99 ≤ ms',
  '>recovery s',
);

/** Returns the table of all calls and loads. `same CPU`: of peak, for each second of CPU time that the server got. */
export function overloadTable(measured: readonly OverloadMeasured[]): string {
  const rows = measured.flatMap((call) => call.loads.map((load) => row(call, load)));
  return formatTable(columns, rows);
}

function row(
  { title, peakPerSecond, peakCpuShare, loads, recoverySeconds }: OverloadMeasured,
  load: LoadMeasured,
): string[] {
  const { times, answered, refused, givenUp, answeredLatency, refusedLatency, work } = load;
  const isLast = load === loads.at(-1);
  return [
    ...[title, `${times} ×`, formatCount(answered), (answered / peakPerSecond).toFixed(2)],
    ((answered / load.cpuShare) * (peakCpuShare / peakPerSecond)).toFixed(2),
    ...[formatCount(refused), formatCount(givenUp)],
    ...[formatAmount(answeredLatency.p50Ms), formatAmount(answeredLatency.p99Ms)],
    ...(refused === 0 ? ['', '', '', ''] : [...pair(refusedLatency), ...pair(work)]),
    isLast ? recoverySeconds.toFixed(1) : '',
  ];
}

function pair({ p50Ms, p99Ms }: { readonly p50Ms: number; readonly p99Ms: number }): string[] {
  return [formatAmount(p50Ms), formatAmount(p99Ms)];
}
