import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { Lru } from '../../src/policy/lru.ts';
import { MemoryStore } from '../../src/store/memory/memory-store.ts';
import type { NamespaceId } from '../../src/store/store.ts';
import { median } from '../support/medians.ts';

/** How long it takes to invalidate a tag, in microseconds: one that many entries carry, and one that a single one does. */
export interface InvalidationTime {
  readonly manyUs: number;
  readonly oneUs: number;
}

const namespaceId = 'bench' as NamespaceId;
const ENTRIES = 1_000_000;
const ENTRY_BYTES_MAX = 1024;
const INVALIDATIONS_PER_ROUND = 10_000;
const ROUNDS = 21;

/** Measures the invalidation of a tag on a million entries beside one on a single entry, in turns, in this process. */
export function invalidationTime(): InvalidationTime {
  const store = new MemoryStore({
    clock: systemClock,
    random: systemRandom,
    makePolicy: (slotCount) => new Lru(slotCount),
  });
  store.openNamespace(namespaceId, ENTRIES * ENTRY_BYTES_MAX);
  for (let n = 0; n < ENTRIES; n++) write(store, `many:${n}`, 'many');
  write(store, 'one', 'one');
  const rounds = Array.from({ length: ROUNDS }, () => ({ manyUs: timeUs(store, 'many'), oneUs: timeUs(store, 'one') }));
  return { manyUs: median(rounds.map(({ manyUs }) => manyUs)), oneUs: median(rounds.map(({ oneUs }) => oneUs)) };
}

function write(store: MemoryStore, key: string, tag: string): void {
  const content = { value: undefined, contentType: '', tags: [tag] };
  store.write({ namespaceId, key, ...content, ttlMs: 3_600_000, staleWindowMs: 0, guard: { kind: 'none' } });
}

function timeUs(store: MemoryStore, tag: string): number {
  const beganMs = systemClock.monotonicMs();
  for (let n = 0; n < INVALIDATIONS_PER_ROUND; n++) {
    store.invalidate({ namespaceId, selector: { kind: 'tag', tag }, mode: 'remove' });
  }
  return ((systemClock.monotonicMs() - beganMs) * 1000) / INVALIDATIONS_PER_ROUND;
}
