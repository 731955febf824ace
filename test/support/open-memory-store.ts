import { Lru } from '../../src/policy/lru.ts';
import type { MemoryLimits } from '../../src/store/memory/memory-namespace.ts';
import { MemoryStore } from '../../src/store/memory/memory-store.ts';
import { ManualClock } from './manual-clock.ts';
import { SeededRandom } from './seeded-random.ts';

/** A memory store with LRU eviction, and the clock it runs by. */
export interface OpenMemoryStore {
  readonly store: MemoryStore;
  readonly clock: ManualClock;
}

/** Returns an empty memory store on a manual clock. */
export function openMemoryStore(limits: MemoryLimits = {}): OpenMemoryStore {
  const clock = new ManualClock();
  const makePolicy = (slotCount: number): Lru => new Lru(slotCount);
  return { clock, store: new MemoryStore({ clock, random: new SeededRandom(1), makePolicy, limits }) };
}
