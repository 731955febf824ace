const COUNTED = ['get', 'set', 'has', 'delete', 'keys', 'values', 'entries', 'forEach'] as const;

/** Returns how many Map operations `work` does, of all Maps there are; taking an iterator and each step of it count. */
export function countMapOperations(work: () => void): number {
  let count = 0;
  const prototype = Map.prototype as unknown as Record<string, (...args: unknown[]) => unknown>;
  const steps = Object.getPrototypeOf(new Map().entries()) as { next: (...args: unknown[]) => unknown };
  const originals = COUNTED.map((name) => [name, prototype[name]!] as const);
  const { next } = steps;
  const counting = (original: (...args: unknown[]) => unknown) =>
    function counted(this: unknown, ...args: unknown[]): unknown {
      count++;
      return original.apply(this, args);
    };
  for (const [name, original] of originals) prototype[name] = counting(original);
  steps.next = counting(next);
  try {
    work();
  } finally {
    for (const [name, original] of originals) prototype[name] = original;
    steps.next = next;
  }
  return count;
}
