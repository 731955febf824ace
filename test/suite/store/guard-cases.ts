import assert from 'node:assert/strict';
import { limits } from '../../../src/base/limits.ts';
import type { Guard, Store } from '../../../src/store/store.ts';
import {
  applied,
  controlIn,
  type DefineCase,
  FOREIGN_EPOCH,
  fenceNow,
  get,
  HOLD_MS,
  homeIn,
  keysTogether,
  moveControl,
  opened,
  positionAt,
  put,
  refOf,
  type StoreHarness,
  TTL_MS,
  writeOf,
} from './store-harness.ts';

const UNGUARDED: Guard = { kind: 'none' };

async function tryWrite(store: Store, key: string, guard: Guard): Promise<'applied' | 'guarded'> {
  return (await store.write(writeOf(key, { guard }))).kind;
}

async function leaseOf(harness: StoreHarness, key: string, holdMs = HOLD_MS): Promise<string> {
  const { moment } = await get(harness, key);
  const lease = await harness.store.acquireLease({ ...refOf(key), holdMs, seen: moment });
  assert.equal(lease.kind, 'granted');
  return lease.kind === 'granted' ? lease.leaseId : '';
}

/** When a guarded change is applied. */
export function guardCases(test: DefineCase): void {
  test('a refused change changes nothing and takes no number', async (harness) => {
    const store = await opened(harness);
    const written = await put(store, 'k');
    const guard = { kind: 'unchanged', position: undefined } as const;
    assert.deepEqual(await store.write(writeOf('k', { guard })), { kind: 'guarded' });
    assert.deepEqual(await store.retime({ ...refOf('k'), ttlMs: 1, staleWindowMs: 0, guard }), { kind: 'guarded' });
    const { entry, moment } = await get(harness, 'k');
    assert.deepEqual(entry?.position, written.position);
    assert.deepEqual(positionAt(moment, homeIn(store, moment)), written.position);
  });

  test('unchanged at no position holds where there is no entry, also after its time', async (harness) => {
    const store = await opened(harness);
    const none: Guard = { kind: 'unchanged', position: undefined };
    assert.equal(await tryWrite(store, 'k', none), 'applied');
    assert.equal(await tryWrite(store, 'k', none), 'guarded');
    await harness.advance(TTL_MS);
    assert.equal(await tryWrite(store, 'k', none), 'applied');
  });

  test('unchanged at a position holds while the entry is the one written there', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const same: Guard = { kind: 'unchanged', position };
    assert.equal(await tryWrite(store, 'k', same), 'applied');
    assert.equal(await tryWrite(store, 'k', same), 'guarded');
  });

  test('unchanged fails after a retime, a removal, and the end of the entry', async (harness) => {
    const store = await opened(harness);
    const positions = new Map<string, Guard>();
    for (const key of ['retime', 'remove', 'expire']) {
      positions.set(key, { kind: 'unchanged', position: (await put(store, key, { ttlMs: 50 })).position });
    }
    await store.retime({ ...refOf('retime'), ttlMs: TTL_MS, staleWindowMs: 0, guard: UNGUARDED });
    await store.remove({ ...refOf('remove'), cause: 'deleted' });
    await harness.advance(50);
    for (const [key, guard] of positions) assert.equal(await tryWrite(store, key, guard), 'guarded', key);
  });

  test('unchanged in another epoch fails', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const foreign = { epoch: FOREIGN_EPOCH, number: position.number };
    assert.equal(await tryWrite(store, 'k', { kind: 'unchanged', position: foreign }), 'guarded');
  });

  test('a retime obeys its guard', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const retime = { ...refOf('k'), ttlMs: 1, staleWindowMs: 0, guard: { kind: 'unchanged', position } } as const;
    applied(await store.retime(retime));
    assert.equal((await store.retime(retime)).kind, 'guarded');
  });

  test('a fence stands while the key has not changed, whatever happens to others', async (harness) => {
    const store = await opened(harness);
    const [key, other] = (await keysTogether(store, 2)) as [string, string];
    const fence = await fenceNow(harness, key);
    await put(store, other);
    await moveControl(store);
    assert.equal(await tryWrite(store, key, { kind: 'fence', fence }), 'applied');
  });

  test('a fence falls with a write, a retime and a removal of its key, also of an absent one', async (harness) => {
    const store = await opened(harness);
    const overtakes: Record<string, () => Promise<unknown>> = {
      write: async () => store.write(writeOf('write')),
      retime: async () => store.retime({ ...refOf('retime'), ttlMs: 9, staleWindowMs: 0, guard: UNGUARDED }),
      remove: async () => store.remove({ ...refOf('remove'), cause: 'invalidated' }),
    };
    for (const [key, overtake] of Object.entries(overtakes)) {
      const fence = await fenceNow(harness, key);
      await overtake();
      assert.equal(await tryWrite(store, key, { kind: 'fence', fence }), 'guarded', key);
    }
  });

  test('a fence from before an entry stays fallen when the entry has expired', async (harness) => {
    const store = await opened(harness);
    const fence = await fenceNow(harness, 'k');
    await put(store, 'k', { ttlMs: 5 });
    await harness.advance(5);
    assert.equal(await tryWrite(store, 'k', { kind: 'fence', fence }), 'guarded');
  });

  test('a fence from after an entry was written stands when the entry has expired', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { ttlMs: 5 });
    const fence = await fenceNow(harness, 'k');
    await harness.advance(5);
    assert.equal(await tryWrite(store, 'k', { kind: 'fence', fence }), 'applied');
  });

  test('a fence is honoured up to its greatest age, and no longer', async (harness) => {
    const store = await opened(harness);
    const fence = await fenceNow(harness, 'k');
    await harness.advance(limits.fenceAgeMsMax);
    assert.equal(await tryWrite(store, 'k', { kind: 'fence', fence }), 'applied');
    const late = await fenceNow(harness, 'other');
    await harness.advance(limits.fenceAgeMsMax + 1);
    assert.equal(await tryWrite(store, 'other', { kind: 'fence', fence: late }), 'guarded');
  });

  test('a fence of another epoch falls', async (harness) => {
    const store = await opened(harness);
    const { moment, givenAtMs } = await fenceNow(harness, 'k');
    const foreign = moment.map(({ partition, position: { number } }) => {
      return { partition, position: { epoch: FOREIGN_EPOCH, number } };
    });
    const fence = { moment: foreign, givenAtMs };
    assert.equal(await tryWrite(store, 'k', { kind: 'fence', fence }), 'guarded');
  });

  test('a fence that had not seen the partition of the key, or the control partition, falls', async (harness) => {
    const store = await opened(harness);
    const { moment, givenAtMs } = await fenceNow(harness, 'k');
    for (const unseen of moment) {
      const fence = { moment: moment.filter((placed) => placed !== unseen), givenAtMs };
      assert.equal(await tryWrite(store, 'k', { kind: 'fence', fence }), 'guarded', `${unseen.partition}`);
    }
  });

  test('a fenced write carries the stamp that the fence had seen', async (harness) => {
    const store = await opened(harness);
    const fence = await fenceNow(harness, 'k');
    await moveControl(store);
    const written = await put(store, 'k', { guard: { kind: 'fence', fence } });
    assert.deepEqual(written.stamp, controlIn(store, fence.moment));
    assert.deepEqual((await get(harness, 'k')).entry?.stamp, written.stamp);
  });

  test('a lease lets its holder write once', async (harness) => {
    const store = await opened(harness);
    const leaseId = await leaseOf(harness, 'k');
    assert.equal(await tryWrite(store, 'k', { kind: 'lease', leaseId }), 'applied');
    assert.equal(await tryWrite(store, 'k', { kind: 'lease', leaseId }), 'guarded');
  });

  test('a lease of another key is none', async (harness) => {
    const store = await opened(harness);
    const leaseId = await leaseOf(harness, 'other');
    await leaseOf(harness, 'k');
    assert.equal(await tryWrite(store, 'k', { kind: 'lease', leaseId }), 'guarded');
  });

  test('a leased write is refused once the time of the lease is over', async (harness) => {
    const store = await opened(harness);
    const [inTime, late] = [await leaseOf(harness, 'in time'), await leaseOf(harness, 'late')];
    await harness.advance(HOLD_MS - 1);
    assert.equal(await tryWrite(store, 'in time', { kind: 'lease', leaseId: inTime }), 'applied');
    await harness.advance(1);
    assert.equal(await tryWrite(store, 'late', { kind: 'lease', leaseId: late }), 'guarded');
  });
}
