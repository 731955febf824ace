import assert from 'node:assert/strict';
import type { Page, Store } from '../../../src/store/store.ts';
import {
  ANY,
  type DefineCase,
  FOREIGN_EPOCH,
  get,
  homeIn,
  LATEST,
  moveControl,
  NS,
  OTHER_NS,
  opened,
  put,
  refOf,
  TTL_MS,
  writeOf,
} from './store-harness.ts';

async function keysOf(store: Store, pageSize: number): Promise<string[]> {
  const keys: string[] = [];
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page: Page = await store.list(NS, from, pageSize);
    assert.ok(page.entries.length <= pageSize);
    keys.push(...page.entries.map(({ entry }) => entry.key));
    from = page.next;
  }
  return keys;
}

/** Opening, dropping and listing of namespaces, and what they hold. */
export function namespaceCases(test: DefineCase): void {
  test('what is not open cannot be used', async (harness) => {
    const { store } = harness;
    const notFound = { name: 'OperatingError', reason: 'NAMESPACE_NOT_FOUND' };
    await assert.rejects(async () => store.read(refOf('k'), ANY), notFound);
    await assert.rejects(async () => store.write(writeOf('k')), notFound);
    await assert.rejects(async () => store.partitionsOf(NS), notFound);
    await assert.rejects(
      async () => store.judge({ ...refOf('k'), tags: [] }, { epoch: FOREIGN_EPOCH, number: 0 }),
      notFound,
    );
    await assert.rejects(async () => store.usage(NS), notFound);
  });

  test('namespaces share no keys', async (harness) => {
    const store = await opened(harness);
    await store.openNamespace(OTHER_NS, 100_000);
    await put(store, 'k');
    assert.equal((await store.read({ namespaceId: OTHER_NS, key: 'k' }, LATEST)).entry, undefined);
  });

  test('a dropped namespace is no longer open, and holds nothing when it is opened again', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await store.dropNamespace(NS);
    await assert.rejects(async () => store.read(refOf('k'), ANY));
    await opened(harness);
    assert.equal((await get(harness, 'k')).entry, undefined);
    assert.equal((await store.usage(NS)).entries, 0);
  });

  test('opening an open namespace keeps its entries', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await store.openNamespace(NS, 5_000_000);
    assert.ok((await get(harness, 'k')).entry !== undefined);
  });

  test('usage counts entries, and selectors with a watermark', async (harness) => {
    const store = await opened(harness);
    for (const key of ['a', 'b', 'b']) await put(store, key);
    for (const tag of ['t', 'u', 'u']) {
      await store.invalidate({ namespaceId: NS, selector: { kind: 'tag', tag }, mode: 'mark-stale' });
    }
    await harness.settled();
    const { entries, watermarks, watermarkFolds } = await store.usage(NS);
    assert.deepEqual({ entries, watermarks, watermarkFolds }, { entries: 2, watermarks: 2, watermarkFolds: 0 });
  });

  test('a namespace has partitions, its control partition first, where its invalidations happen', async (harness) => {
    const store = await opened(harness);
    const partitions = store.partitionsOf(NS);
    assert.equal(new Set(partitions).size, partitions.length);
    const { moment } = await moveControl(store);
    assert.deepEqual(
      moment.map(({ partition }) => partition),
      [partitions[0]],
    );
    for (let i = 0; i < 10; i++) assert.ok(partitions.includes(homeIn(store, (await put(store, `k${i}`)).moment)));
    assert.deepEqual(store.partitionsOf(NS), partitions);
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
    for (let from: string | undefined = '', i = 0; from !== undefined; i++) {
      const page: Page = await store.list(NS, from, 5);
      listed.push(...page.entries.map(({ entry }) => entry.key).filter((key) => key.startsWith('stay')));
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
    assert.equal((await store.list(NS, '', 10)).nowMs, nowMs + 10);
  });

  test('an empty namespace has one empty page', async (harness) => {
    const store = await opened(harness);
    // Of a namespace on several partitions there may be one for each.
    assert.deepEqual(await keysOf(store, 10), []);
    if (store.partitionsOf(NS).length > 1) return;
    assert.equal((await store.list(NS, '', 10)).next, undefined);
  });
}
