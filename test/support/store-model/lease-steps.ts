import assert from 'node:assert/strict';
import { limits } from '../../../src/base/limits.ts';
import { pickLeaseTerms } from './random-choices.ts';
import type { RunState } from './run-state.ts';

/** Asks for the lease of a key. */
export function acquireLeaseStep(state: RunState): void {
  const { key, model, nowMs } = state;
  const { stamp, holdMs } = pickLeaseTerms(state);
  const voidBelow = model.voidBelow(key);
  const lease = state.store.acquireLease({ ...state.ref, holdMs, seen: state.moment(stamp) });
  const held = model.heldLease(key, nowMs);
  const leasesMax = state.options.limits.leasesPerNamespaceMax ?? limits.leasesPerNamespaceMax;
  if (held !== undefined && held.stamp >= voidBelow) {
    assert.deepEqual(lease, { kind: 'held', remainingMs: held.endsAtMs - nowMs });
  } else if (model.heldBeside(key, nowMs) >= leasesMax) {
    assert.deepEqual(lease, { kind: 'held', remainingMs: 1000 });
  } else {
    assert.ok(lease.kind === 'granted', 'the lease is free');
    assert.equal(lease.stamp.number, stamp);
    assert.ok(!state.leaseIds.includes(lease.leaseId), 'a lease id is used once');
    state.leaseIds.push(lease.leaseId);
    model.leases.set(key, { id: lease.leaseId, stamp, endsAtMs: nowMs + holdMs });
  }
}

/** Gives back a lease: mostly the one that is held, else one that is not. */
export function releaseLeaseStep(state: RunState): void {
  const { key, model } = state;
  const held = model.heldLease(key, state.nowMs);
  const leaseId = held !== undefined && state.random.chance(0.7) ? held.id : (state.leaseIds.at(-1) ?? 'none');
  assert.equal(state.store.releaseLease(state.ref, leaseId), held?.id === leaseId, 'released');
  if (held?.id === leaseId) model.leases.delete(key);
}
