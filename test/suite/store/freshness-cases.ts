import assert from 'node:assert/strict';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Freshness, ReadResult, Store } from '../../../src/store/store.ts';
import {
  ANY,
  controlOf,
  type DefineCase,
  FOREIGN_EPOCH,
  get,
  homeIn,
  LATEST,
  moveControl,
  NS,
  opened,
  put,
  refOf,
  textOf,
} from './store-harness.ts';

/** How fresh reads are, and what may be asked of them. */
export function freshnessCases(test: DefineCase): void {
  test('a read at least as fresh as a change has seen it, at once', async (harness) => {
    const store = await opened(harness);
    await everyChangeIsSeen(store, atLeast);
  });

  test('the latest read has seen every change that was acknowledged, at once', async (harness) => {
    const store = await opened(harness);
    await everyChangeIsSeen(store, () => LATEST);
  });

  test('any read has seen every change that was told', async (harness) => {
    const store = await opened(harness);
    await everyChangeIsSeen(store, async () => {
      await harness.settled();
      return ANY;
    });
  });

  test('several entries are read as fresh as one', async (harness) => {
    const store = await opened(harness);
    const moments: Moment[] = [];
    for (const key of ['a', 'b', 'c']) moments.push((await put(store, key)).moment);
    for (const freshness of [atLeast(moments.flat()), LATEST]) {
      const reads = await store.readMany(NS, ['a', 'b', 'c'], freshness);
      assert.deepEqual(
        reads.map(({ entry }) => textOf(entry?.value)),
        ['value of a', 'value of b', 'value of c'],
      );
    }
  });

  test('of several positions of one partition all are honoured', async (harness) => {
    const store = await opened(harness);
    const older = await put(store, 'k');
    const newer = await store.remove({ ...refOf('k'), cause: 'deleted' });
    for (const moment of [
      [...older.moment, ...newer.moment],
      [...newer.moment, ...older.moment],
    ]) {
      assert.equal((await store.read(refOf('k'), atLeast(moment))).entry, undefined);
    }
  });

  test('what a read had seen can be asked for again, and so can nothing', async (harness) => {
    const store = await opened(harness);
    const { moment } = await put(store, 'k');
    const read = await store.read(refOf('k'), atLeast(moment));
    assert.ok((await store.read(refOf('k'), atLeast(read.moment))).entry !== undefined);
    assert.equal((await store.read(refOf('none'), atLeast([]))).entry, undefined);
  });

  test('a moment that has not happened, or of another history, can not be honoured, and why is said', async (harness) => {
    const store = await opened(harness);
    const { moment } = await put(store, 'k');
    const partitions = [homeIn(store, moment), controlOf(store)];
    for (const partition of partitions) {
      const future = { epoch: store.chain(partition).epoch, number: 1_000_000 };
      const foreign = { epoch: FOREIGN_EPOCH, number: 1 };
      await assertUnusable(store, [...moment, { partition, position: future }], 'FUTURE');
      await assertUnusable(store, [{ partition, position: foreign }, ...moment], 'UNKNOWN_EPOCH');
    }
  });

  test('a moment that was seen can be resumed after; one that never was can not', async (harness) => {
    const store = await opened(harness);
    await put(store, 'k');
    await moveControl(store);
    const { moment } = await get(harness, 'k');
    const { signal } = new AbortController();
    assert.deepEqual(await store.resumable(moment, signal), moment);
    assert.deepEqual(await store.resumable([], signal), []);
    for (const [i, { partition, position }] of moment.entries()) {
      for (const wrong of [
        { ...position, number: 1_000_000 },
        { ...position, epoch: FOREIGN_EPOCH },
      ]) {
        const resumed = store.resumable(moment.with(i, { partition, position: wrong }), signal);
        await harness.settled();
        assert.equal(await resumed, undefined);
      }
    }
  });
}

function atLeast(moment: Moment): Freshness {
  return { kind: 'at-least', moment };
}

async function assertUnusable(store: Store, moment: Moment, why: string): Promise<void> {
  const unusable = { name: 'OperatingError', reason: 'TOKEN_UNUSABLE', detail: { metadata: { why } } };
  await assert.rejects(async () => store.read(refOf('k'), atLeast(moment)), unusable);
  await assert.rejects(async () => store.readMany(NS, ['k', 'other'], atLeast(moment)), unusable);
}

/** Makes changes of every kind, and reads after each as `freshnessOf` says of its moment. */
async function everyChangeIsSeen(
  store: Store,
  freshnessOf: (moment: Moment) => Freshness | Promise<Freshness>,
): Promise<void> {
  const readAfter = async ({ moment }: { moment: Moment }): Promise<ReadResult> =>
    store.read(refOf('k'), await freshnessOf(moment));
  assert.equal((await readAfter(await moveControl(store))).entry, undefined);
  for (let turn = 0; turn < 3; turn++) {
    const written = await put(store, 'k');
    assert.deepEqual((await readAfter(written)).entry?.position, written.position);
    const retime = { ...refOf('k'), ttlMs: 1000, staleWindowMs: 0, guard: { kind: 'none' } } as const;
    const retimed = await store.retime(retime);
    assert.ok(retimed.kind === 'applied');
    assert.deepEqual((await readAfter(retimed)).entry?.position, retimed.position);
    const wide = { namespaceId: NS, selector: { kind: 'namespace' } } as const;
    const marked = await store.invalidate({ ...wide, mode: 'mark-stale' });
    assert.equal((await readAfter(marked)).visibility, 'marked-stale');
    assert.equal((await readAfter(await store.invalidate({ ...wide, mode: 'remove' }))).visibility, 'removed');
    const removed = await store.remove({ ...refOf('k'), cause: 'deleted' });
    assert.equal((await readAfter(removed)).entry, undefined);
  }
}
