import assert from 'node:assert/strict';
import type { GrantedLease, HeldLease, LeaseWish, Store } from '../../../src/store/store.ts';
import { type DefineCase, get, NS, opened, put, refOf, TTL_MS } from './store-harness.ts';

async function ask(store: Store, key: string, parts: Partial<LeaseWish> = {}): Promise<GrantedLease | HeldLease> {
  const { head } = await get(store, key);
  return store.acquireLease({ ...refOf(key), holdMs: 1000, stamp: head, voidBelow: 0, ...parts });
}

async function granted(store: Store, key: string, parts: Partial<LeaseWish> = {}): Promise<GrantedLease> {
  const answer = await ask(store, key, parts);
  assert.equal(answer.kind, 'granted');
  return answer as GrantedLease;
}

/** Who may fill a key, and for how long. */
export function leaseCases(test: DefineCase): void {
  test('the lease of a key is granted to one, and others are told how long it is held', async (harness) => {
    const store = await opened(harness);
    await granted(store, 'k', { holdMs: 1000 });
    await harness.advance(300);
    assert.deepEqual(await ask(store, 'k'), { kind: 'held', remainingMs: 700 });
    assert.equal((await ask(store, 'other')).kind, 'granted');
  });

  test('a lease is granted anew when its time is over, under another id', async (harness) => {
    const store = await opened(harness);
    const first = await granted(store, 'k', { holdMs: 1000 });
    await harness.advance(999);
    assert.deepEqual(await ask(store, 'k'), { kind: 'held', remainingMs: 1 });
    await harness.advance(1);
    assert.notEqual((await granted(store, 'k')).leaseId, first.leaseId);
  });

  test('granting a lease is no change', async (harness) => {
    const store = await opened(harness);
    const { head } = await get(store, 'k');
    await granted(store, 'k');
    assert.deepEqual((await get(store, 'k')).head, head);
  });

  test('a lease id tells its epoch', async (harness) => {
    const store = await opened(harness);
    const { chain } = await store.control(NS);
    const { leaseId } = await granted(store, 'k');
    assert.ok(leaseId.startsWith(`${chain.epoch}.`));
  });

  test('a leased write carries the stamp that the lease was granted at', async (harness) => {
    const store = await opened(harness);
    await put(store, 'other');
    const lease = await granted(store, 'k');
    await put(store, 'other');
    const written = await put(store, 'k', { guard: { kind: 'lease', leaseId: lease.leaseId } });
    assert.deepEqual(written.stamp, lease.stamp);
    assert.deepEqual((await get(store, 'k')).entry?.stamp, lease.stamp);
  });

  test('a stamp that a leased write gives counts more than that of the lease', async (harness) => {
    const store = await opened(harness);
    const lease = await granted(store, 'k');
    const { position } = await put(store, 'other');
    const written = await put(store, 'k', { guard: { kind: 'lease', leaseId: lease.leaseId }, stamp: position });
    assert.deepEqual(written.stamp, position);
  });

  test('a write, a retime and a removal of the key end its lease, also of an absent key', async (harness) => {
    const store = await opened(harness);
    const changes = [
      async () => put(store, 'k'),
      async () => store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' } }),
      async () => store.remove({ ...refOf('k'), cause: 'deleted' }),
      async () => store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' } }),
      async () => store.remove({ ...refOf('k'), cause: 'deleted' }),
    ];
    for (const [i, change] of changes.entries()) {
      const { leaseId } = await granted(store, 'k');
      await change();
      assert.equal(await store.releaseLease(refOf('k'), leaseId), false, `change ${i}`);
    }
  });

  test('a change of another key, a refused one and a read leave a lease held', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'other');
    const { leaseId } = await granted(store, 'k');
    await put(store, 'other');
    const guard = { kind: 'unchanged', position } as const;
    await store.retime({ ...refOf('k'), ttlMs: 1, staleWindowMs: 0, guard });
    await get(store, 'k');
    assert.equal((await ask(store, 'k')).kind, 'held');
    assert.equal(await store.releaseLease(refOf('k'), leaseId), true);
  });

  test('settling an entry leaves a lease held', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const { leaseId } = await granted(store, 'k');
    await store.settle(refOf('k'), position, 'removed');
    await put(store, 'k', { guard: { kind: 'lease', leaseId } });
  });

  test('a lease that an invalidation made void may be taken over, and its holder is refused', async (harness) => {
    // Method: void is what is stamped below `voidBelow`; a stamp equal to it is not below.
    const store = await opened(harness);
    const first = await granted(store, 'k');
    const held = await ask(store, 'k', { voidBelow: first.stamp.number });
    assert.equal(held.kind, 'held');
    const { position } = await store.invalidate({ namespaceId: NS, selector: { kind: 'namespace' }, mode: 'remove' });
    const second = await granted(store, 'k', { voidBelow: position.number });
    assert.deepEqual(second.stamp, position);
    assert.equal(await store.releaseLease(refOf('k'), first.leaseId), false);
    await put(store, 'k', { guard: { kind: 'lease', leaseId: second.leaseId } });
  });

  test('a released lease is free at once, and only its own id releases it', async (harness) => {
    const store = await opened(harness);
    const { leaseId } = await granted(store, 'k');
    assert.equal(await store.releaseLease(refOf('k'), `${leaseId}0`), false);
    assert.equal(await store.releaseLease(refOf('other'), leaseId), false);
    assert.equal((await ask(store, 'k')).kind, 'held');
    assert.equal(await store.releaseLease(refOf('k'), leaseId), true);
    assert.equal(await store.releaseLease(refOf('k'), leaseId), false);
    assert.equal((await ask(store, 'k')).kind, 'granted');
  });

  test('a lease whose time is over is not there to be released', async (harness) => {
    const store = await opened(harness);
    const { leaseId } = await granted(store, 'k', { holdMs: 10 });
    await harness.advance(10);
    assert.equal(await store.releaseLease(refOf('k'), leaseId), false);
  });
}
