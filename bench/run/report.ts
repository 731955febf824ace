import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../support/machine.ts';
import { type Figure, writeJson } from '../support/results.ts';
import { type BarChart, barChartsSvg } from '../support/svg.ts';
import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import { leastOf, type Measured, medianOf, type Sample, type SampleNumber, spreadOf } from './measured.ts';

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));
const callsPerSecond = (sample: Sample): number => sample.callsPerSecond;
const cpuUsPerCall = (sample: Sample): number => sample.cpuUsPerCall;

/** Facts of a run beside its figures. */
export interface RunFacts extends Machine {
  readonly launches: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Share of the cores' time that the machine's host gave to others. */
  readonly stolenShare: number;
}

/** Returns what the figures depend on, in two lines. */
export function headline(facts: RunFacts): string {
  const { cpuModel, cores, node, launches, rounds, seconds, stolenShare, loadBefore } = facts;
  const stolen = `${(stolenShare * 100).toFixed(1)} % of the CPU time was stolen by the host`;
  const busy = loadBefore > 0.5 ? ': the machine was busy, believe CPU time and ratios more than throughput' : '';
  return [
    `${cpuModel}, ${cores} cores, Node ${node}; medians over ${launches} launches of ${rounds} rounds of ${seconds} s.`,
    `Load before the run ${loadBefore.toFixed(1)}, ${stolen}${busy}.`,
  ].join('\n');
}

/** Returns the table of the contestants: medians over launches, beside the least CPU time of any round. */
export function contestantTable(measured: readonly Measured[]): string {
  const rates = ['>calls/s', '>keys/s', '>spread %'];
  const columns = columnsOf('contestant', 'protocol, driver', ...rates, '>CPU us/call', '>least', '>spread %');
  return formatTable(columns, measured.map(contestantRow));
}

/** Returns the table of the figures with their goals. */
export function figureTable(figures: readonly Figure[]): string {
  const columns = columnsOf('figure', '>value', 'unit', 'beside', '>ratio', 'goal', 'met', '>least', '>ratio of least');
  return formatTable(columns, figures.map(figureRow));
}

/** Writes latest.json (the run's facts and its figures) and latest.svg into bench/results. */
export function writeResults(measured: readonly Measured[], figures: readonly Figure[], facts: RunFacts): void {
  mkdirSync(resultsDir, { recursive: true });
  writeJson(`${resultsDir}latest.json`, { run: facts, figures });
  writeFileSync(`${resultsDir}latest.svg`, barChartsSvg(chartsOf(measured)));
}

function contestantRow(one: Measured): readonly string[] {
  const { title, protocol, keysPerCall } = one.contestant;
  const calls = medianOf(one, callsPerSecond);
  const rates = [formatCount(calls), formatCount(calls * keysPerCall), spreadText(one, callsPerSecond)];
  const cpuTimes = [medianOf(one, cpuUsPerCall), leastOf(one, cpuUsPerCall)].map(formatAmount);
  return [title, protocol, ...rates, ...cpuTimes, spreadText(one, cpuUsPerCall)];
}

function spreadText(one: Measured, of: SampleNumber): string {
  return formatCount(spreadOf(one, of) * 100);
}

function figureRow(figure: Figure): readonly string[] {
  const { id, value, unit, peer = '', ratio, goal = '', met, least, leastRatio } = figure;
  const metText = met === undefined ? '' : met ? 'yes' : 'NO';
  const leastText = least === undefined ? '' : formatAmount(least);
  return [id, formatAmount(value), unit, peer, ratioText(ratio), goal, metText, leastText, ratioText(leastRatio)];
}

function ratioText(ratio: number | undefined): string {
  if (ratio === undefined) return '';
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2);
}

function chartsOf(measured: readonly Measured[]): readonly BarChart[] {
  const unary = measured.filter(({ contestant }) => contestant.keysPerCall === 1);
  const batches = measured.filter(({ contestant }) => contestant.keysPerCall > 1);
  return [
    chart('Reads of one key of 100 B: calls/s on one core (more is better)', unary, callsPerSecond),
    chart('CPU µs of the server for each of them (less is better)', unary, cpuUsPerCall),
    chart('Batches of 100 keys of 100 B: calls/s on one core (more is better)', batches, callsPerSecond),
  ];
}

function chart(title: string, measured: readonly Measured[], of: SampleNumber): BarChart {
  const bars = measured.map((one) => {
    const value = medianOf(one, of);
    const { id, title: label } = one.contestant;
    return { label, value, text: formatAmount(value), isOurs: id.startsWith('reprise.') };
  });
  return { title, bars };
}
