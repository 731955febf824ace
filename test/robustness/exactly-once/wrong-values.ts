import type { Changer } from './changer.ts';

type Values = ReadonlyMap<string, bigint>;

/** Returns the counters and registers that are not what their callers know them to be, in words. */
export function wrongValues(changers: readonly Changer[], values: Values): string[] {
  return [...wrongCounters(changers, values), ...wrongRegisters(changers, values)];
}

/** A counter of n increments is n, and they were answered 1 to n, each once. */
function wrongCounters(changers: readonly Changer[], values: Values): string[] {
  const names = new Set(changers.flatMap(({ sums }) => [...sums.keys()]));
  return [...names].flatMap((name) => {
    const sums = changers.flatMap((changer) => changer.sums.get(name) ?? []);
    const distinct = new Set(sums).size;
    const right = values.get(name) === BigInt(sums.length) && distinct === sums.length;
    return right ? [] : [`${name} is ${values.get(name)} after ${sums.length} increments with ${distinct} answers`];
  });
}

function wrongRegisters(changers: readonly Changer[], values: Values): string[] {
  return changers
    .filter(({ register, stored }) => values.get(register) !== BigInt(stored))
    .map(({ register, stored }) => `${register} is ${values.get(register)} after ${stored} Sets`);
}
