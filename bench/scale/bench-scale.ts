import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitingClock } from '../../src/base/clock.ts';
import { machineFacts, stealTicks, stolenShare } from '../support/machine.ts';
import { writeJson } from '../support/results.ts';
import { columnsOf, formatAmount, formatTable } from '../support/table.ts';
import { type Deployment, fitScale, project } from './fit.ts';
import type { ScaleOptions } from './options.ts';
import { type ScaleSample, sampleScale } from './sample-scale.ts';
import { openScaleFleet } from './scale-fleet.ts';

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));

/** Fleets that the model is asked about: the last ones as they would be built. */
const deployments: readonly Deployment[] = [
  { nodes: 8, changesPerSecond: 1000, hearers: 8 },
  { nodes: 20, changesPerSecond: 10_000, hearers: 20 },
  { nodes: 100, changesPerSecond: 100_000, hearers: 100 },
  { nodes: 100, changesPerSecond: 100_000, hearers: 10 },
  { nodes: 100, changesPerSecond: 100_000, hearers: 4 },
];

/** Measures fleets of several sizes, writes bench/results/scale.json and returns its tables. */
export async function benchScale(
  options: ScaleOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<string> {
  const [machine, before] = [machineFacts(), stealTicks()];
  const samples: ScaleSample[] = [];
  for (const nodeCount of options.nodeCounts) samples.push(...(await sampleSize(nodeCount, options, signal, say)));
  const model = fitScale(samples);
  const projections = deployments.map((deployment) => ({ ...deployment, ...project(model, deployment) }));
  const run = { ...machine, ...options, stolenShare: stolenShare(before, stealTicks()) };
  mkdirSync(resultsDir, { recursive: true });
  writeJson(`${resultsDir}scale.json`, { run, samples, model, projections });
  return `${sampleTable(samples)}\n${projectionTable(projections)}`;
}

async function sampleSize(
  nodeCount: number,
  { rounds, seconds, changesPerSecond }: ScaleOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<readonly ScaleSample[]> {
  await using stack = new AsyncDisposableStack();
  const fleet = await openScaleFleet(stack, nodeCount);
  const samples: ScaleSample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    const sample = await sampleScale(fleet, { seconds, changesPerSecond, clock: waitingClock });
    say(`nodes ${nodeCount}  round ${round}  Redis ${formatAmount(sample.redisChangeUs)} us a change`);
    samples.push(sample);
  }
  return samples;
}

function sampleTable(samples: readonly ScaleSample[]): string {
  const columns = columnsOf(
    ...['>nodes', '>Redis us/s at rest', '>node us/s at rest', '>Redis us/change', '>writer', '>hearer'],
  );
  const rows = samples.map((one) => [
    String(one.nodes),
    ...[one.redisRestUs, one.nodeRestUs, one.redisChangeUs, one.writerChangeUs, one.hearerChangeUs].map(formatAmount),
  ]);
  return formatTable(columns, rows);
}

function projectionTable(projections: readonly (Deployment & ReturnType<typeof project>)[]): string {
  const columns = columnsOf('>nodes', '>changes/s', '>hear of each', '>cores of Redis', '>cores of a node');
  const rows = projections.map((one) => [
    ...[one.nodes, one.changesPerSecond, one.hearers].map(String),
    ...[one.redisCores, one.nodeCores].map(formatAmount),
  ]);
  return formatTable(columns, rows);
}
