import assert from 'node:assert/strict';
import { limits } from '../../../src/base/limits.ts';
import {
  applied,
  controlOf,
  type DefineCase,
  get,
  homeIn,
  NS,
  OTHER_NS,
  opened,
  positionAt,
  put,
  recordChanges,
  refOf,
  writeOf,
} from './store-harness.ts';

const ONCE = { requestId: 'request-1', note: 'first' };
const UNGUARDED = { guard: { kind: 'none' } } as const;

/** Changes with a request id are applied at most once. */
export function onceCases(test: DefineCase): void {
  test('a repeated write changes nothing and gives back the first result, with the first note', async (harness) => {
    const store = await opened(harness);
    const first = await put(store, 'k', { once: ONCE, ttlMs: 500 });
    await harness.advance(100);
    const second = await put(store, 'k', { once: { requestId: ONCE.requestId, note: 'second' }, ttlMs: 900 });
    assert.equal(first.repeated, false);
    assert.equal(first.note, undefined);
    assert.deepEqual(second, { ...first, repeated: true, note: 'first' });
    const { moment } = await get(harness, 'k');
    assert.deepEqual(positionAt(moment, homeIn(store, moment)), first.position);
  });

  test('a repeated retime, removal and invalidation change nothing', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    const retime = { ...refOf('k'), ttlMs: 9, staleWindowMs: 0, ...UNGUARDED, once: { requestId: 'retime' } };
    const removal = { ...refOf('k'), cause: 'deleted', once: { requestId: 'remove' } } as const;
    const selector = { kind: 'tag', tag: 't' } as const;
    const invalidation = { namespaceId: NS, selector, mode: 'remove', once: { requestId: 'invalidate' } } as const;
    const home = homeIn(store, (await get(harness, 'k')).moment);
    for (const { partition, change } of [
      { partition: home, change: async () => applied(await store.retime(retime)) },
      { partition: home, change: async () => store.remove(removal) },
      { partition: controlOf(store), change: async () => store.invalidate(invalidation) },
    ]) {
      const first = await change();
      assert.deepEqual(await change(), { ...first, repeated: true });
      assert.deepEqual(positionAt((await get(harness, 'k')).moment, partition), first.position);
    }
  });

  test('a repeat is recognised before its guard is judged', async (harness) => {
    // The first try was applied and made the guard fail: the caller who never saw the answer must not hear "refused".
    const store = await opened(harness);
    const write = writeOf('k', { once: ONCE, guard: { kind: 'unchanged', position: undefined } });
    const first = applied(await store.write(write));
    assert.deepEqual(applied(await store.write(write)).position, first.position);
  });

  test('a refused change is not remembered: its repeat may succeed', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    const write = writeOf('k', { once: ONCE, guard: { kind: 'unchanged', position: undefined } });
    assert.equal((await store.write(write)).kind, 'guarded');
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    assert.equal(applied(await store.write(write)).repeated, false);
  });

  test('a request id belongs to its entry: another key or namespace may use it too', async (harness) => {
    const store = await opened(harness);
    await store.openNamespace(OTHER_NS, 100_000);
    await put(store, 'k', { once: ONCE });
    assert.equal((await put(store, 'other', { once: ONCE })).repeated, false);
    assert.equal((await put(store, 'k', { namespaceId: OTHER_NS, once: ONCE })).repeated, false);
  });

  test('request ids and keys that read the same one after the other are kept apart', async (harness) => {
    const store = await opened(harness);
    await put(store, 'bc', { once: { requestId: 'a' } });
    assert.equal((await put(store, 'c', { once: { requestId: 'ab' } })).repeated, false);
  });

  test('an earlier result can be recalled, and only that', async (harness) => {
    const store = await opened(harness);
    const first = await put(store, 'k', { once: ONCE });
    const wide = await store.invalidate({
      namespaceId: NS,
      selector: { kind: 'namespace' },
      mode: 'remove',
      once: ONCE,
    });
    assert.deepEqual(await store.recall(refOf('k'), ONCE.requestId), { ...first, repeated: true, note: 'first' });
    assert.deepEqual((await store.recall(refOf(''), ONCE.requestId))?.position, wide.position);
    assert.equal(await store.recall(refOf('k'), 'request-2'), undefined);
    assert.equal(await store.recall(refOf('other'), ONCE.requestId), undefined);
  });

  test('a request id is remembered for its time, and no longer', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k', { once: ONCE });
    await harness.advance(limits.requestIdAgeMsMax);
    assert.equal((await put(store, 'k', { once: ONCE })).repeated, true);
    await harness.advance(1);
    assert.equal(await store.recall(refOf('k'), ONCE.requestId), undefined);
    assert.equal((await put(store, 'k', { once: ONCE })).repeated, false);
  });

  test('a repeat is not told to watchers', async (harness) => {
    const store = await opened(harness);
    const { changes } = await recordChanges(harness);
    await put(store, 'k', { once: ONCE });
    await put(store, 'k', { once: ONCE });
    await harness.settled();
    assert.equal(changes.length, 1);
  });
}
