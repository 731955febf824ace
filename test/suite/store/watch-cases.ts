import assert from 'node:assert/strict';
import type { MaybePromise } from '../../../src/base/maybe-promise.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { Change, Usage } from '../../../src/store/store.ts';
import {
  assertConsecutive,
  byPartition,
  controlOf,
  type DefineCase,
  NS,
  opened,
  put,
  recordChanges,
  refOf,
  TTL_MS,
  writeOf,
} from './store-harness.ts';

/** What watchers are told. */
export function watchCases(test: DefineCase): void {
  test('each change is told with its kind, key, tags and position', async (harness) => {
    const store = await opened(harness);
    const { changes } = await recordChanges(harness);
    await put(store, 'k', { tags: ['a'] });
    await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' } });
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await store.remove({ ...refOf('k'), cause: 'invalidated' });
    await harness.settled();
    assert.deepEqual(
      changes.map((change) => [change.kind, targetOf(change), change.tags]),
      [
        ['set', 'k', ['a']],
        ['touch', 'k', ['a']],
        ['delete', 'k', ['a']],
        ['invalidate', { kind: 'key', key: 'k' }, []],
      ],
    );
    assert.ok(changes.every((change) => change.namespaceId === NS));
  });

  test('a wide invalidation is told as one change', async (harness) => {
    const store = await opened(harness);
    for (let i = 0; i < 10; i++) await put(store, `k${i}`, { tags: ['t'] });
    const { changes } = await recordChanges(harness);
    const selector = { kind: 'tag', tag: 't' } as const;
    const author = { actor: 'a', origin: 'o', traceparent: 't' };
    const { position } = await store.invalidate({ namespaceId: NS, selector, mode: 'mark-stale', author });
    await harness.settled();
    const place = { namespaceId: NS, partition: controlOf(store), position };
    assert.deepEqual(changes, [{ ...place, author, tags: [], kind: 'invalidate', selector, mode: 'mark-stale' }]);
  });

  test('a set is told with the tags of the entry it replaced too', async (harness) => {
    // Subscribers match on old and new tags: who watches `old` must hear that its entry was replaced.
    const store = await opened(harness);
    await put(store, 'k', { tags: ['old', 'both'] });
    const { changes } = await recordChanges(harness);
    await put(store, 'k', { tags: ['both', 'new'] });
    await harness.settled();
    const [change] = changes;
    assert.ok(change?.kind === 'set');
    assert.deepEqual([...change.tags].sort(), ['both', 'new', 'old']);
  });

  test('changes are told in the order of their numbers', async (harness) => {
    const store = await opened(harness);
    const { changes } = await recordChanges(harness);
    for (let i = 0; i < 20; i++) await put(store, `k${i % 3}`);
    await harness.settled();
    assert.equal(changes.length, 20);
    for (const its of byPartition(changes).values()) assertConsecutive(its.map(({ position }) => position.number));
  });

  test('a change is told after it was applied', async (harness) => {
    const store = await opened(harness);
    const seen: { position: Position; usage: MaybePromise<Usage> }[] = [];
    store.watch((news) => {
      if (news.kind === 'changed') seen.push({ position: news.change.position, usage: store.usage(NS) });
    });
    const { position } = await put(store, 'k');
    await harness.settled();
    assert.deepEqual(seen[0]?.position, position);
    assert.equal((await seen[0]?.usage)?.entries, 1);
  });

  test('what is refused, evicted, expired, settled or leased is no change and not told', async (harness) => {
    const store = await opened(harness);
    const { position, moment } = await put(store, 'k');
    await put(store, 'expires', { ttlMs: 10 });
    const { changes } = await recordChanges(harness);
    await store.write(writeOf('k', { guard: { kind: 'unchanged', position: undefined } }));
    await harness.advance(10);
    await store.acquireLease({ ...refOf('k'), holdMs: 10, seen: moment });
    await store.settle(refOf('k'), position, 'removed');
    await harness.settled();
    assert.deepEqual(changes, []);
  });

  test('who stops is told nothing more, and the others are', async (harness) => {
    const store = await opened(harness);
    const first = await recordChanges(harness);
    const second = await recordChanges(harness);
    await put(store, 'k');
    await harness.settled();
    first.stop();
    first.stop();
    await put(store, 'k');
    await harness.settled();
    assert.equal(first.changes.length, 1);
    assert.equal(second.changes.length, 2);
  });

  test('who begins later is not told of what was before', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const { changes } = await recordChanges(harness);
    await put(store, 'k');
    await harness.settled();
    assert.deepEqual(
      changes.map((change) => change.position.number),
      [position.number + 1],
    );
  });
}

function targetOf(change: Change): unknown {
  switch (change.kind) {
    case 'invalidate':
      return change.selector;
    case 'epoch':
      return undefined;
    default:
      return change.key;
  }
}
