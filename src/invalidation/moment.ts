import type { Placed } from '../cache/rules/token.ts';

/** The newest change of every partition at one time. Never changed: a later moment is another one. */
export type Moment = readonly Placed[];

/** Returns the moment after more changes, each partition's in order. */
export function momentAfter(moment: Moment, changes: readonly Placed[]): Moment {
  const newest = new Map(moment.map((placed) => [placed.partition, placed]));
  for (const { partition, position } of changes) newest.set(partition, { partition, position });
  return [...newest.values()].sort((a, b) => a.partition - b.partition);
}

/** Returns the first partition in which `moment` is behind `goal`, as it stands in both; `undefined` if in none. */
export function firstBehind(moment: Moment, goal: Moment): { readonly from: Placed; readonly to: Placed } | undefined {
  for (const to of goal) {
    const from = moment.find(({ partition }) => partition === to.partition);
    if (from !== undefined && from.position.number < to.position.number) return { from, to };
  }
  return undefined;
}
