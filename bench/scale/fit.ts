import { medianOf, type NumberOf } from '../fleet/numbers.ts';
import { median } from '../support/medians.ts';
import type { ScaleSample } from './sample-scale.ts';

/** A straight line: what there is without any node, and what each node adds. */
export interface Line {
  readonly base: number;
  readonly perNode: number;
}

/** Fits a line through points by least squares. At least two different `x`. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Line {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const covariance = mean(([x, y]) => (x - meanX) * (y - meanY));
  const perNode = covariance / mean(([x]) => (x - meanX) ** 2);
  return { base: meanY - perNode * meanX, perNode };
}

/** What a fleet costs, by how many nodes it has: CPU time in microseconds. */
export interface ScaleModel {
  /** Redis in a second of rest, by nodes. */
  readonly redisRest: Line;
  /** Redis for each change, by nodes. */
  readonly redisChange: Line;
  readonly nodeRestUs: number;
  readonly writerChangeUs: number;
  readonly hearerChangeUs: number;
}

/** Fits the model to samples of fleets of at least two sizes: medians over the rounds of each size. */
export function fitScale(samples: readonly ScaleSample[]): ScaleModel {
  const bySize = [...Map.groupBy(samples, ({ nodes }) => nodes)];
  const line = (of: NumberOf<ScaleSample>): Line => fitLine(bySize.map(([nodes, some]) => [nodes, medianOf(some, of)]));
  const all = (of: NumberOf<ScaleSample>): number => median(samples.map(of).filter((value) => !Number.isNaN(value)));
  return {
    redisRest: line((one) => one.redisRestUs),
    redisChange: line((one) => one.redisChangeUs),
    nodeRestUs: all((one) => one.nodeRestUs),
    writerChangeUs: all((one) => one.writerChangeUs),
    hearerChangeUs: all((one) => one.hearerChangeUs),
  };
}

/** A fleet that is asked about. */
export interface Deployment {
  readonly nodes: number;
  readonly changesPerSecond: number;
  /** Nodes that hear of each change: those that have its namespace open on their partitions. */
  readonly hearers: number;
}

/** Cores that a deployment needs for changes alone: reads are not in it. */
export interface Projection {
  /** Of Redis, all primaries together. */
  readonly redisCores: number;
  /** Of each node, for its share of the writes and for what it hears of the others. */
  readonly nodeCores: number;
}

/** Says what the model expects. */
export function project(model: ScaleModel, { nodes, changesPerSecond, hearers }: Deployment): Projection {
  const changeUs = model.redisChange.base + model.redisChange.perNode * hearers;
  const restUs = model.redisRest.base + model.redisRest.perNode * nodes;
  const heard = (changesPerSecond * (hearers - 1)) / nodes;
  const ownUs = (changesPerSecond / nodes) * model.writerChangeUs;
  return {
    redisCores: (changesPerSecond * changeUs + restUs) / 1e6,
    nodeCores: (ownUs + heard * model.hearerChangeUs + model.nodeRestUs) / 1e6,
  };
}
