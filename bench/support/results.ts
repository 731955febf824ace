import { writeFileSync } from 'node:fs';

/** One figure of a benchmark, as bench/results/latest.json lists them. */
export interface Figure {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is compared with. */
  readonly peer?: string | undefined;
  /** How much better than the peer, above 1 is better: throughput over the peer's, the peer's CPU time over ours. */
  readonly ratio?: number | undefined;
  /** The smallest sample of a figure that noise only adds to, beside `value`, the median. */
  readonly least?: number | undefined;
  /** As `ratio`, of our smallest sample and the peer's. */
  readonly leastRatio?: number | undefined;
  /** What is asked for, as text: `ratio >= 0.9`. */
  readonly goal?: string | undefined;
  readonly met?: boolean | undefined;
}

/** A bound on a figure's value or ratio. */
export interface Goal {
  readonly on: 'value' | 'ratio';
  readonly is: '>=' | '<=';
  readonly bound: number;
}

/** Returns the figure with its goal judged. A figure without the number that the goal is about has not met it. */
export function judged(figure: Figure, { on, is, bound }: Goal): Figure {
  const number = figure[on] ?? Number.NaN;
  return { ...figure, goal: `${on} ${is} ${bound}`, met: is === '>=' ? number >= bound : number <= bound };
}

/** Writes something as JSON that reads well in a diff. Numbers keep four significant digits. */
export function writeJson(path: string, content: unknown): void {
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  writeFileSync(path, `${JSON.stringify(content, rounded, 2)}\n`);
}
