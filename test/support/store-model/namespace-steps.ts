import assert from 'node:assert/strict';
import { limits } from '../../../src/base/limits.ts';
import type { NamespaceId } from '../../../src/store/store.ts';
import { NamespaceModel } from './namespace-model.ts';
import { pickCapacityBytes, pickPauseMs } from './random-choices.ts';
import type { RunState } from './run-state.ts';

const EXPIRY_WORK_MAX = 50;

/** Opens a namespace, or gives an open one another capacity. */
export function openStep(state: RunState, namespaceId: NamespaceId): void {
  const capacityBytes = pickCapacityBytes(state.random);
  state.store.openNamespace(namespaceId, capacityBytes);
  const model = state.models.get(namespaceId);
  if (model === undefined) {
    state.models.set(namespaceId, new NamespaceModel(capacityBytes));
  } else {
    model.capacityBytes = capacityBytes;
    model.shrink(state.nowMs);
  }
}

/** Drops this step's namespace, and opens it anew. */
export function dropStep(state: RunState): void {
  const { namespaceId } = state;
  state.store.dropNamespace(namespaceId);
  assert.throws(() => state.store.read(state.ref, { kind: 'any' }));
  state.models.delete(namespaceId);
  // An id is never used again, so nothing may be remembered of it: forget what the model of request ids holds.
  state.remembered = state.remembered.map((one) =>
    one.name.startsWith(`${namespaceId} `) ? { ...one, name: 'dropped' } : one,
  );
  state.clock.advance(limits.requestIdAgeMsMax + 1);
  openStep(state, namespaceId);
}

/** Lets time pass, and sweeps the store if the run does. */
export function pauseStep(state: RunState): void {
  state.clock.advance(pickPauseMs(state.random));
  if (!state.options.swept) return;
  while (state.store.expireDue(EXPIRY_WORK_MAX) === EXPIRY_WORK_MAX);
  for (const model of state.models.values()) model.sweep(state.nowMs);
}
