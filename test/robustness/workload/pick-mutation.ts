import type { SeededRandom } from '../../support/seeded-random.ts';
import type { ModeName, Mutation } from '../history/history.ts';
import { KEYS, ORIGINS, PREFIXES, TAGS } from './names.ts';
import { pickAtLeastOne, pickSome } from './pick.ts';

/** A change that a caller wants, before it is asked for. */
export type MutationPlan = Pick<Mutation, 'targets' | 'cause' | 'mode' | 'tags' | 'origin' | 'traceparent'>;

type What = Pick<MutationPlan, 'targets' | 'cause' | 'mode' | 'tags'>;

/** Returns a random change: half of them write, a fifth are wide. */
export function pickMutation(random: SeededRandom): MutationPlan {
  const origin = random.chance(0.5) ? random.pick(ORIGINS) : undefined;
  return { ...pickWhat(random), origin, traceparent: traceparentOf(random) };
}

/** Returns a W3C trace context that no other call has. */
export function traceparentOf(random: SeededRandom): string {
  return `00-${random.bytes(16).toString('hex')}-${random.bytes(8).toString('hex')}-01`;
}

function pickWhat(random: SeededRandom): What {
  const mode = random.pick<ModeName>(['REMOVE', 'MARK_STALE']);
  const key = { kind: 'key', key: random.pick(KEYS) } as const;
  const keys = (): What['targets'] => pickAtLeastOne(random, KEYS, 3).map((each) => ({ kind: 'key', key: each }));
  const tags = (): What['targets'] => pickAtLeastOne(random, TAGS, 3).map((tag) => ({ kind: 'tag', tag }));
  const draw = random.float();
  if (draw < 0.4) return { targets: [key], cause: 'SET', mode: 'UNSPECIFIED', tags: pickSome(random, TAGS, 3) };
  if (draw < 0.5) return { targets: [key], cause: 'SET', mode: 'UNSPECIFIED', tags: undefined };
  if (draw < 0.6) return { targets: [key], cause: 'TOUCH', mode: 'UNSPECIFIED', tags: undefined };
  if (draw < 0.7) return { targets: [key], cause: 'DELETE', mode: 'UNSPECIFIED', tags: undefined };
  if (draw < 0.8) return { targets: keys(), cause: 'KEY', mode, tags: undefined };
  if (draw < 0.9) return { targets: tags(), cause: 'TAG', mode, tags: undefined };
  const prefix = { kind: 'prefix', prefix: random.pick(PREFIXES) } as const;
  if (draw < 0.97) return { targets: [prefix], cause: 'PREFIX', mode, tags: undefined };
  return { targets: [{ kind: 'namespace' }], cause: 'NAMESPACE', mode, tags: undefined };
}
