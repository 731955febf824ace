import { type Figure, type Goal, judged } from '../support/results.ts';
import { CallFigures } from './call-figures.ts';
import type { FleetMeasured } from './measure.ts';
import { type ChangeSample, leastOf, medianOf, type NumberOf, samplesOf } from './numbers.ts';
import { BATCH_KEYS } from './workload.ts';

/** Design § 17: what a node adds to a hit of L2 is at most an echo's latency and a tenth more. */
const addedGoal: Goal = { on: 'ratio', is: '>=', bound: 0.91 };
/** Design § 17: a batch brings at least as many keys as MGET. */
const batchGoal: Goal = { on: 'ratio', is: '>=', bound: 1 };
/** Design § 17: milliseconds in which a change is everywhere. */
const propagationGoal: Goal = { on: 'value', is: '<=', bound: 20 };

/** Returns the figures of the fleet, its goals judged. */
export function fleetFigures({ alone, busy, changes }: FleetMeasured): readonly Figure[] {
  const calls = new CallFigures(alone, busy);
  const toRedis = calls.besideRedis('get');
  return [
    judged(calls.added('l2.get'), addedGoal),
    ...calls.latencies('l2.get', toRedis),
    ...calls.loads('l2.get', toRedis),
    ...calls.latencies('l1.get', 'echo.get'),
    ...calls.loads('l1.get', 'echo.get'),
    calls.added('node.set'),
    ...calls.latencies('node.set', calls.besideRedis('set')),
    ...calls.loads('node.set', calls.besideRedis('set')),
    calls.otherCpu('node.set'),
    ...calls.latencies('l1.batch', calls.besideRedis('batch')),
    judged(calls.throughput('l1.batch', calls.besideRedis('batch'), BATCH_KEYS), batchGoal),
    calls.serverCpu('l1.batch'),
    ...calls.latencies('l2.batch', calls.besideRedis('batch')),
    calls.throughput('l2.batch', calls.besideRedis('batch'), BATCH_KEYS),
    calls.serverCpu('l2.batch'),
    calls.redisCpu('l2.batch'),
    ...changeFigures(changes, 1000, propagationGoal),
    ...changeFigures(changes, 3000),
  ];
}

function changeFigures(changes: FleetMeasured['changes'], rate: number, p99Goal?: Goal): readonly Figure[] {
  const subscribed = samplesOf(changes, `${rate}.subscriber`);
  const cpu = (process: string, of: NumberOf<ChangeSample>): Figure => ({
    ...{ id: `fleet.change.${rate}.cpu.${process}`, value: medianOf(subscribed, of), unit: 'us/change' },
    least: leastOf(subscribed, of),
  });
  return [
    ...timesOf(`fleet.change.${rate}.subscriber`, subscribed, p99Goal),
    ...timesOf(`fleet.change.${rate}.l1`, samplesOf(changes, `${rate}.l1`), p99Goal),
    cpu('node', (sample) => sample.nodeCpuUs),
    cpu('other', (sample) => sample.otherCpuUs),
    cpu('redis', (sample) => sample.redisCpuUs),
  ];
}

function timesOf(id: string, samples: readonly ChangeSample[], p99Goal: Goal | undefined): readonly Figure[] {
  const time = (name: string, of: NumberOf<ChangeSample>): Figure => ({
    ...{ id: `${id}.${name}`, value: medianOf(samples, of), unit: 'ms', least: leastOf(samples, of) },
  });
  const p99 = time('p99', (sample) => sample.p99Ms);
  return [
    time('p50', (sample) => sample.p50Ms),
    p99Goal === undefined ? p99 : judged(p99, p99Goal),
    { id: `${id}.max`, value: Math.max(...samples.map(({ maxMs }) => maxMs)), unit: 'ms' },
  ];
}
