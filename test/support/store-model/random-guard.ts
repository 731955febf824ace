import { limits } from '../../../src/base/limits.ts';
import type { Guard } from '../../../src/store/store.ts';
import { pickNumber } from './random-choices.ts';
import type { RunState } from './run-state.ts';

const NONE: Guard = { kind: 'none' };

/** A guard, and what the model says of it. */
export interface JudgedGuard {
  readonly guard: Guard;
  /** Whether a change under the guard must be refused; `maybe` where few tombstones let the store refuse more. */
  readonly guarded: boolean | 'maybe';
  /** The stamp of the held lease, or of the fence, that is the guard. */
  readonly broughtStamp?: number;
}

/** Picks a guard for a change of this step's key, and says whether the model would refuse a change under it. */
export function pickGuard(state: RunState): JudgedGuard {
  const kind = state.random.below(4);
  if (kind === 0) return { guard: NONE, guarded: false };
  if (kind === 1) return pickUnchanged(state);
  if (kind === 2) return pickLease(state);
  return pickFence(state);
}

function pickUnchanged(state: RunState): JudgedGuard {
  const { random, model, key, nowMs } = state;
  const entry = model.entries.get(key);
  const live = entry !== undefined && nowMs < entry.goneAtMs ? entry.number : undefined;
  const number = random.chance(0.7) ? live : random.chance(0.5) ? undefined : pickNumber(state);
  const position = number === undefined ? undefined : state.position(number);
  return { guard: { kind: 'unchanged', position }, guarded: number !== live };
}

function pickLease({ random, model, key, nowMs, leaseIds }: RunState): JudgedGuard {
  const held = model.heldLease(key, nowMs);
  const leaseId =
    held !== undefined && random.chance(0.7) ? held.id : ((random.chance(0.5) ? leaseIds.at(-1) : undefined) ?? 'x');
  if (held?.id !== leaseId) return { guard: { kind: 'lease', leaseId }, guarded: true };
  return { guard: { kind: 'lease', leaseId }, guarded: false, broughtStamp: held.stamp };
}

function pickFence(state: RunState): JudgedGuard {
  const { random, model, key, nowMs } = state;
  const mine = state.seenHeads.filter((seen) => seen.key === key);
  const seen = random.chance(0.7) && mine.length > 0 ? random.pick(mine) : { number: state.number, givenAtMs: nowMs };
  const overtaken = (model.lastChange.get(key) ?? 0) > seen.number;
  const guarded = overtaken || nowMs - seen.givenAtMs > limits.fenceAgeMsMax;
  const fence = { moment: state.moment(seen.number), givenAtMs: seen.givenAtMs };
  return {
    guard: { kind: 'fence', fence },
    broughtStamp: seen.number,
    guarded: guarded || (state.fewTombstones && seen.number < state.number ? 'maybe' : false),
  };
}
