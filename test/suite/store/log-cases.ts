import assert from 'node:assert/strict';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Author, Change } from '../../../src/store/store.ts';
import {
  AMPLE_BYTES,
  applied,
  byPartition,
  type DefineCase,
  keysTogether,
  LATEST,
  moveControl,
  NS,
  OTHER_NS,
  opened,
  positionAt,
  put,
  recordChanges,
  refOf,
  type StoreHarness,
  TTL_MS,
  writeOf,
} from './store-harness.ts';

const AUTHOR: Author = { actor: 'a', origin: 'o', traceparent: 't' };

/** Heads and the log of changes. */
export function logCases(test: DefineCase): void {
  test('heads are the newest change of every partition, and grow with each change', async (harness) => {
    const store = await opened(harness);
    const before = await startOfLog(harness);
    const { changes } = await recordChanges(harness);
    await put(store, 'k');
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await harness.settled();
    const { partition, position } = changes.at(-1)!;
    const heads = await store.heads();
    assert.deepEqual(positionAt(heads, partition), position);
    assert.equal(position.number, positionAt(before, partition).number + 2);
    const others = (moment: Moment): Moment => moment.filter((placed) => placed.partition !== partition);
    assert.deepEqual(others(heads), others(before));
  });

  test('what is no change leaves the heads as they are', async (harness) => {
    const store = await opened(harness);
    const { moment } = await put(store, 'k');
    await harness.settled();
    const heads = await store.heads();
    await store.read(refOf('k'), LATEST);
    await store.write(writeOf('k', { guard: { kind: 'unchanged', position: undefined } }));
    await store.acquireLease({ ...refOf('k'), holdMs: 10, seen: moment });
    await harness.advance(TTL_MS);
    await harness.settled();
    assert.deepEqual(await store.heads(), heads);
  });

  test('the log gives the changes after a number as they were told, oldest first', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(harness);
    const { changes } = await recordChanges(harness);
    await put(store, 'k', { tags: ['t'] });
    await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' } });
    await store.remove({ ...refOf('k'), cause: 'deleted' });
    await store.remove({ ...refOf('k'), cause: 'invalidated' });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'prefix', prefix: 'a:' }, mode: 'remove' });
    const log = await logAfter(harness, from);
    assert.equal(changes.length, 5);
    assert.deepEqual(byPartition(log), byPartition(changes));
  });

  test('the log is given in pages that join without a gap', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(harness);
    const { changes } = await recordChanges(harness);
    const keys = await keysTogether(store, 3);
    for (let i = 0; i < 7; i++) await put(store, keys[i % 3]!);
    await harness.settled();
    const pages: Change[] = [];
    const { partition } = changes[0]!;
    for (let position = positionAt(from, partition); ; position = pages.at(-1)!.position) {
      const page = await logAfter(harness, [{ partition, position }], 3);
      assert.ok(page.length <= 3);
      if (page.length === 0) break;
      pages.push(...page);
    }
    assert.equal(pages.length, 7);
    assert.deepEqual(pages, changes);
  });

  test('after the newest change, and beyond it, the log holds nothing', async (harness) => {
    const store = await opened(harness);
    for (const { partition, position } of await startOfLog(harness)) {
      assert.deepEqual(await store.changesSince(partition, position.number, 10), []);
      assert.deepEqual(await store.changesSince(partition, position.number + 1, 10), []);
    }
  });

  test('the log holds the changes of all namespaces, also of one that was dropped', async (harness) => {
    const store = await opened(harness);
    await store.openNamespace(OTHER_NS, AMPLE_BYTES);
    await put(store, 'k', { namespaceId: OTHER_NS });
    const from = await startOfLog(harness);
    const { changes } = await recordChanges(harness);
    await put(store, 'k');
    await put(store, 'k', { namespaceId: OTHER_NS });
    await harness.settled();
    await store.dropNamespace(OTHER_NS);
    await put(store, 'k');
    const log = await logAfter(harness, from);
    assert.deepEqual(byPartition(log), byPartition(changes));
    assert.deepEqual(
      changes.map(({ namespaceId }) => namespaceId),
      [NS, OTHER_NS, NS],
    );
  });

  test('every change keeps who made it, or that nobody is named', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(harness);
    for (const author of [AUTHOR, undefined]) {
      await put(store, 'k', { author });
      await store.retime({ ...refOf('k'), ttlMs: TTL_MS, staleWindowMs: 0, guard: { kind: 'none' }, author });
      await store.remove({ ...refOf('k'), cause: 'deleted', author });
      await store.invalidate({ namespaceId: NS, selector: { kind: 'key', key: 'k' }, mode: 'mark-stale', author });
    }
    const log = await logAfter(harness, from);
    for (const kind of ['set', 'touch', 'delete', 'invalidate']) {
      const authors = log.filter((change) => change.kind === kind).map(({ author }) => author);
      assert.deepEqual(authors, [AUTHOR, undefined], kind);
    }
  });

  test('the log keeps the tags that an entry had before a change and has after it', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(harness);
    await put(store, 'k', { tags: ['old', 'both'] });
    await put(store, 'k', { tags: ['both', 'new'] });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'key', key: 'k' }, mode: 'mark-stale' });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'tag', tag: 'new' }, mode: 'mark-stale' });
    await store.remove({ ...refOf('k'), cause: 'invalidated' });
    await store.invalidate({ namespaceId: NS, selector: { kind: 'key', key: 'k' }, mode: 'mark-stale' });
    const log = await logAfter(harness, from);
    const tagsOf = (changes: readonly Change[]): string[][] => changes.map(({ tags }) => [...tags].sort());
    const now = ['both', 'new'];
    const all = [['both', 'old'], ['both', 'new', 'old'], now, [], now, []];
    // Of several partitions each has an order of its own.
    assert.deepEqual(tagsOf(log).sort(), all.sort());
  });

  test('a change that is repeated is in the log once', async (harness) => {
    const store = await opened(harness);
    const from = await startOfLog(harness);
    const once = { requestId: 'r' };
    const { position } = applied(await store.write(writeOf('k', { once, author: AUTHOR })));
    await store.write(writeOf('k', { once }));
    const log = await logAfter(harness, from);
    assert.deepEqual(
      log.map((change) => [change.position, change.author]),
      [[position, AUTHOR]],
    );
  });
}

/** Where the log stands, in the partitions that the namespace has in use. */
async function startOfLog(harness: StoreHarness): Promise<Moment> {
  const { store } = harness;
  await put(store, 'k');
  await store.remove({ ...refOf('k'), cause: 'deleted' });
  await moveControl(store);
  await harness.settled();
  return store.heads();
}

/** The changes after a moment, partition by partition. */
async function logAfter(harness: StoreHarness, moment: Moment, changesMax = 1000): Promise<readonly Change[]> {
  await harness.settled();
  const log: Change[] = [];
  for (const { partition, position } of moment) {
    const changes = await harness.store.changesSince(partition, position.number, changesMax);
    assert.ok(changes !== undefined, 'the log reaches that far');
    log.push(...changes);
  }
  return log;
}
