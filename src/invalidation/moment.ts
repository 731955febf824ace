import type { Placed } from '../cache/rules/token.ts';

/** The newest change of every partition at one time. Never changed: a later moment is another one. */
export type Moment = readonly Placed[];

/** Returns the moment after one more change. */
export function momentAfter(moment: Moment, change: Placed): Moment {
  const { partition, position } = change;
  const others = moment.filter((placed) => placed.partition !== partition);
  return [...others, { partition, position }].sort((a, b) => a.partition - b.partition);
}

/** Returns the first partition in which `moment` is behind `goal`, as it stands in both; `undefined` if in none. */
export function firstBehind(moment: Moment, goal: Moment): { readonly from: Placed; readonly to: Placed } | undefined {
  for (const to of goal) {
    const from = moment.find(({ partition }) => partition === to.partition);
    if (from !== undefined && from.position.number < to.position.number) return { from, to };
  }
  return undefined;
}
