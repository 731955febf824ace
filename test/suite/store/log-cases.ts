import assert from 'node:assert/strict';
import type { Placed } from '../../../src/cache/rules/token.ts';
import type { Author, Change, Store } from '../../../src/store/store.ts';
import {
  AMPLE_BYTES,
  applied,
  type DefineCase,
  NS,
  OTHER_NS,
  opened,
  put,
  recordChanges,
  refOf,
  TTL_MS,
  writeOf,
} from './store-harness.ts';

const AUTHOR: Author = { actor: 'a', origin: 'o', traceparent: 't' };

/** Heads and the log of changes. */
export function logCases(test: DefineCase): void {
  test('heads are the newest change of every partition, and grow with each change', async (harness) => {
    const store = await opened(harness);
    const before = await store.heads();
    const { changes } = recordChanges(store);
    await put(store, 'k');
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    const newest = changes.at(-1)!;
    const head = headOf(await store.heads(), newest);
    assert.deepEqual(head.position, newest.position);
    assert.equal(head.position.number, headOf(before, newest).position.number + 2);
  });

  test('what is no change leaves the heads as they are', async (harness) => {
    const store = await opened(harness);
    const { position } = await put(store, 'k');
    const heads = await store.heads();
    await store.read(refOf('k'));
    await store.write(writeOf('k', { guard: { kind: 'unchanged', position: undefined } }));
    await store.acquireLease({ ...refOf('k'), holdMs: 10, stamp: position, voidBelow: 0 });
    await harness.advance(TTL_MS);
    assert.deepEqual(await store.heads(), heads);
  });

  test('the log gives the changes after a number as they were told, oldest first', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(store);
    const { changes } = recordChanges(store);
    await put(store, 'k', { tags: ['t'] });
    await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' } });
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await store.remove({ ...refOf('k'), cause: 'invalidated' });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'prefix', prefix: 'a:' }, mode: 'remove' });
    assert.equal(changes.length, 5);
    assert.deepEqual(await logAfter(store, from), changes);
  });

  test('the log is given in pages that join without a gap', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(store);
    const { changes } = recordChanges(store);
    for (let i = 0; i < 7; i++) await put(store, `k${i}`);
    const pages: Change[] = [];
    for (let at = from; ; at = pages.at(-1)!) {
      const page = await logAfter(store, at, 3);
      assert.ok(page.length <= 3);
      if (page.length === 0) break;
      pages.push(...page);
    }
    assert.deepEqual(pages, changes);
  });

  test('after the newest change, and beyond it, the log holds nothing', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    const { partition, position } = (await store.heads())[0]!;
    assert.deepEqual(await store.changesSince(partition, position.number, 10), []);
    assert.deepEqual(await store.changesSince(partition, position.number + 1, 10), []);
  });

  test('the log holds the changes of all namespaces, also of one that was dropped', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(store);
    await store.openNamespace(OTHER_NS, AMPLE_BYTES);
    await put(store, 'k');
    await put(store, 'k', { namespaceId: OTHER_NS });
    await store.dropNamespace(OTHER_NS);
    await put(store, 'k');
    const namespaces = (await logAfter(store, from)).map(({ namespaceId }) => namespaceId);
    assert.deepEqual(namespaces, [NS, OTHER_NS, NS]);
  });

  test('every change keeps who made it, or that nobody is named', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(store);
    for (const author of [AUTHOR, undefined]) {
      await put(store, 'k', { author });
      await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' }, author });
      await store.remove({ ...refOf('k'), cause: 'deleted', author });
      await store.invalidate({ namespaceId: NS, selector: { kind: 'key', key: 'k' }, mode: 'mark-stale', author });
    }
    const authors = (await logAfter(store, from)).map(({ author }) => author);
    assert.deepEqual(authors, [AUTHOR, AUTHOR, AUTHOR, AUTHOR, undefined, undefined, undefined, undefined]);
  });

  test('the log keeps the tags that an entry had before a change and has after it', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(store);
    await put(store, 'k', { tags: ['old', 'both'] });
    await put(store, 'k', { tags: ['both', 'new'] });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'key', key: 'k' }, mode: 'mark-stale' });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'tag', tag: 'new' }, mode: 'mark-stale' });
    await store.remove({ ...refOf('k'), cause: 'invalidated' });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'key', key: 'k' }, mode: 'mark-stale' });
    const tags = (await logAfter(store, from)).map((change) => [...change.tags].sort());
    const now = ['both', 'new'];
    assert.deepEqual(tags, [['both', 'old'], ['both', 'new', 'old'], now, [], now, []]);
  });

  test('a change that is repeated is in the log once', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(store);
    const once = { requestId: 'r' };
    const { position } = applied(await store.write(writeOf('k', { once, author: AUTHOR })));
    await store.write(writeOf('k', { once }));
    const log = await logAfter(store, from);
    assert.deepEqual(
      log.map((change) => [change.position, change.author]),
      [[position, AUTHOR]],
    );
  });
}

function headOf(heads: readonly Placed[], { partition }: Change): Placed {
  const found = heads.find((head) => head.partition === partition);
  assert.ok(found !== undefined, 'every partition has a head');
  return found;
}

/** Where the log stands, of the partition that the keys of these cases lie in. */
async function startOfLog(store: Store): Promise<Placed> {
  const { changes, stop } = recordChanges(store);
  await put(store, 'k');
  stop();
  await store.remove({ ...refOf('k'), cause: 'deleted' });
  return headOf(await store.heads(), changes[0]!);
}

async function logAfter(store: Store, { partition, position }: Placed, changesMax = 1000): Promise<readonly Change[]> {
  const changes = await store.changesSince(partition, position.number, changesMax);
  assert.ok(changes !== undefined, 'the log reaches that far');
  return changes;
}
