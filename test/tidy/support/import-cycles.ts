import type { Import } from './imports-of.ts';

/**
 * Returns the groups of files that import each other in a circle, each sorted: the strongly connected components with
 * more than one file (Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1, 1972).
 */
export function importCycles(imports: readonly Pick<Import, 'from' | 'target'>[]): string[][] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];

  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    for (const { target } of targets.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file)!, low.get(target)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const component = stack.splice(stack.indexOf(file));
    if (component.length > 1) cycles.push(component.sort());
  };

  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return cycles;
}
