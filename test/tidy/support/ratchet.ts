/** Something that has a size. */
export interface Sized {
  readonly name: string;
  readonly lines: number;
}

/**
 * Returns in words what is too long, what has grown beyond its entry in the ratchet list, and which entries are no
 * longer needed.
 */
export function ratchetComplaints(
  sizes: readonly Sized[],
  maxOf: (name: string) => number,
  ratchet: Readonly<Record<string, number>>,
): string[] {
  const long = sizes.filter(({ name, lines }) => lines > maxOf(name));
  const grown = long.flatMap(({ name, lines }) => {
    const allowed = ratchet[name] ?? maxOf(name);
    return lines > allowed ? [`${name} has ${lines} lines, ${allowed} are allowed: split it`] : [];
  });
  const idle = Object.keys(ratchet).filter((name) => !long.some((sized) => sized.name === name));
  return [...grown, ...idle.map((name) => `${name} is short enough now: take it from the ratchet list`)];
}

/** Returns the middle of some numbers, the upper one of two; 0 of none. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
