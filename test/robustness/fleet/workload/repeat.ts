import { status } from '@grpc/grpc-js';
import { systemClock } from '../../../../src/base/clock.ts';
import { errorFacts } from '../../../support/call.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import type { FleetNode } from './fleet-node.ts';
import type { FleetWorld } from './fleet-world.ts';
import { pass } from './pause.ts';

/** What became of a call that was tried, maybe on several nodes. */
export type Repeated<T> = { readonly node: number; readonly life: number; readonly tries: number } & (
  | { readonly kind: 'answered'; readonly answer: T; readonly unsure: boolean }
  | { readonly kind: 'failed' | 'unknown'; readonly why: string }
);

/** Reasons by which a service says that nothing was done. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'STORE_UNAVAILABLE',
  'TOKEN_UNUSABLE',
  'OVERLOADED',
  'REQUEST_IDS_FULL',
]);

/** Milliseconds of one try, and between two. */
export const TRY_MS = 2000;
const AGAIN_MS_MAX = 200;

/**
 * Makes a call that changes something as a caller does who wants it made once: again on any node while nobody answers, and
 * in the end not knowing what became of it.
 */
export async function repeat<T>(
  world: FleetWorld,
  random: SeededRandom,
  triesMax: number,
  send: (node: FleetNode, deadline: number) => Promise<T>,
): Promise<Repeated<T>> {
  let unsure = false;
  for (let tries = 1; ; tries++) {
    const node = random.pick(world.nodes);
    const by = { node: node.index, life: node.life, tries };
    try {
      return { ...by, kind: 'answered', answer: await send(node, deadlineIn(TRY_MS)), unsure };
    } catch (failure) {
      const why = reasonOf(failure);
      unsure ||= !NOTHING_DONE.has(why);
      if (tries >= triesMax || why === 'TOKEN_UNUSABLE') return { ...by, kind: unsure ? 'unknown' : 'failed', why };
    }
    await pass(random.below(AGAIN_MS_MAX));
  }
}

/** Returns the deadline of a call, as gRPC wants it. */
export function deadlineIn(ms: number): number {
  return systemClock.nowMs() + ms;
}

/** Returns why a call failed: the reason that the service gave, else gRPC's own. Fails on what is nobody's fault but ours. */
export function reasonOf(failure: unknown): string {
  const { code, reason } = errorFacts(failure);
  const named = reason === '' ? (status[code] ?? `${failure}`) : reason;
  if (OURS.has(named)) throw failure;
  return named;
}

const OURS: ReadonlySet<string> = new Set([
  'INVALID_ARGUMENT',
  'UNIMPLEMENTED',
  'INTERNAL',
  'MALFORMED_MESSAGE',
  'NAMESPACE_NOT_FOUND',
]);
