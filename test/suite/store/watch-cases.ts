import assert from 'node:assert/strict';
import { type DefineCase, NS, opened, put, recordChanges, refOf, TTL_MS, writeOf } from './store-harness.ts';

/** What watchers are told. */
export function watchCases(test: DefineCase): void {
  test('each change is told with its kind, key, tags and position', async (harness) => {
    const store = await opened(harness);
    const { changes } = recordChanges(store);
    await put(store, 'k', { tags: ['a'] });
    await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' } });
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await store.remove({ ...refOf('k'), cause: 'invalidated' });
    assert.deepEqual(
      changes.map((change) => [change.kind, change.kind === 'invalidate' ? change.selector : change.key, change.tags]),
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
    const { changes } = recordChanges(store);
    const selector = { kind: 'tag', tag: 't' } as const;
    const author = { actor: 'a', origin: 'o', traceparent: 't' };
    const { position } = await store.invalidate({ namespaceId: NS, selector, mode: 'mark-stale', author });
    const place = { namespaceId: NS, partition: changes[0]?.partition, position };
    assert.deepEqual(changes, [{ ...place, author, tags: [], kind: 'invalidate', selector, mode: 'mark-stale' }]);
  });

  test('a set is told with the tags of the entry it replaced too', async (harness) => {
    // Subscribers match on old and new tags: who watches `old` must hear that its entry was replaced.
    const store = await opened(harness);
    await put(store, 'k', { tags: ['old', 'both'] });
    const { changes } = recordChanges(store);
    await put(store, 'k', { tags: ['both', 'new'] });
    const [change] = changes;
    assert.ok(change?.kind === 'set');
    assert.deepEqual([...change.tags].sort(), ['both', 'new', 'old']);
  });

  test('changes are told in the order of their numbers', async (harness) => {
    const store = await opened(harness);
    const { changes } = recordChanges(store);
    for (let i = 0; i < 20; i++) await put(store, `k${i % 3}`);
    const numbers = changes.map((change) => change.position.number);
    assert.deepEqual(
      numbers,
      numbers.map((_, i) => numbers[0]! + i),
    );
  });

  test('a change is told after it was applied', async (harness) => {
    const store = await opened(harness);
    const seen: unknown[] = [];
    store.watch((change) => seen.push([change.position.number, store.usage(NS)]));
    const { position } = await put(store, 'k');
    const [number, usage] = seen[0] as [number, ReturnType<typeof store.usage>];
    assert.equal(number, position.number);
    assert.equal((await usage).entries, 1);
  });

  test('what is refused, evicted, expired, settled or leased is no change and not told', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    await put(store, 'expires', { ttlMs: 10 });
    const { changes } = recordChanges(store);
    await store.write(writeOf('k', { guard: { kind: 'unchanged', position: undefined } }));
    await harness.advance(10);
    await store.acquireLease({ ...refOf('k'), holdMs: 10, stamp: position, voidBelow: 0 });
    await store.settle(refOf('k'), position, 'removed');
    assert.deepEqual(changes, []);
  });

  test('who stops is told nothing more, and the others are', async (harness) => {
    const store = await opened(harness);
    const first = recordChanges(store);
    const second = recordChanges(store);
    await put(store, 'k');
    first.stop();
    first.stop();
    await put(store, 'k');
    assert.equal(first.changes.length, 1);
    assert.equal(second.changes.length, 2);
  });

  test('who begins later is not told of what was before', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const { changes } = recordChanges(store);
    await put(store, 'k');
    assert.deepEqual(
      changes.map((change) => change.position.number),
      [position.number + 1],
    );
  });
}
