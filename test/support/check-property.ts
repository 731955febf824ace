import fc from 'fast-check';

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

/** Checks a property on random inputs. A failure prints the seed; SEED in the environment repeats a run. */
export function checkProperty<Inputs>(property: fc.IProperty<Inputs>, numRuns = 500): void {
  fc.assert(property, { seed, numRuns });
}

/** Checks a property that takes several turns. */
export async function checkAsyncProperty<Inputs>(property: fc.IAsyncProperty<Inputs>, numRuns: number): Promise<void> {
  await fc.assert(property, { seed, numRuns });
}
