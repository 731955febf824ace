import assert from 'node:assert/strict';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import type { Visibility } from '../../../src/cache/rules/visibility.ts';
import type { Page, ReadResult, Store } from '../../../src/store/store.ts';
import {
  applied,
  controlIn,
  controlOf,
  type DefineCase,
  FOREIGN_EPOCH,
  fenceNow,
  get,
  LATEST,
  moveControl,
  NS,
  OTHER_NS,
  opened,
  positionAt,
  put,
  refOf,
  type StoreHarness,
  textOf,
} from './store-harness.ts';

async function invalidate(store: Store, selector: Selector, mode: InvalidationMode = 'remove') {
  return store.invalidate({ namespaceId: NS, selector, mode });
}

async function visibility(harness: StoreHarness, key: string): Promise<Visibility | 'absent'> {
  const { entry, visibility } = await get(harness, key);
  return entry === undefined ? 'absent' : visibility;
}

/** Reads what is stored: to settle is no change, so tiers in front of the store need not hear of it. */
async function getStored(store: Store, key: string): Promise<ReadResult> {
  return store.read(refOf(key), LATEST);
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
        assert.equal(await visibility(harness, key), hidden[i]?.includes(key) ? 'removed' : 'visible', `${i} ${key}`);
      }
    }
  });

  test('marking stale leaves entries visible but stale, and a removal wins over it', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await invalidate(store, { kind: 'key', key: 'k' }, 'mark-stale');
    assert.equal(await visibility(harness, 'k'), 'marked-stale');
    await invalidate(store, { kind: 'namespace' }, 'remove');
    await invalidate(store, { kind: 'key', key: 'k' }, 'mark-stale');
    assert.equal(await visibility(harness, 'k'), 'removed');
  });

  test('an entry written after an invalidation is visible', async (harness) => {
    const store = await opened(harness);
    await invalidate(store, { kind: 'namespace' });
    await put(store, 'k');
    assert.equal(await visibility(harness, 'k'), 'visible');
  });

  test('an entry stamped before an invalidation is hidden, though written after it', async (harness) => {
    const store = await opened(harness);
    const { moment } = await get(harness, 'k');
    await invalidate(store, { kind: 'namespace' });
    await put(store, 'k', { seen: moment });
    assert.equal(await visibility(harness, 'k'), 'removed');
  });

  test('a retimed entry stays hidden', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await invalidate(store, { kind: 'namespace' });
    await store.retime({ ...refOf('k'), ttlMs: 100, staleWindowMs: 0, guard: { kind: 'none' } });
    assert.equal(await visibility(harness, 'k'), 'removed');
  });

  test('an invalidation is a change of its own position, of no entry', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    const done = await invalidate(store, { kind: 'key', key: 'k' });
    assert.deepEqual(done.stamp, done.position);
    assert.deepEqual(done.moment, [{ partition: controlOf(store), position: done.position }]);
    assert.deepEqual(controlIn(store, (await get(harness, 'k')).moment), done.position);
    assert.equal(done.existed, false);
    assert.equal(done.lifetime, undefined);
  });

  test('an invalidation leaves a fence standing: what it lets in is hidden by its stamp', async (harness) => {
    const store = await opened(harness);
    const fence = await fenceNow(harness, 'k');
    await invalidate(store, { kind: 'namespace' });
    await put(store, 'k', { guard: { kind: 'fence', fence } });
    assert.equal(await visibility(harness, 'k'), 'removed');
  });

  test('a stamp is judged as an entry with it would be, in its own namespace alone', async (harness) => {
    const store = await opened(harness);
    await store.openNamespace(OTHER_NS, 100_000);
    const { moment } = await get(harness, 'k');
    const before = controlIn(store, moment);
    const { position } = await invalidate(store, { kind: 'tag', tag: 't' });
    const marked = await invalidate(store, { kind: 'tag', tag: 'u' }, 'mark-stale');
    const judge = (tags: string[], stamp: Position, namespaceId = NS) =>
      store.judge({ namespaceId, key: 'k', tags }, stamp);
    assert.equal(await judge(['t'], before), 'removed');
    assert.equal(await judge(['t'], position), 'visible');
    assert.equal(await judge(['u'], position), 'marked-stale');
    assert.equal(await judge(['u'], marked.position), 'visible');
    assert.equal(await judge(['v'], before), 'visible');
    const other = await store.read({ namespaceId: OTHER_NS, key: 'k' }, LATEST);
    const otherStamp = positionAt(other.moment, store.partitionsOf(OTHER_NS)[0]!);
    assert.equal(await judge(['t'], { ...otherStamp, number: 0 }, OTHER_NS), 'visible');
  });

  test('a stamp of an epoch that is no part of the history is judged as removed', async (harness) => {
    const store = await opened(harness);
    const stamp = { epoch: FOREIGN_EPOCH, number: 1 };
    assert.equal(await store.judge({ ...refOf('k'), tags: [] }, stamp), 'removed');
  });

  test('a list tells of each entry what the watermarks leave of it', async (harness) => {
    const store = await opened(harness);
    await put(store, 'kept');
    await put(store, 'stale', { tags: ['s'] });
    await put(store, 'gone', { tags: ['r'] });
    await invalidate(store, { kind: 'tag', tag: 's' }, 'mark-stale');
    await invalidate(store, { kind: 'tag', tag: 'r' });
    const listed: Record<string, Visibility> = {};
    for (let from: string | undefined = ''; from !== undefined; ) {
      const page: Page = await store.list(NS, from, 10);
      for (const { entry, visibility } of page.entries) listed[entry.key] = visibility;
      from = page.next;
    }
    assert.deepEqual(listed, { kept: 'visible', stale: 'marked-stale', gone: 'removed' });
  });

  test('settling a removed entry takes it out, as invalidated, and is no change', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const { moment } = await get(harness, 'k');
    assert.equal(await store.settle(refOf('k'), position, 'removed'), true);
    const after = await getStored(store, 'k');
    assert.equal(after.entry, undefined);
    assert.equal(after.absence, 'invalidated');
    assert.deepEqual(after.moment, moment);
  });

  test('settling a removed entry leaves fences from before the entry fallen, and from after it standing', async (harness) => {
    const store = await opened(harness);
    const before = await fenceNow(harness, 'k');
    const { position } = await put(store, 'k');
    const after = await fenceNow(harness, 'k');
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
    const { moment } = await get(harness, 'k');
    await moveControl(store);
    const { position, lifetime } = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50, seen: moment });
    await harness.advance(10);
    assert.equal(await store.settle(refOf('k'), position, 'marked-stale'), true);
    const { entry, nowMs } = await getStored(store, 'k');
    assert.equal(entry?.freshUntilMs, nowMs);
    assert.equal(entry?.markedStale, true);
    assert.equal(entry?.goneAtMs, lifetime?.goneAtMs);
    assert.deepEqual(entry?.stamp, controlIn(store, moment));
    assert.deepEqual(entry?.position, position);
    assert.equal(textOf(entry?.value), 'value of k');
  });

  test('a retime that keeps the lifetime keeps the mark, a new lifetime ends it', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50 });
    await store.settle(refOf('k'), position, 'marked-stale');
    const settled = (await getStored(store, 'k')).entry;
    const retime = { ...refOf('k'), ttlMs: 70, staleWindowMs: 0, guard: { kind: 'none' } } as const;
    const kept = applied(await store.retime({ ...retime, keepLifetime: true }));
    assert.deepEqual((await get(harness, 'k')).entry, { ...settled, position: kept.position });
    await store.retime(retime);
    const { entry, nowMs } = await get(harness, 'k');
    assert.equal(entry?.markedStale, false);
    assert.equal(entry?.freshUntilMs, nowMs + 70);
  });

  test('settling never lengthens a life that is stale already', async (harness) => {
    const store = await opened(harness);
    const { position, lifetime } = await put(store, 'k', { ttlMs: 100, staleWindowMs: 50 });
    await harness.advance(120);
    await store.settle(refOf('k'), position, 'marked-stale');
    assert.equal((await getStored(store, 'k')).entry?.freshUntilMs, lifetime?.freshUntilMs);
  });

  test('an entry that is no longer the one at the position is not settled', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const newer = await put(store, 'k');
    for (const verdict of ['removed', 'marked-stale'] as const) {
      assert.equal(await store.settle(refOf('k'), position, verdict), false);
      assert.equal(await store.settle(refOf('none'), position, verdict), false);
    }
    const { entry } = await getStored(store, 'k');
    assert.deepEqual(entry?.position, newer.position);
    assert.equal(entry?.freshUntilMs, newer.lifetime?.freshUntilMs);
  });
}
