import { type Figure, type Goal, judged } from '../support/results.ts';
import type { StreamMeasured } from './measure.ts';
import { leastOf, medianOf, medianRatio, numberOf, type StreamNumber } from './numbers.ts';

/** Design § 17: deliveries a second and core to 1000 subscribers, and the latency of a change at 1000 changes a second. */
const perCoreGoal: Goal = { on: 'value', is: '>=', bound: 100_000 };
const latencyGoal: Goal = { on: 'value', is: '<=', bound: 20 };

/** Returns the figures of the stream, its goals judged. */
export function streamFigures(measured: readonly StreamMeasured[]): readonly Figure[] {
  const byId = new Map(measured.map((one) => [`${one.server}.${one.scenario.id}`, one]));
  return [
    ...fanOut(byId, 'fanOut.1'),
    ...fanOut(byId, 'fanOut.100'),
    ...fanOut(byId, 'fanOut.1000', perCoreGoal),
    ...fanOut(byId, 'fanOut.1000.oneByOne', perCoreGoal),
    ...fanOut(byId, 'fanOut.1000.alone', perCoreGoal),
    ...changeCost(byId, 'reprise.set.unwanted', 'reprise.set.nobody'),
    ...changeCost(byId, 'reprise.set.own', 'reprise.set.nobody'),
    ...latency(byId, 'latency.1', latencyGoal),
    ...latency(byId, 'latency.100', latencyGoal),
    ...latency(byId, 'latency.1000'),
  ];
}

type ById = ReadonlyMap<string, StreamMeasured>;

function fanOut(byId: ById, scenario: string, perCore?: Goal): readonly Figure[] {
  const { ours, floor, peer } = pair(byId, `reprise.${scenario}`, `bare.${scenario}`);
  const rate = (name: string, unit: string, of: StreamNumber): Figure => {
    const ratio = medianRatio(ours, floor, of);
    return { id: `reprise.${scenario}.${name}`, value: medianOf(ours, of), unit, peer, ratio };
  };
  const perCoreFigure = rate('perCore', 'deliveries/CPU s', numberOf.deliveriesPerCpuSecond);
  return [
    rate('throughput', 'deliveries/s', numberOf.deliveriesPerSecond),
    timeFigure(`reprise.${scenario}.cpu`, 'us/delivery', { ours, floor, peer }, numberOf.cpuUsPerDelivery),
    ...(perCore === undefined ? [] : [judged(perCoreFigure, perCore)]),
  ];
}

function changeCost(byId: ById, id: string, peer: string): readonly Figure[] {
  return [timeFigure(`${id}.cpu`, 'us/change', pair(byId, id, peer), numberOf.cpuUsPerChange)];
}

function latency(byId: ById, scenario: string, p99Goal?: Goal): readonly Figure[] {
  const both = pair(byId, `reprise.${scenario}`, `bare.${scenario}`);
  const p99 = timeFigure(`reprise.${scenario}.p99`, 'ms', both, numberOf.p99Ms);
  return [
    timeFigure(`reprise.${scenario}.p50`, 'ms', both, numberOf.p50Ms),
    p99Goal === undefined ? p99 : judged(p99, p99Goal),
  ];
}

/** A figure of which less is better, and that noise only adds to. */
function timeFigure(id: string, unit: string, { ours, floor, peer }: Pair, of: StreamNumber): Figure {
  const least = leastOf(ours, of);
  const ratios = { ratio: medianRatio(floor, ours, of), least, leastRatio: leastOf(floor, of) / least };
  return { id, value: medianOf(ours, of), unit, peer, ...ratios };
}

interface Pair {
  readonly ours: StreamMeasured;
  readonly floor: StreamMeasured;
  readonly peer: string;
}

function pair(byId: ById, id: string, peer: string): Pair {
  const [ours, floor] = [byId.get(id), byId.get(peer)];
  if (ours === undefined || floor === undefined) throw new Error(`${id} or ${peer} was not measured`);
  return { ours, floor, peer };
}
