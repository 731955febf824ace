/** Every order of some things. */
export function* permutations<T>(things: readonly T[]): Generator<T[]> {
  if (things.length === 0) yield [];
  for (const [place, first] of things.entries()) {
    const others = things.filter((_, other) => other !== place);
    for (const rest of permutations(others)) yield [first, ...rest];
  }
}
