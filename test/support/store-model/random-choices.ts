import { limits } from '../../../src/base/limits.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import type { NamespaceId } from '../../../src/store/store.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { ModelEntry } from './namespace-model.ts';
import type { RunState } from './run-state.ts';

/** The namespaces of every run. */
export const NAMESPACES = ['ns-a', 'ns-b'] as NamespaceId[];

const KEYS = Array.from({ length: 24 }, (_, i) => `${['a:', 'a:b/', 'c/', ''][i % 4]}k${i}`);
const TAGS = ['red', 'green', 'blü'];
const CAPACITIES = [5_000, 9_000, 16_000];

// A seed repeats its run only while every function here draws the same numbers in the same order.

/** Picks a key; they are so few that operations meet. */
export function pickKey(random: SeededRandom): string {
  return random.pick(KEYS);
}

/** Picks a capacity; all are so small that entries are evicted. */
export function pickCapacityBytes(random: SeededRandom): number {
  return random.pick(CAPACITIES);
}

/** Picks how long nothing happens: seldom so long that fences or request ids are forgotten. */
export function pickPauseMs(random: SeededRandom): number {
  const long = [limits.fenceAgeMsMax, limits.fenceAgeMsMax + 1, limits.requestIdAgeMsMax, 2 ** 30];
  return random.chance(0.02) ? random.pick(long) : random.below(random.chance(0.2) ? 400 : 8);
}

/** What a random write stores, with the value as the text that the model keeps. */
export type RandomContent = Pick<ModelEntry, 'value' | 'contentType' | 'tags'>;

/** Picks a write's content; a few values are too large for any namespace. */
export function pickContent(random: SeededRandom): RandomContent {
  const text = 'é'.repeat(random.below(random.chance(0.1) ? 600 : 40));
  const value = random.chance(0.1) ? undefined : random.chance(0.01) ? 'x'.repeat(16_000) : text;
  const tags = TAGS.filter(() => random.chance(0.3));
  return { value, contentType: random.pick(['', 'text/plain']), tags };
}

/** Picks a lifetime for a write: mostly one that ends during the run. */
export function pickWriteLifetime(random: SeededRandom): { ttlMs: number; staleWindowMs: number } {
  return { ttlMs: 1 + random.below(random.chance(0.1) ? 1e6 : 300), staleWindowMs: random.below(50) };
}

/** Picks a lifetime for an entry that is retimed. */
export function pickRetimeLifetime(random: SeededRandom): { ttlMs: number; staleWindowMs: number } {
  return { ttlMs: 1 + random.below(300), staleWindowMs: random.below(50) };
}

/** Picks any number that the log has given, or 0. */
export function pickNumber({ random, number }: RunState): number {
  return random.below(number + 1);
}

/** Picks what an invalidation hits. */
export function pickSelector({ random, key }: RunState): Selector {
  return random.pick<Selector>([
    { kind: 'key', key },
    { kind: 'tag', tag: random.pick(TAGS) },
    { kind: 'prefix', prefix: random.pick(['a:', 'a:b/', 'c/']) },
    { kind: 'namespace' },
  ]);
}

/** Picks what an invalidation does. */
export function pickMode(random: SeededRandom): InvalidationMode {
  return random.pick<InvalidationMode>(['remove', 'mark-stale', 'mark-stale']);
}

/** Picks what a lease is asked for with: what was seen, as a number, and mostly that is the newest. */
export function pickLeaseTerms(state: RunState): { stamp: number; holdMs: number } {
  const stamp = state.random.chance(0.5) ? state.number : pickNumber(state);
  return { stamp, holdMs: 1 + state.random.below(200) };
}

/** Picks a request id for some changes; they are so few that changes are repeated. */
export function pickRequestId(random: SeededRandom): string | undefined {
  return random.chance(0.15) ? `id-${random.below(6)}` : undefined;
}
