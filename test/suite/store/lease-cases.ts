import assert from 'node:assert/strict';
import type { Selector } from '../../../src/cache/rules/selector.ts';
import type { GrantedLease, HeldLease, OvertakenLease } from '../../../src/store/store.ts';
import {
  type DefineCase,
  get,
  HOLD_MS,
  homeIn,
  keysTogether,
  moveControl,
  NS,
  opened,
  put,
  refOf,
  type StoreHarness,
  TTL_MS,
} from './store-harness.ts';

async function ask(
  harness: StoreHarness,
  key: string,
  holdMs = HOLD_MS,
): Promise<GrantedLease | HeldLease | OvertakenLease> {
  const { moment } = await get(harness, key);
  return harness.store.acquireLease({ ...refOf(key), holdMs, seen: moment });
}

async function granted(harness: StoreHarness, key: string, holdMs?: number): Promise<GrantedLease> {
  const answer = await ask(harness, key, holdMs);
  assert.equal(answer.kind, 'granted');
  return answer as GrantedLease;
}

/** Who may fill a key, and for how long. */
export function leaseCases(test: DefineCase): void {
  test('the lease of a key is granted to one, and others are told how long it is held', async (harness) => {
    await opened(harness);
    await granted(harness, 'k', HOLD_MS);
    await harness.advance(300);
    assert.deepEqual(await ask(harness, 'k'), { kind: 'held', remainingMs: HOLD_MS - 300 });
    assert.equal((await ask(harness, 'other')).kind, 'granted');
  });

  test('a lease is granted anew when its time is over, under another id', async (harness) => {
    await opened(harness);
    const first = await granted(harness, 'k', HOLD_MS);
    await harness.advance(HOLD_MS - 1);
    assert.deepEqual(await ask(harness, 'k'), { kind: 'held', remainingMs: 1 });
    await harness.advance(1);
    assert.notEqual((await granted(harness, 'k')).leaseId, first.leaseId);
  });

  test('granting a lease is no change', async (harness) => {
    await opened(harness);
    const { moment } = await get(harness, 'k');
    await granted(harness, 'k');
    assert.deepEqual((await get(harness, 'k')).moment, moment);
  });

  test('a lease id tells its epoch', async (harness) => {
    const store = await opened(harness);
    const { moment } = await get(harness, 'k');
    const { leaseId } = await granted(harness, 'k');
    assert.ok(leaseId.startsWith(`${store.chain(homeIn(store, moment)).epoch}.`));
  });

  test('a leased write carries the stamp that the lease was granted at', async (harness) => {
    const store = await opened(harness);
    const before = await moveControl(store);
    const lease = await granted(harness, 'k');
    await moveControl(store);
    const written = await put(store, 'k', { guard: { kind: 'lease', leaseId: lease.leaseId } });
    assert.deepEqual(lease.stamp, before.position);
    assert.deepEqual(written.stamp, lease.stamp);
    assert.deepEqual((await get(harness, 'k')).entry?.stamp, lease.stamp);
  });

  test('what a leased write says that it had seen counts more than what the lease had', async (harness) => {
    const store = await opened(harness);
    const lease = await granted(harness, 'k');
    const { position } = await moveControl(store);
    const { moment } = await get(harness, 'k');
    const written = await put(store, 'k', { guard: { kind: 'lease', leaseId: lease.leaseId }, seen: moment });
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
      const { leaseId } = await granted(harness, 'k');
      await change();
      assert.equal(await store.releaseLease(refOf('k'), leaseId), false, `change ${i}`);
    }
  });

  test('a change of another key, a refused one and a read leave a lease held', async (harness) => {
    const store = await opened(harness);
    const [key, other] = (await keysTogether(store, 2)) as [string, string];
    const { position } = await put(store, other);
    const { leaseId } = await granted(harness, key);
    await put(store, other);
    const guard = { kind: 'unchanged', position } as const;
    await store.retime({ ...refOf(key), ttlMs: 1, staleWindowMs: 0, guard });
    await get(harness, key);
    assert.equal((await ask(harness, key)).kind, 'held');
    assert.equal(await store.releaseLease(refOf(key), leaseId), true);
  });

  test('settling an entry leaves a lease held', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const { leaseId } = await granted(harness, 'k');
    await store.settle(refOf('k'), position, 'removed');
    await put(store, 'k', { guard: { kind: 'lease', leaseId } });
  });

  test('a lease that an invalidation made void may be taken over, and its holder is refused', async (harness) => {
    // Method: void is what is stamped below a watermark that covers the key; a stamp equal to it is not below.
    const store = await opened(harness);
    const selectors: Selector[] = [
      { kind: 'key', key: 'a:k' },
      { kind: 'prefix', prefix: 'a:' },
      { kind: 'namespace' },
    ];
    let holder = await granted(harness, 'a:k');
    for (const [i, selector] of selectors.entries()) {
      assert.equal((await ask(harness, 'a:k')).kind, 'held');
      const mode = i === 0 ? 'mark-stale' : 'remove';
      const { position } = await store.invalidate({ namespaceId: NS, selector, mode });
      const next = await granted(harness, 'a:k');
      assert.deepEqual(next.stamp, position);
      assert.equal(await store.releaseLease(refOf('a:k'), holder.leaseId), false);
      holder = next;
    }
    assert.equal((await ask(harness, 'a:k')).kind, 'held');
    await put(store, 'a:k', { guard: { kind: 'lease', leaseId: holder.leaseId } });
  });

  test('an invalidation of another key, prefix or of a tag leaves a lease held', async (harness) => {
    // Which tags an entry will have is not known before it is there: its stamp decides then.
    const store = await opened(harness);
    const { leaseId } = await granted(harness, 'a:k');
    const selectors: Selector[] = [
      { kind: 'key', key: 'a:other' },
      { kind: 'prefix', prefix: 'b:' },
      { kind: 'tag', tag: 't' },
    ];
    for (const selector of selectors) await store.invalidate({ namespaceId: NS, selector, mode: 'remove' });
    assert.equal((await ask(harness, 'a:k')).kind, 'held');
    assert.equal(await store.releaseLease(refOf('a:k'), leaseId), true);
  });

  test('a released lease is free at once, and only its own id releases it', async (harness) => {
    const store = await opened(harness);
    const { leaseId } = await granted(harness, 'k');
    assert.equal(await store.releaseLease(refOf('k'), `${leaseId}0`), false);
    assert.equal(await store.releaseLease(refOf('other'), leaseId), false);
    assert.equal((await ask(harness, 'k')).kind, 'held');
    assert.equal(await store.releaseLease(refOf('k'), leaseId), true);
    assert.equal(await store.releaseLease(refOf('k'), leaseId), false);
    assert.equal((await ask(harness, 'k')).kind, 'granted');
  });

  test('a lease whose time is over is not there to be released', async (harness) => {
    const store = await opened(harness);
    const { leaseId } = await granted(harness, 'k');
    await harness.advance(HOLD_MS);
    assert.equal(await store.releaseLease(refOf('k'), leaseId), false);
  });
}
