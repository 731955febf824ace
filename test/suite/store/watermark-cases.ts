import assert from 'node:assert/strict';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import { judge, type Visibility } from '../../../src/cache/rules/visibility.ts';
import type { Store } from '../../../src/store/store.ts';
import { applied, type DefineCase, fenceNow, get, NS, OTHER_NS, opened, put, refOf, textOf } from './store-harness.ts';

async function invalidate(store: Store, selector: Selector, mode: InvalidationMode = 'remove') {
  return store.invalidate({ namespaceId: NS, selector, mode });
}

async function visibility(store: Store, key: string): Promise<Visibility | 'absent'> {
  const { entry } = await get(store, key);
  return entry === undefined ? 'absent' : judge(await store.control(NS), entry.stamp, entry);
}

/** What invalidations leave visible, and how entries are settled. */
export function watermarkCases(test: DefineCase): void {
  test('an invalidation hides exactly the entries that its selector covers', async (harness) => {
    const selectors: Selector[] = [
      { kind: 'key', key: 'a:1' },
      { kind: 'tag', tag: 'x' },
      { kind: 'prefix', prefix: 'a:' },
      { kind: 'namespace' },
    ];
    const hidden = [['a:1'], ['a:1', 'b:1'], ['a:1', 'a:2'], ['a:1', 'a:2', 'b:1']];
    const store = await opened(harness);
    for (const [i, selector] of selectors.entries()) {
      await put(store, 'a:1', { tags: ['x'] });
      await put(store, 'a:2');
      await put(store, 'b:1', { tags: ['x', 'y'] });
      await invalidate(store, selector);
      for (const key of ['a:1', 'a:2', 'b:1']) {
        assert.equal(await visibility(store, key), hidden[i]?.includes(key) ? 'removed' : 'visible', `${i} ${key}`);
      }
    }
  });

  test('marking stale leaves entries visible but stale, and a removal wins over it', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await invalidate(store, { kind: 'key', key: 'k' }, 'mark-stale');
    assert.equal(await visibility(store, 'k'), 'marked-stale');
    await invalidate(store, { kind: 'namespace' }, 'remove');
    await invalidate(store, { kind: 'key', key: 'k' }, 'mark-stale');
    assert.equal(await visibility(store, 'k'), 'removed');
  });

  test('an entry written after an invalidation is visible', async (harness) => {
    const store = await opened(harness);
    await invalidate(store, { kind: 'namespace' });
    await put(store, 'k');
    assert.equal(await visibility(store, 'k'), 'visible');
  });

  test('an entry stamped before an invalidation is hidden, though written after it', async (harness) => {
    const store = await opened(harness);
    const { head } = await get(store, 'k');
    await invalidate(store, { kind: 'namespace' });
    await put(store, 'k', { stamp: head });
    assert.equal(await visibility(store, 'k'), 'removed');
  });

  test('a retimed entry stays hidden', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await invalidate(store, { kind: 'namespace' });
    await store.retime({ ...refOf('k'), ttlMs: 100, staleWindowMs: 0, guard: { kind: 'none' } });
    assert.equal(await visibility(store, 'k'), 'removed');
  });

  test('an invalidation is a change of its own position, of no entry', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    const done = await invalidate(store, { kind: 'key', key: 'k' });
    assert.deepEqual(done.stamp, done.position);
    assert.deepEqual((await get(store, 'k')).head, done.position);
    assert.equal(done.existed, false);
    assert.equal(done.lifetime, undefined);
  });

  test('an invalidation leaves a fence standing: what it lets in is hidden by its stamp', async (harness) => {
    const store = await opened(harness);
    const fence = await fenceNow(store, 'k');
    await invalidate(store, { kind: 'namespace' });
    await put(store, 'k', { guard: { kind: 'fence', fence }, stamp: fence.head });
    assert.equal(await visibility(store, 'k'), 'removed');
  });

  test('the control of a namespace is one object, which knows each invalidation of it and of no other', async (harness) => {
    const store = await opened(harness);
    await store.openNamespace(OTHER_NS, 100_000);
    const control = await store.control(NS);
    const done = await invalidate(store, { kind: 'tag', tag: 't' });
    assert.equal(await store.control(NS), control);
    assert.equal(control.watermarks.covering({ key: 'k', tags: ['t'] }).removed, done.position.number);
    assert.equal((await store.control(OTHER_NS)).watermarks.newest, 0);
    assert.equal(control.chain.epoch, done.position.epoch);
  });

  test('settling a removed entry takes it out, as invalidated, and is no change', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const { head } = await get(store, 'k');
    assert.equal(await store.settle(refOf('k'), position, 'removed'), true);
    const after = await get(store, 'k');
    assert.equal(after.entry, undefined);
    assert.equal(after.absence, 'invalidated');
    assert.deepEqual(after.head, head);
  });

  test('settling a removed entry leaves fences from before the entry fallen, and from after it standing', async (harness) => {
    const store = await opened(harness);
    const before = await fenceNow(store, 'k');
    const { position } = await put(store, 'k');
    const after = await fenceNow(store, 'k');
    await store.settle(refOf('k'), position, 'removed');
    const write = (fence: typeof before) => ({
      ...refOf('k'),
      value: undefined,
      contentType: '',
      tags: [],
      ttlMs: 10,
      staleWindowMs: 0,
      guard: { kind: 'fence', fence } as const,
    });
    assert.equal((await store.write(write(before))).kind, 'guarded');
    assert.equal((await store.write(write(after))).kind, 'applied');
  });

  test('settling a stale entry makes it stale by its own lifetime, for no longer than before', async (harness) => {
    const store = await opened(harness);
    const stamp = (await put(store, 'other')).position;
    const { position, lifetime } = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50, stamp });
    await harness.advance(10);
    assert.equal(await store.settle(refOf('k'), position, 'marked-stale'), true);
    const { entry, nowMs } = await get(store, 'k');
    assert.equal(entry?.freshUntilMs, nowMs);
    assert.equal(entry?.markedStale, true);
    assert.equal(entry?.goneAtMs, lifetime?.goneAtMs);
    assert.deepEqual(entry?.stamp, stamp);
    assert.deepEqual(entry?.position, position);
    assert.equal(textOf(entry?.value), 'value of k');
  });

  test('a retime that keeps the lifetime keeps the mark, a new lifetime ends it', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50 });
    await store.settle(refOf('k'), position, 'marked-stale');
    const settled = (await get(store, 'k')).entry;
    const retime = { ...refOf('k'), ttlMs: 70, staleWindowMs: 0, guard: { kind: 'none' } } as const;
    const kept = applied(await store.retime({ ...retime, keepLifetime: true }));
    assert.deepEqual((await get(store, 'k')).entry, { ...settled, position: kept.position });
    await store.retime(retime);
    const { entry, nowMs } = await get(store, 'k');
    assert.equal(entry?.markedStale, false);
    assert.equal(entry?.freshUntilMs, nowMs + 70);
  });

  test('settling never lengthens a life that is stale already', async (harness) => {
    const store = await opened(harness);
    const { position, lifetime } = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50 });
    await harness.advance(120);
    await store.settle(refOf('k'), position, 'marked-stale');
    assert.equal((await get(store, 'k')).entry?.freshUntilMs, lifetime?.freshUntilMs);
  });

  test('an entry that is no longer the one at the position is not settled', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const newer = await put(store, 'k');
    for (const verdict of ['removed', 'marked-stale'] as const) {
      assert.equal(await store.settle(refOf('k'), position, verdict), false);
      assert.equal(await store.settle(refOf('none'), position, verdict), false);
    }
    const { entry } = await get(store, 'k');
    assert.deepEqual(entry?.position, newer.position);
    assert.equal(entry?.freshUntilMs, newer.lifetime?.freshUntilMs);
  });
}
