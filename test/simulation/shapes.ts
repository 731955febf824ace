import type { Situation } from './situations.ts';

/** A fleet to simulate. */
export interface Shape {
  readonly name: string;
  /** Partitions of the namespace; the first is its control partition. */
  readonly spread: number;
  /** What may happen: everything, or only what must cost nothing. */
  readonly faults: 'all' | 'routine';
  /** What can't happen in it. */
  readonly never: readonly Situation[];
}

/** Nothing is lost and no bound is reached, so nobody may be told of anything. */
const neverRoutine: readonly Situation[] = [
  'a failover with loss',
  'a failover without loss',
  'a flap back to a replica that had missed an epoch',
  'a wiped store',
  'a write to a deposed primary',
  'a deposed primary noticed by a heartbeat',
  'a node led astray',
  'an epoch unrelated to the known one',
  'a fork that dropped entries',
  'a hole in the log',
  'a late try refused',
  'a token refused',
  'a forgotten tombstone',
  'a forgotten epoch',
  'a re-issued invalidation',
  'a killed node',
  'a stream told a Reset',
  'an outcome unknown',
];

/** Every shape that is simulated. */
export const shapes: readonly Shape[] = [
  { name: 'spread 1', spread: 1, faults: 'all', never: [] },
  { name: 'spread 3', spread: 3, faults: 'all', never: [] },
  { name: 'routine', spread: 3, faults: 'routine', never: neverRoutine },
];

/** Returns the shape with a name. */
export function shapeNamed(name: string): Shape {
  const found = shapes.find((shape) => shape.name === name);
  if (found === undefined) throw new Error(`no shape is called ${name}`);
  return found;
}
