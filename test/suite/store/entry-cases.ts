import assert from 'node:assert/strict';
import { lifetimeFrom } from '../../../src/cache/rules/lifetime.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import {
  applied,
  assertConsecutive,
  byPartition,
  bytesOf,
  controlIn,
  controlOf,
  type DefineCase,
  fenceNow,
  get,
  homeIn,
  LATEST,
  moveControl,
  opened,
  positionAt,
  put,
  refOf,
  TTL_MS,
  textOf,
} from './store-harness.ts';

const UNGUARDED = { guard: { kind: 'none' } } as const;

/** What the store does with single entries: write, read, retime, remove, and the end of their time. */
export function entryCases(test: DefineCase): void {
  test('a read returns what was written, with its tags and content type', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { value: bytesOf('v'), contentType: 'text/x', tags: ['a', 'b'] });
    const { entry } = await get(harness, 'k');
    assert.equal(textOf(entry?.value), 'v');
    assert.equal(entry?.contentType, 'text/x');
    assert.deepEqual(entry?.tags, ['a', 'b']);
  });

  test('a negative entry and an empty one are read as what they are', async (harness) => {
    // Method: write one of each; undefined is the negative one's value, zero bytes the empty one's.
    const store = await opened(harness);
    await put(store, 'negative', { value: undefined });
    await put(store, 'empty', { value: bytesOf('') });
    const [negative, empty] = [(await get(harness, 'negative')).entry, (await get(harness, 'empty')).entry];
    assert.ok(negative !== undefined && negative.value === undefined);
    assert.equal(textOf(empty?.value), '');
  });

  test('the stored value is a copy of the bytes the caller passed', async (harness) => {
    // Method: pass a view into the middle of a buffer, as from a network, and overwrite the buffer afterwards.
    const store = await opened(harness);
    const buffer = Buffer.from('....value....');
    const tags = ['t'];
    await put(store, 'k', { value: buffer.subarray(4, 9), tags });
    buffer.fill(0);
    tags[0] = 'overwritten';
    const { entry } = await get(harness, 'k');
    assert.equal(textOf(entry?.value), 'value');
    assert.deepEqual(entry?.tags, ['t']);
  });

  test('values of every size around the powers of two come back byte for byte', async (harness) => {
    // Method: stores may keep small and large values differently; write sizes on both sides of likely borders.
    const store = await opened(harness);
    const sizes = Array.from({ length: 18 }, (_, power) => [2 ** power - 1, 2 ** power, 2 ** power + 1]).flat();
    const bytes = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + size) & 255);
    for (const size of sizes) await put(store, `k${size}`, { value: bytes(size) });
    for (const size of sizes) {
      const { entry } = await get(harness, `k${size}`);
      assert.ok(entry?.value !== undefined && Buffer.compare(entry.value, bytes(size)) === 0, `${size} B`);
    }
  });

  test('a write says whether there was an entry before, and its lifetime', async (harness) => {
    const store = await opened(harness);
    const first = await put(store, 'k', { ttlMs: 10, staleWindowMs: 5 });
    const second = await put(store, 'k');
    assert.equal(first.existed, false);
    assert.equal(second.existed, true);
    assert.deepEqual(first.lifetime, lifetimeFrom(first.nowMs, 10, 5));
  });

  test('an entry carries the position of the change that wrote it, and that position is its stamp', async (harness) => {
    // In a partition that is not the control partition, the stamp is what the write found there.
    const store = await opened(harness);
    const found = await moveControl(store);
    const { position, stamp, moment } = await put(store, 'k');
    const read = await get(harness, 'k');
    const home = homeIn(store, read.moment);
    assert.deepEqual(read.entry?.position, position);
    assert.deepEqual(read.entry?.stamp, stamp);
    assert.deepEqual(stamp, home === controlOf(store) ? position : found.position);
    assert.deepEqual(positionAt(read.moment, home), position);
    assert.deepEqual(positionAt(moment, home), position);
    assert.deepEqual(controlIn(store, moment), stamp);
  });

  test('a read tells the heads of its partition and of the control partition, each once', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const invalidated = await moveControl(store);
    const { moment } = await get(harness, 'k');
    const home = homeIn(store, moment);
    const expected = home === controlOf(store) ? [] : [{ partition: home, position }];
    const control = { partition: controlOf(store), position: invalidated.position };
    assert.deepEqual(new Set(moment), new Set([control, ...expected]));
    assert.equal(store.chain(home).epoch, position.epoch);
  });

  test('a write is stamped with what the read saw that its value began with', async (harness) => {
    const store = await opened(harness);
    const { moment } = await get(harness, 'k');
    await moveControl(store);
    const { stamp } = await put(store, 'k', { seen: moment });
    assert.deepEqual(stamp, controlIn(store, moment));
    assert.deepEqual((await get(harness, 'k')).entry?.stamp, stamp);
  });

  test('a write that keeps the lifetime keeps the fresh-until and gone times of the entry it replaces', async (harness) => {
    const store = await opened(harness);
    const first = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50 });
    await harness.advance(10);
    const guard = { kind: 'unchanged', position: first.position } as const;
    const second = await put(store, 'k', { value: bytesOf('new'), ttlMs: 1, keepLifetime: true, guard });
    const { entry } = await get(harness, 'k');
    assert.equal(textOf(entry?.value), 'new');
    assert.equal(entry?.freshUntilMs, first.lifetime?.freshUntilMs);
    assert.equal(entry?.goneAtMs, first.lifetime?.goneAtMs);
    assert.equal(second.lifetime?.goneAtMs, first.lifetime?.goneAtMs);
  });

  test('changes of all kinds, also of absent keys, are numbered without holes', async (harness) => {
    const store = await opened(harness);
    const removal = { ...refOf('k'), cause: 'deleted' } as const;
    const retime = { ...refOf('k'), ttlMs: 1, staleWindowMs: 0, ...UNGUARDED };
    const invalidation = {
      namespaceId: refOf('k').namespaceId,
      selector: { kind: 'namespace' },
      mode: 'remove',
    } as const;
    const { moment } = await get(harness, 'k');
    const [home, control] = [homeIn(store, moment), controlOf(store)];
    const changes = [
      { partition: home, ...(await store.remove(removal)) },
      { partition: home, ...applied(await store.retime(retime)) },
      { partition: home, ...(await put(store, 'k')) },
      { partition: control, ...(await store.invalidate(invalidation)) },
      { partition: home, ...applied(await store.retime(retime)) },
      { partition: home, ...(await store.remove(removal)) },
    ];
    for (const [partition, its] of byPartition(changes)) {
      assertConsecutive([positionAt(moment, partition), ...its.map(({ position }) => position)].map(numberOf));
    }
  });

  test('an entry is stale in its window and gone from its gone time on, to the millisecond', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { ttlMs: 10, staleWindowMs: 5 });
    await harness.advance(14);
    const { entry, nowMs } = await get(harness, 'k');
    assert.ok(entry !== undefined && entry.freshUntilMs < nowMs);
    await harness.advance(1);
    const after = await get(harness, 'k');
    assert.equal(after.entry, undefined);
    assert.equal(after.absence, 'expired');
  });

  test('a key that never was is absent for no known cause', async (harness) => {
    await opened(harness);
    const { entry, absence } = await get(harness, 'k');
    assert.equal(entry, undefined);
    assert.equal(absence, 'unknown');
  });

  test('a removed entry is absent, for the cause its removal gave', async (harness) => {
    const store = await opened(harness);
    for (const cause of ['deleted', 'invalidated'] as const) {
      await put(store, cause);
      const removed = await store.remove({ ...refOf(cause), cause });
      assert.equal(removed.existed, true);
      assert.equal(removed.lifetime, undefined);
      assert.equal((await get(harness, cause)).absence, cause);
    }
  });

  test('removing an absent key is a change, and says that there was nothing', async (harness) => {
    const store = await opened(harness);
    const { moment } = await get(harness, 'k');
    const before = positionAt(moment, homeIn(store, moment));
    const removed = await store.remove({ ...refOf('k'), cause: 'deleted' });
    assert.equal(removed.existed, false);
    assert.equal(removed.position.number, before.number + 1);
  });

  test('a gone entry did not exist to those who change it', async (harness) => {
    const store = await opened(harness);
    for (const key of ['write', 'retime', 'remove']) await put(store, key, { ttlMs: 1 });
    await harness.advance(1);
    const retime = { ...refOf('retime'), ttlMs: TTL_MS, staleWindowMs: 0, ...UNGUARDED };
    assert.equal((await put(store, 'write')).existed, false);
    assert.equal(applied(await store.retime(retime)).existed, false);
    assert.equal((await store.remove({ ...refOf('remove'), cause: 'deleted' })).existed, false);
  });

  test('a retimed entry has a new lifetime and position, and keeps content and stamp', async (harness) => {
    const store = await opened(harness);
    const written = await put(store, 'k', { tags: ['t'], ttlMs: 10 });
    await harness.advance(5);
    const retime = { ...refOf('k'), ttlMs: 100, staleWindowMs: 20, ...UNGUARDED };
    const retimed = applied(await store.retime(retime));
    const { entry } = await get(harness, 'k');
    assert.deepEqual(retimed.lifetime, lifetimeFrom(retimed.nowMs, 100, 20));
    assert.equal(entry?.goneAtMs, retimed.lifetime?.goneAtMs);
    assert.deepEqual(entry?.position, retimed.position);
    assert.notDeepEqual(retimed.position, written.position);
    assert.deepEqual(entry?.stamp, written.stamp);
    assert.equal(textOf(entry?.value), 'value of k');
    assert.deepEqual(entry?.tags, ['t']);
  });

  test('a lifetime that was shortened ends at its new end', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { ttlMs: 10_000 });
    await store.retime({ ...refOf('k'), ttlMs: 3, staleWindowMs: 0, ...UNGUARDED });
    await harness.advance(3);
    assert.equal((await get(harness, 'k')).entry, undefined);
  });

  test('retiming an absent key changes nothing but what older fences and leases may do', async (harness) => {
    const store = await opened(harness);
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    const fence = await fenceNow(harness, 'k');
    const retimed = applied(await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, ...UNGUARDED }));
    assert.equal(retimed.existed, false);
    assert.equal(retimed.lifetime, undefined);
    const { entry, absence } = await get(harness, 'k');
    assert.equal(entry, undefined);
    assert.equal(absence, 'deleted');
    const late = { ...refOf('k'), value: undefined, contentType: '', tags: [], ttlMs: 1, staleWindowMs: 0 };
    assert.equal((await store.write({ ...late, guard: { kind: 'fence', fence } })).kind, 'guarded');
  });

  test('several reads are answered in the order of the keys', async (harness) => {
    const store = await opened(harness);
    for (const key of ['a', 'b']) await put(store, key);
    const results = await store.readMany(refOf('').namespaceId, ['b', 'none', 'a', 'b'], LATEST);
    assert.deepEqual(
      results.map(({ entry }) => entry?.key),
      ['b', undefined, 'a', 'b'],
    );
  });

  test('time is told with every answer and passes as it is let', async (harness) => {
    const store = await opened(harness);
    const before = (await get(harness, 'k')).nowMs;
    await harness.advance(1234);
    assert.equal((await get(harness, 'k')).nowMs, before + 1234);
    assert.equal((await put(store, 'k')).nowMs, before + 1234);
  });
}

function numberOf({ number }: Position): number {
  return number;
}
