import type { SeededRandom } from '../../support/seeded-random.ts';
import type { CauseName, Filter } from '../history/history.ts';
import { KEYS, ORIGINS, PREFIXES, TAGS } from './names.ts';
import { pickSome } from './pick.ts';

const CAUSES: readonly CauseName[] = ['SET', 'TOUCH', 'DELETE', 'KEY', 'TAG', 'PREFIX', 'NAMESPACE'];

/** Everything, of everybody. */
export const everything: Filter = {
  ...{ prefixes: [], tags: [], keys: [], causes: [] },
  ...{ origin: undefined, includeOwn: false },
};

/** Returns a random filter: a third of them ask for everything, few by all three ways at once. */
export function pickFilter(random: SeededRandom): Filter {
  const open = random.chance(0.3);
  return {
    prefixes: open || random.chance(0.5) ? [] : pickSome(random, PREFIXES, 2),
    tags: open || random.chance(0.5) ? [] : pickSome(random, TAGS, 2),
    keys: open || random.chance(0.5) ? [] : pickSome(random, KEYS, 4),
    causes: random.chance(0.7) ? [] : pickSome(random, CAUSES, 5),
    origin: random.chance(0.5) ? random.pick(ORIGINS) : undefined,
    includeOwn: random.chance(0.3),
  };
}
