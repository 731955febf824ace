import assert from 'node:assert/strict';
import {
  type DefineCase,
  get,
  moveControl,
  NS,
  opened,
  put,
  refOf,
  type StoreHarness,
  TTL_MS,
  textOf,
} from './store-harness.ts';

function knownText({ store }: StoreHarness, key: string): string | undefined {
  return textOf(store.lastKnown(refOf(key)).read?.entry?.value);
}

/** What is known of an entry without asking. */
export function lastKnownCases(test: DefineCase): void {
  test('what was read is known without asking, as it may be served', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { staleWindowMs: 1000, tags: ['t'] });
    const read = await get(harness, 'k');
    await harness.settled();
    const known = store.lastKnown(refOf('k'));
    assert.deepEqual([known.read?.entry, known.read?.visibility, known.current], [read.entry, 'visible', true]);
    assert.ok(known.reachedAtMs !== undefined);
  });

  test('of a key that was never seen, or removed, nothing is known', async (harness) => {
    const store = await opened(harness);
    assert.deepEqual([knownText(harness, 'none'), store.lastKnown(refOf('none')).current], [undefined, false]);
    await put(store, 'k');
    await get(harness, 'k');
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await harness.settled();
    assert.equal(knownText(harness, 'k'), undefined);
  });

  test('an entry is known until it is gone, also past its TTL', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { staleWindowMs: 1000 });
    await get(harness, 'k');
    await harness.advance(TTL_MS + 999);
    assert.equal(knownText(harness, 'k'), 'value of k');
    await harness.advance(1);
    assert.equal(knownText(harness, 'k'), undefined);
  });

  test('what a watermark removed is not known any more, what one marked is known as marked', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { tags: ['t'] });
    await get(harness, 'k');
    await moveControl(store);
    await harness.settled();
    assert.equal(store.lastKnown(refOf('k')).read?.visibility, 'visible');
    const selector = { kind: 'tag', tag: 't' } as const;
    await store.invalidate({ namespaceId: NS, selector, mode: 'mark-stale' });
    await harness.settled();
    assert.equal(store.lastKnown(refOf('k')).read?.visibility, 'marked-stale');
    await store.invalidate({ namespaceId: NS, selector, mode: 'remove' });
    await harness.settled();
    assert.equal(knownText(harness, 'k'), undefined);
  });

  test('of a namespace that is not open nothing can be told', async (harness) => {
    assert.throws(() => harness.store.lastKnown(refOf('k')), { reason: 'NAMESPACE_NOT_FOUND' });
  });
}
