import assert from 'node:assert/strict';
import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Store } from '../../../src/store/store.ts';
import { bytesOf, type DefineCase, get, NS, OTHER_NS, opened, put, refOf, TTL_MS, writeOf } from './store-harness.ts';

const VALUE_BYTES = 1000;

async function putBytes(store: Store, key: string, bytes = VALUE_BYTES): Promise<void> {
  await put(store, key, { value: new Uint8Array(bytes) });
}

async function weightOfOne(store: Store): Promise<number> {
  await putBytes(store, 'k0');
  return (await store.usage(NS)).weightBytes;
}

async function keysOf(store: Store, pageSize: number): Promise<string[]> {
  const keys: string[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = await store.list(NS, from, pageSize);
    assert.ok(page.entries.length <= pageSize);
    keys.push(...page.entries.map((entry) => entry.key));
    from = page.next;
  }
  return keys;
}

/** Capacity, use, listing, opening and dropping of namespaces. */
export function namespaceCases(test: DefineCase): void {
  test('what is not open cannot be used', async (harness) => {
    const { store } = harness;
    const notFound = { name: 'OperatingError', reason: 'NAMESPACE_NOT_FOUND' };
    await assert.rejects(async () => store.read(refOf('k')), notFound);
    await assert.rejects(async () => store.write(writeOf('k')), notFound);
    await assert.rejects(async () => store.control(NS), notFound);
    await assert.rejects(async () => store.usage(NS), notFound);
  });

  test('namespaces share no keys', async (harness) => {
    const store = await opened(harness);
    await store.openNamespace(OTHER_NS, 100_000);
    await put(store, 'k');
    assert.equal((await store.read({ namespaceId: OTHER_NS, key: 'k' })).entry, undefined);
  });

  test('a dropped namespace is no longer open, and holds nothing when it is opened again', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await store.dropNamespace(NS);
    await assert.rejects(async () => store.read(refOf('k')));
    await opened(harness);
    assert.equal((await get(store, 'k')).entry, undefined);
    assert.equal((await store.usage(NS)).entries, 0);
  });

  test('opening an open namespace keeps its entries', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await store.openNamespace(NS, 5_000_000);
    assert.ok((await get(store, 'k')).entry !== undefined);
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
    const { entry } = await get(store, 'settled');
    await store.settle(refOf('settled'), entry!.position, 'removed');
    await harness.advance(50);
    assert.equal((await get(store, 'expired')).absence, 'expired');
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
    const absences = [await get(store, 'k0'), await get(store, 'k1')].filter((read) => read.entry === undefined);
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
    assert.ok((await get(store, 'k0')).entry !== undefined);
    assert.equal((await get(store, 'k1')).absence, 'evicted');
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
    assert.ok((await get(store, 'k0')).entry !== undefined);
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
    const { head, nowMs } = await get(store, 'k1');
    await putBytes(store, 'k1');
    await putBytes(store, 'k2');
    const guard = { kind: 'fence', fence: { head, givenAtMs: nowMs } } as const;
    assert.equal((await store.write(writeOf('k1', { value: undefined, guard }))).kind, 'guarded');
  });

  test('an entry as heavy as the capacity fits, one byte more is too large and changes nothing', async (harness) => {
    const store = await opened(harness);
    const weight = await weightOfOne(store);
    await store.openNamespace(NS, weight);
    await putBytes(store, 'k0');
    const { head } = await get(store, 'k0');
    const metadata = { valueBytes: VALUE_BYTES + 1, valueBytesMax: VALUE_BYTES };
    await assert.rejects(
      async () => putBytes(store, 'k0', VALUE_BYTES + 1),
      (error) => {
        assert.ok(error instanceof OperatingError && error.reason === 'VALUE_TOO_LARGE');
        assert.deepEqual(error.detail.metadata, metadata);
        return true;
      },
    );
    const after = await get(store, 'k0');
    assert.equal(after.entry?.value?.byteLength, VALUE_BYTES);
    assert.deepEqual(after.head, head);
  });

  test('pages list every entry exactly once, whatever their size', async (harness) => {
    const store = await opened(harness);
    const keys = Array.from({ length: 25 }, (_, i) => `key-${String(i).padStart(2, '0')}`);
    for (const key of keys) await put(store, key);
    for (const pageSize of [1, 7, 25, 100]) assert.deepEqual((await keysOf(store, pageSize)).sort(), keys);
  });

  test('entries present throughout are listed exactly once while others come, go and change', async (harness) => {
    const store = await opened(harness);
    const stay = Array.from({ length: 20 }, (_, i) => `stay-${i}`);
    for (const key of stay) {
      await put(store, key);
      await put(store, `go-${key}`);
    }
    const listed: string[] = [];
    for (let from: number | undefined = 0, i = 0; from !== undefined; i++) {
      const page = await store.list(NS, from, 5);
      listed.push(...page.entries.map((entry) => entry.key).filter((key) => key.startsWith('stay')));
      from = page.next;
      if (i >= stay.length) continue;
      await store.remove({ ...refOf(`go-stay-${i}`), cause: 'deleted' });
      await put(store, `come-${i}`);
      await put(store, `stay-${i}`);
    }
    assert.deepEqual(listed.sort(), stay.sort());
  });

  test('gone entries are not listed, and a page tells the time', async (harness) => {
    const store = await opened(harness);
    const { nowMs } = await put(store, 'gone', { ttlMs: 10 });
    await put(store, 'there', { ttlMs: TTL_MS });
    await harness.advance(10);
    assert.deepEqual(await keysOf(store, 10), ['there']);
    assert.equal((await store.list(NS, 0, 10)).nowMs, nowMs + 10);
  });

  test('an empty namespace has one empty page', async (harness) => {
    const store = await opened(harness);
    const { entries, next } = await store.list(NS, 0, 10);
    assert.deepEqual(entries, []);
    assert.equal(next, undefined);
  });
}
