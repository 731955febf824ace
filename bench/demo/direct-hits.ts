import { DirectLru } from '../traces/direct-lru.ts';
import type { ReplayPlan } from './plan.ts';

/** Returns how often a plain in-process LRU of the same capacity hits in the same trace, in the trace's order. */
export function directHits(plan: ReplayPlan): number {
  const lru = new DirectLru(plan.capacityBytes);
  let hits = 0;
  for (const [index, key] of plan.trace.keys.entries()) {
    if (lru.get(key)) hits += 1;
    else lru.set(key, plan.weightBytesAt(index));
  }
  return hits;
}
