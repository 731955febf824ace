import type { InvalidationMode, Selector } from '../../../../src/cache/rules/selector.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import { KEYS, PREFIXES, TAGS } from '../../workload/names.ts';
import { pickAtLeastOne, pickSome } from '../../workload/pick.ts';

const HOT_KEYS = 4;

/** Keys that hold counters, and nothing else. */
export const COUNTERS = ['n:1', 'n:2'] as const;

/** What a caller does next. */
export type Plan =
  | {
      readonly kind: 'get';
      readonly key: string;
      readonly consistency: 'any' | 'latest' | 'at-least';
      readonly allowStale: boolean;
    }
  | { readonly kind: 'batch-get'; readonly keys: readonly string[]; readonly consistency: 'any' | 'at-least' }
  | { readonly kind: 'compute'; readonly key: string; readonly withLease: boolean }
  | { readonly kind: 'set'; readonly key: string; readonly condition: 'none' | 'absent' | 'present' | 'revision' }
  | { readonly kind: 'delete' | 'touch'; readonly key: string }
  | { readonly kind: 'increment'; readonly key: string; readonly delta: number }
  | { readonly kind: 'invalidate'; readonly selectors: readonly Selector[]; readonly mode: InvalidationMode };

type Kind = Plan['kind'];

/** How often each is done, in a hundred. */
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ['get', 40],
  ['batch-get', 5],
  ['compute', 18],
  ['set', 18],
  ['delete', 3],
  ['touch', 3],
  ['increment', 6],
  ['invalidate', 7],
];

/** Returns what a caller does next. */
export function pickPlan(random: SeededRandom): Plan {
  const key = pickKey(random);
  switch (pickKind(random)) {
    case 'get':
      return {
        kind: 'get',
        key,
        consistency: random.pick(['any', 'any', 'any', 'at-least', 'at-least', 'latest']),
        allowStale: random.chance(0.3),
      };
    case 'batch-get':
      return {
        kind: 'batch-get',
        keys: pickAtLeastOne(random, KEYS, 5),
        consistency: random.pick(['any', 'at-least']),
      };
    case 'compute':
      return { kind: 'compute', key, withLease: random.chance(0.6) };
    case 'set':
      return {
        kind: 'set',
        key,
        condition: random.pick(['none', 'none', 'none', 'none', 'absent', 'present', 'revision']),
      };
    case 'delete':
      return { kind: 'delete', key };
    case 'touch':
      return { kind: 'touch', key };
    case 'increment':
      return { kind: 'increment', key: random.pick(COUNTERS), delta: random.below(9) + 1 };
    case 'invalidate':
      return pickInvalidation(random);
  }
}

/** Returns a key: mostly one of a few, so that callers meet. */
function pickKey(random: SeededRandom): string {
  return random.pick(random.chance(0.6) ? KEYS.slice(0, HOT_KEYS) : KEYS);
}

function pickKind(random: SeededRandom): Kind {
  let draw = random.below(100);
  for (const [kind, weight] of WEIGHTS) {
    if (draw < weight) return kind;
    draw -= weight;
  }
  return 'get';
}

function pickInvalidation(random: SeededRandom): Plan {
  const mode = random.chance(0.3) ? 'mark-stale' : 'remove';
  return { kind: 'invalidate', selectors: pickSelectors(random), mode };
}

function pickSelectors(random: SeededRandom): Selector[] {
  const draw = random.float();
  if (draw < 0.5) return pickAtLeastOne(random, KEYS, 3).map((key) => ({ kind: 'key', key }));
  if (draw < 0.8) return pickAtLeastOne(random, TAGS, 2).map((tag) => ({ kind: 'tag', tag }));
  if (draw < 0.95) return [{ kind: 'prefix', prefix: random.pick(PREFIXES) }];
  return [{ kind: 'namespace' }];
}

/** Returns a plain read, most of them with a token of another caller. */
export function pickRead(random: SeededRandom): Extract<Plan, { kind: 'get' }> {
  const consistency = random.pick<'any' | 'at-least'>(['any', 'at-least', 'at-least']);
  return { kind: 'get', key: pickKey(random), consistency, allowStale: random.chance(0.3) };
}

/** Returns the lifetime and tags of a new value: most outlive the run's faults, some are soon over. */
export function pickLife(random: SeededRandom): {
  readonly ttlMs: number;
  readonly staleWindowMs: number;
  readonly tags: string[];
} {
  const ttlMs = random.chance(0.85) ? 60_000 : 500 + random.below(2500);
  return { ttlMs, staleWindowMs: random.chance(0.5) ? 30_000 : 0, tags: pickSome(random, TAGS, 2) };
}
