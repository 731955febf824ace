import assert from 'node:assert/strict';
import { limits } from '../../../src/base/limits.ts';
import type { Applied, Guarded, Once } from '../../../src/store/store.ts';
import { checkApplied, checkRefusal, checkRepeat, checkUntold, type Outcome } from './checks.ts';
import { pickRequestId } from './random-choices.ts';
import type { RunState } from './run-state.ts';

/** A change of the store, and the same of its model. */
export interface BothChanges {
  /** Whether the guard must refuse the change; `maybe` where the store may. */
  readonly guarded: boolean | 'maybe';
  /** Reason of the operating error that the change must end in, request ids aside. */
  readonly refusal: string | undefined;
  /** Makes the change in the store. */
  readonly make: (once: { once?: Once }) => Applied | Guarded;
  /** Makes the change in the model, and checks what the watcher was told. */
  readonly apply: (number: number, nowMs: number) => Outcome;
}

/** Makes a change, perhaps under a request id, and checks its result against the model. */
export function makeChange(state: RunState, { guarded, refusal, make, apply }: BothChanges): void {
  const { nowMs } = state;
  const id = pickRequestId(state.random);
  const once = id === undefined ? {} : { once: { requestId: id, note: `note at ${state.number}` } };
  const name = `${state.namespaceId} ${state.key} ${id}`;
  const live = state.remembered.filter((one) => nowMs - one.applied.nowMs <= limits.requestIdAgeMsMax);
  const earlier = id === undefined ? undefined : live.find((one) => one.name === name);
  if (earlier !== undefined) {
    checkRepeat(state, make(once), earlier, id!);
    return;
  }
  const full = id !== undefined && live.length >= (state.options.limits.requestIdsMax ?? limits.requestIdsMax);
  const reason = full ? 'REQUEST_IDS_FULL' : refusal;
  if (reason !== undefined) {
    checkRefusal(state, () => make(once), reason);
    return;
  }

  const result = make(once);
  if (guarded !== 'maybe') assert.equal(result.kind, guarded ? 'guarded' : 'applied', 'guard');
  if (result.kind === 'guarded') {
    state.model.live(state.key, nowMs);
    checkUntold(state);
    return;
  }
  const outcome = apply(++state.number, nowMs);
  checkApplied(state, result, outcome, nowMs);
  if (id !== undefined) state.remembered = [...live, { name, applied: result, note: once.once?.note }];
}
