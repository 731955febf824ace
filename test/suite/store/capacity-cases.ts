import assert from 'node:assert/strict';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Store } from '../../../src/store/store.ts';
import { bytesOf, type DefineCase, fenceNow, get, NS, opened, put, refOf, writeOf } from './store-harness.ts';

const VALUE_BYTES = 1000;

async function putBytes(store: Store, key: string, bytes = VALUE_BYTES): Promise<void> {
  await put(store, key, { value: new Uint8Array(bytes) });
}

async function weightOfOne(store: Store): Promise<number> {
  await putBytes(store, 'k0');
  return (await store.usage(NS)).weightBytes;
}

/** Weight, capacity and eviction, of stores whose namespaces have a budget of their own. */
export function capacityCases(test: DefineCase): void {
  test('opening an open namespace gives it another capacity', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await store.openNamespace(NS, 5_000_000);
    assert.ok((await get(harness, 'k')).entry !== undefined);
    assert.equal((await store.usage(NS)).capacityBytes, 5_000_000);
  });

  test('usage tells entries and weight, which grows by the bytes that were added', async (harness) => {
    const store = await opened(harness);
    await putBytes(store, 'k', 100);
    const before = await store.usage(NS);
    await putBytes(store, 'k', 250);
    const after = await store.usage(NS);
    assert.equal(after.entries, 1);
    assert.equal(after.weightBytes - before.weightBytes, 150);
  });

  test('weight counts key, value, content type and tags in bytes of UTF-8', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { value: bytesOf('v'), contentType: '', tags: [] });
    const { weightBytes } = await store.usage(NS);
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await put(store, 'kü', { value: bytesOf('vw'), contentType: 'a/b', tags: ['é', 'x'] });
    assert.equal((await store.usage(NS)).weightBytes - weightBytes, 2 + 1 + 3 + 3);
  });

  test('what leaves gives its weight back', async (harness) => {
    const store = await opened(harness);
    for (const key of ['removed', 'settled', 'expired']) await put(store, key, { ttlMs: 50 });
    await store.remove({ ...refOf('removed'), cause: 'deleted' });
    const { entry } = await get(harness, 'settled');
    await store.settle(refOf('settled'), entry!.position, 'removed');
    await harness.advance(50);
    assert.equal((await get(harness, 'expired')).absence, 'expired');
    const usage = await store.usage(NS);
    assert.equal(usage.weightBytes, 0);
    assert.equal(usage.entries, 0);
    assert.equal(usage.expirations, 1);
  });

  test('a namespace is filled to its last byte before anything leaves', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight * 3);
    for (const key of ['k1', 'k2']) await putBytes(store, key);
    assert.equal((await store.usage(NS)).weightBytes, weight * 3);
    assert.equal((await store.usage(NS)).evictions, 0);
    await putBytes(store, 'k3');
    const usage = await store.usage(NS);
    assert.equal(usage.entries, 3);
    assert.equal(usage.evictions, 1);
  });

  test('one byte too many makes an entry leave, and a read says so', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight * 2 - 1);
    await putBytes(store, 'k1');
    assert.equal((await store.usage(NS)).evictions, 1);
    const absences = [await get(harness, 'k0'), await get(harness, 'k1')].filter((read) => read.entry === undefined);
    assert.deepEqual(
      absences.map((read) => read.absence),
      ['evicted'],
    );
  });

  test('replacing an entry counts the new weight only, and evicts nothing that fits', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight * 2);
    await putBytes(store, 'k1');
    await putBytes(store, 'k0');
    assert.equal((await store.usage(NS)).evictions, 0);
    assert.equal((await store.usage(NS)).entries, 2);
  });

  test('an entry that grows makes others leave, not itself', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight * 2);
    await putBytes(store, 'k1');
    await putBytes(store, 'k0', VALUE_BYTES + 1);
    assert.ok((await get(harness, 'k0')).entry !== undefined);
    assert.equal((await get(harness, 'k1')).absence, 'evicted');
  });

  test('what is due leaves before anything is evicted', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight * 2);
    await put(store, 'k1', { value: new Uint8Array(VALUE_BYTES), ttlMs: 10 });
    await harness.advance(10);
    await putBytes(store, 'k2');
    const usage = await store.usage(NS);
    assert.equal(usage.evictions, 0);
    assert.equal(usage.expirations, 1);
    assert.ok((await get(harness, 'k0')).entry !== undefined);
  });

  test('a smaller capacity evicts at once', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    for (const key of ['k1', 'k2', 'k3']) await putBytes(store, key);
    await store.openNamespace(NS, weight * 2);
    const usage = await store.usage(NS);
    assert.equal(usage.entries, 2);
    assert.equal(usage.evictions, 2);
  });

  test('an entry evicted leaves older fences fallen', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight);
    const fence = await fenceNow(harness, 'k1');
    await putBytes(store, 'k1');
    await putBytes(store, 'k2');
    const guard = { kind: 'fence', fence } as const;
    assert.equal((await store.write(writeOf('k1', { value: undefined, guard }))).kind, 'guarded');
  });

  test('an entry as heavy as the capacity fits, one byte more is too large and changes nothing', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight);
    await putBytes(store, 'k0');
    const { moment } = await get(harness, 'k0');
    const metadata = { valueBytes: VALUE_BYTES + 1, valueBytesMax: VALUE_BYTES };
    await assert.rejects(
      async () => putBytes(store, 'k0', VALUE_BYTES + 1),
      (error) => {
        assert.ok(error instanceof OperatingError && error.reason === 'VALUE_TOO_LARGE');
        assert.deepEqual(error.detail.metadata, metadata);
        return true;
      },
    );
    const after = await get(harness, 'k0');
    assert.equal(after.entry?.value?.byteLength, VALUE_BYTES);
    assert.deepEqual(after.moment, moment);
  });
}
