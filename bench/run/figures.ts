import { median } from '../support/medians.ts';
import { type Figure, type Goal, judged } from '../support/results.ts';
import type { InvalidationTime } from './invalidation-time.ts';
import { leastOf, type Measured, medianOf, medianRatio, type Sample } from './measured.ts';

const callsPerSecond = (sample: Sample): number => sample.callsPerSecond;
const cpuUsPerCall = (sample: Sample): number => sample.cpuUsPerCall;

/** Returns all figures of a run with the goals of design § 17 judged. Figures whose peer did not run are left out. */
export function figuresOf(
  measured: readonly Measured[],
  startMs: readonly number[],
  invalidation: InvalidationTime,
): readonly Figure[] {
  const byId = new Map(measured.map((one) => [one.contestant.id, one]));
  return [
    ...throughput(byId, 'reprise.get', 'echo.get', atLeast('ratio', 0.9)),
    ...cpuTime(byId, 'reprise.get', 'echo.get', atLeast('ratio', 0.9)),
    ...throughput(byId, 'reprise.get', 'etcd.range', atLeast('ratio', 1.6)),
    ...throughput(byId, 'reprise.get', 'redis.get'),
    ...cpuTime(byId, 'reprise.get', 'redis.get'),
    ...throughput(byId, 'reprise.get', 'redis.getUnpipelined'),
    ...cpuTime(byId, 'reprise.get', 'redis.getUnpipelined'),
    ...throughput(byId, 'reprise.get', 'memcached.get'),
    ...cpuTime(byId, 'reprise.get', 'memcached.get'),
    ...throughput(byId, 'reprise.batchGet', 'echo.batchGet', atLeast('value', 600_000)),
    ...cpuTime(byId, 'reprise.batchGet', 'echo.batchGet'),
    ...throughput(byId, 'reprise.batchGet', 'redis.mget'),
    invalidationFigure(invalidation),
    judged({ id: 'reprise.start', value: median(startMs), unit: 'ms' }, { on: 'value', is: '<=', bound: 500 }),
  ];
}

/** A tag on a million entries must take as long as one on a single entry; noise may make it seem a fifth longer. */
function invalidationFigure({ manyUs, oneUs }: InvalidationTime): Figure {
  const figure = { id: 'store.invalidateTag.1M', value: manyUs, unit: 'us', peer: 'store.invalidateTag.1' };
  return judged({ ...figure, ratio: manyUs / oneUs }, { on: 'ratio', is: '<=', bound: 1.2 });
}

type ById = ReadonlyMap<string, Measured>;

/** Throughput in keys: of a unary call that is calls. */
function throughput(byId: ById, id: string, peer: string, goal?: Goal): readonly Figure[] {
  return compared(byId, id, peer, (ours, theirs) => {
    const { keysPerCall } = ours.contestant;
    const value = medianOf(ours, callsPerSecond) * keysPerCall;
    const ratio = medianRatio(ours, theirs, callsPerSecond);
    const unit = keysPerCall === 1 ? 'calls/s' : 'keys/s';
    return { figure: { id: `${id}.throughput`, value, unit, peer, ratio }, goal };
  });
}

function cpuTime(byId: ById, id: string, peer: string, goal?: Goal): readonly Figure[] {
  return compared(byId, id, peer, (ours, theirs) => {
    const value = medianOf(ours, cpuUsPerCall);
    const ratio = medianRatio(theirs, ours, cpuUsPerCall);
    const least = leastOf(ours, cpuUsPerCall);
    const leastRatio = leastOf(theirs, cpuUsPerCall) / least;
    return { figure: { id: `${id}.cpu`, value, unit: 'us/call', peer, ratio, least, leastRatio }, goal };
  });
}

interface GoalFigure {
  readonly figure: Figure;
  readonly goal: Goal | undefined;
}

function compared(
  byId: ById,
  id: string,
  peer: string,
  compare: (ours: Measured, theirs: Measured) => GoalFigure,
): readonly Figure[] {
  const [ours, theirs] = [byId.get(id), byId.get(peer)];
  if (ours === undefined || theirs === undefined) return [];
  const { figure, goal } = compare(ours, theirs);
  return [goal === undefined ? figure : judged(figure, goal)];
}

function atLeast(on: Goal['on'], bound: number): Goal {
  return { on, is: '>=', bound };
}
