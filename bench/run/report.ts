import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from '../support/machine.ts';
import { type Figure, writeJson } from '../support/results.ts';
import { type BarChart, barChartsSvg } from '../support/svg.ts';
import { columnsOf, formatAmount, formatCount, formatTable } from '../support/table.ts';
import { type Measured, medianOf, type Sample } from './rounds.ts';

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));
const callsPerSecond = (sample: Sample): number => sample.callsPerSecond;
const cpuUsPerCall = (sample: Sample): number => sample.cpuUsPerCall;

/** Facts of a run beside its figures. */
export interface RunFacts extends Machine {
  readonly rounds: number;
  readonly seconds: number;
  /** Share of the cores' time that the machine's host gave to others. */
  readonly stolenShare: number;
}

/** Returns what the figures depend on, in two lines. */
export function headline(facts: RunFacts): string {
  const { cpuModel, cores, node, rounds, seconds, stolenShare, loadBefore } = facts;
  const stolen = `${(stolenShare * 100).toFixed(1)} % of the CPU time was stolen by the host`;
  const busy = loadBefore > 0.5 ? ': the machine was busy, believe CPU time and ratios more than throughput' : '';
  return [
    `${cpuModel}, ${cores} cores, Node ${node}; medians of ${rounds} rounds of ${seconds} s.`,
    `Load before the run ${loadBefore.toFixed(1)}, ${stolen}${busy}.`,
  ].join('\n');
}

/** Returns the table of the contestants: medians of all rounds. */
export function contestantTable(measured: readonly Measured[]): string {
  const columns = columnsOf('contestant', 'protocol, driver', '>calls/s', '>keys/s', '>CPU us/call', '>spread %');
  return formatTable(columns, measured.map(contestantRow));
}

/** Returns the table of the figures with their goals. */
export function figureTable(figures: readonly Figure[]): string {
  const columns = columnsOf('figure', '>value', 'unit', 'beside', '>ratio', 'goal', 'met');
  return formatTable(columns, figures.map(figureRow));
}

/** Writes latest.json (the figures), machine.json (the facts) and latest.svg into bench/results. */
export function writeResults(measured: readonly Measured[], figures: readonly Figure[], facts: RunFacts): void {
  mkdirSync(resultsDir, { recursive: true });
  writeJson(`${resultsDir}latest.json`, figures);
  writeJson(`${resultsDir}machine.json`, facts);
  writeFileSync(`${resultsDir}latest.svg`, barChartsSvg(chartsOf(measured)));
}

function contestantRow(one: Measured): readonly string[] {
  const { title, protocol, keysPerCall } = one.contestant;
  const calls = medianOf(one, callsPerSecond);
  const rates = one.samples.map(callsPerSecond);
  const spread = ((Math.max(...rates) - Math.min(...rates)) / calls) * 100;
  const numbers = [formatCount(calls), formatCount(calls * keysPerCall), formatAmount(medianOf(one, cpuUsPerCall))];
  return [title, protocol, ...numbers, formatCount(spread)];
}

function figureRow({ id, value, unit, peer = '', ratio, goal = '', met }: Figure): readonly string[] {
  const metText = met === undefined ? '' : met ? 'yes' : 'NO';
  return [id, formatAmount(value), unit, peer, ratio === undefined ? '' : ratio.toFixed(2), goal, metText];
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

function chart(title: string, measured: readonly Measured[], of: (sample: Sample) => number): BarChart {
  const bars = measured.map((one) => {
    const value = medianOf(one, of);
    const { id, title: label } = one.contestant;
    return { label, value, text: formatAmount(value), isOurs: id.startsWith('reprise.') };
  });
  return { title, bars };
}
