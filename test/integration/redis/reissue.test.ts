// Goal: an acknowledged invalidation survives the loss of the primary's unreplicated tail: nodes make again what a fork
// lost. Method: a replica that copied up to a known change takes over; invalidations are acknowledged by the old primary
// after that change, also so late that the node has already followed the fork.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartitionApplied, PartitionStore } from '../../../src/store/partition-store.ts';
import type { Invalidation, News } from '../../../src/store/store.ts';
import { NS, put, refOf, writeOf } from '../../suite/store/store-harness.ts';
import { openPairNodes, type PairNodes, putAndHold } from '../../support/pair-nodes.ts';
import { isHeld, newsOf, type StoreNode, textAt, untilPermitted } from '../../support/store-node.ts';
import { until } from '../../support/until.ts';
import { replaceParts } from '../../support/wrap-partitions.ts';

function invalidationOf(parts: Partial<Invalidation> = {}): Invalidation {
  return { namespaceId: NS, selector: { kind: 'tag', tag: 't' }, mode: 'remove', ...parts };
}

/** What a node told after the newest fork. */
function sinceFork({ news }: StoreNode): readonly News[] {
  return news.slice(news.findLastIndex(({ kind }) => kind === 'forked') + 1);
}

/** Waits until a node follows the fork, and has been told of an invalidation after it. */
async function untilMadeAgain(node: StoreNode): Promise<void> {
  await until(() => newsOf(node, 'forked').length > 0, { what: 'the fork' });
  const again = (): boolean =>
    sinceFork(node).some((news) => news.kind === 'changed' && news.change.kind === 'invalidate');
  await until(again, { what: 'the invalidation, made again' });
}

/** Ends the replication, has something acknowledged that is lost, and switches over. */
async function lose({ pair }: PairNodes, acknowledge: () => Promise<unknown>): Promise<void> {
  await pair.part();
  await acknowledge();
  await pair.switchOver();
}

/** Holds answers back until they are released, as the network or a node that stands still does. */
class Held {
  readonly #released = Promise.withResolvers<void>();
  #asked = 0;

  /** Answers that have been held back so far. */
  get count(): number {
    return this.#asked;
  }

  /** Lets them through. */
  release(): void {
    this.#released.resolve();
  }

  /** Returns partitions whose first answer to an invalidation is held back. */
  wrap = (partitions: PartitionStore): PartitionStore =>
    replaceParts(partitions, {
      invalidate: async (partition, change): Promise<PartitionApplied> => {
        const answer = await partitions.invalidate(partition, change);
        if (this.#asked++ === 0) await this.#released.promise;
        return answer;
      },
    });
}

describe('what a failover loses', { concurrency: true }, () => {
  // R7, Accepted-is-kept.
  test('is made again: a wide invalidation, and nobody serves what it covers afterwards', async () => {
    await using nodes = await openPairNodes();
    const { a, b } = nodes;
    await putAndHold([a, b], 'k', 'old', ['t']);
    await putAndHold([a, b], 'other', 'kept');
    let lost: unknown;
    await lose(nodes, async () => {
      lost = (await a.store.invalidate(invalidationOf())).position;
    });
    for (const node of [a, b]) {
      await untilMadeAgain(node);
      assert.equal(await textAt(node, 'k'), undefined);
      await untilPermitted(node);
      assert.equal(await textAt(node, 'k'), undefined);
      assert.ok(isHeld(node, 'other'), 'nothing else is dropped');
    }
    assert.equal(a.store.counts.reissued, 1);
    assert.equal(b.store.counts.reissued, 0);
    const [again] = newsOf(b, 'changed')
      .filter(({ change }) => change.kind === 'invalidate')
      .slice(-1);
    assert.notDeepEqual(again!.change.position, lost);
  });

  test('is made again within two heartbeats of the switch', async () => {
    const servers: string[] = [];
    const before: number[] = [];
    const wrapA = (partitions: PartitionStore): PartitionStore =>
      replaceParts(partitions, {
        beat: async (partition, beat) => {
          const answer = await partitions.beat(partition, beat);
          servers.push(answer.server);
          return answer;
        },
        invalidate: (partition, change) => {
          before.push(servers.filter((server) => server !== servers[0]).length);
          return partitions.invalidate(partition, change);
        },
      });
    await using nodes = await openPairNodes({ wrapA });
    const { a } = nodes;
    await lose(nodes, () => a.store.invalidate(invalidationOf()));
    await until(() => a.store.counts.reissued === 1);
    assert.equal(before[0], 0);
    assert.ok(before[1]! <= 2, `the new primary answered ${before[1]} heartbeats before`);
  });

  test('is made again: the removal of a key', async () => {
    await using nodes = await openPairNodes();
    const { a, b } = nodes;
    await putAndHold([a, b], 'k', 'old');
    await lose(nodes, () => Promise.resolve(a.store.remove({ ...refOf('k'), cause: 'invalidated' })));
    for (const node of [a, b]) {
      await untilMadeAgain(node);
      assert.equal(await textAt(node, 'k'), undefined);
    }
  });

  test('is made again: a mark, which leaves the entry where it is', async () => {
    await using nodes = await openPairNodes();
    const { a, b } = nodes;
    await putAndHold([a, b], 'k', 'old', ['t']);
    await lose(nodes, () => a.store.invalidate(invalidationOf({ mode: 'mark-stale' })));
    for (const node of [a, b]) {
      await untilMadeAgain(node);
      await untilPermitted(node);
      const { visibility } = await node.store.read(refOf('k'), { kind: 'any' });
      assert.equal(visibility, 'marked-stale');
    }
  });

  test('is made again once, however often it was acknowledged, and each that covers something else', async () => {
    await using nodes = await openPairNodes();
    const { a } = nodes;
    await lose(nodes, async () => {
      for (let i = 0; i < 5; i++) await a.store.invalidate(invalidationOf());
      await a.store.invalidate(invalidationOf({ mode: 'mark-stale' }));
      await a.store.invalidate(invalidationOf({ selector: { kind: 'prefix', prefix: 'p:' } }));
      await a.store.remove({ ...refOf('k'), cause: 'invalidated' });
    });
    await until(() => a.store.counts.reissued === 4);
    await a.store.caughtUp();
    await a.store.caughtUp();
    assert.equal(a.store.counts.reissued, 4);
  });

  // Callers have changes, too: a thousand at once would make theirs wait.
  test('is made again a few at a time, however many they are', async () => {
    let [underWay, most] = [0, 0];
    const wrapA = (partitions: PartitionStore): PartitionStore =>
      replaceParts(partitions, {
        invalidate: async (partition, change) => {
          most = Math.max(most, ++underWay);
          return partitions.invalidate(partition, change).finally(() => underWay--);
        },
      });
    await using nodes = await openPairNodes({ wrapA });
    const { a, b } = nodes;
    await lose(nodes, async () => {
      for (let i = 0; i < 1000; i += 50) {
        const tags = Array.from({ length: 50 }, (_, index) => `t${i + index}`);
        await Promise.all(tags.map((tag) => a.store.invalidate(invalidationOf({ selector: { kind: 'tag', tag } }))));
      }
      most = 0;
    });
    await until(() => a.store.counts.reissued === 1000, { what: 'all of them' });
    assert.ok(most <= 64, `${most} at once`);
    await b.store.caughtUp();
    const again = sinceFork(b).filter((news) => news.kind === 'changed' && news.change.kind === 'invalidate');
    assert.equal(again.length, 1000);
  });

  // What was not lost is left alone: making it again would empty caches after every failover.
  test('is all that is made again', async () => {
    await using nodes = await openPairNodes();
    const { a, b, pair } = nodes;
    await a.store.invalidate(invalidationOf());
    await putAndHold([a, b], 'k', 'newer', ['t']);
    await pair.part();
    await pair.switchOver();
    for (const node of [a, b]) {
      await until(() => newsOf(node, 'forked').length > 0);
      await node.store.caughtUp();
      await untilPermitted(node);
      assert.ok(isHeld(node, 'k'));
      assert.equal(node.store.counts.reissued, 0);
    }
  });

  // Taught by the simulation: the acknowledgement may come after the epoch change was noticed.
  test('is made again if it is acknowledged after the node has followed the fork', async () => {
    const held = new Held();
    await using nodes = await openPairNodes({ wrapA: held.wrap });
    const { a, b } = nodes;
    await putAndHold([a, b], 'k', 'old', ['t']);
    let acknowledging: Promise<unknown> = Promise.resolve();
    await lose(nodes, async () => {
      acknowledging = Promise.resolve(a.store.invalidate(invalidationOf()));
      await until(() => held.count === 1);
    });
    await until(() => newsOf(a, 'forked').length > 0);
    await a.store.caughtUp();
    assert.equal(a.store.counts.reissued, 0, 'nobody was told that it was done');
    held.release();
    await acknowledging;
    for (const node of [a, b]) {
      await untilMadeAgain(node);
      assert.equal(await textAt(node, 'k'), undefined);
    }
  });

  // A lost request id would make the new primary forget, one that it knows would make it do nothing.
  test('is made again without its request id, which the caller may repeat', async () => {
    await using nodes = await openPairNodes();
    const { a, b } = nodes;
    await putAndHold([a, b], 'k', 'old', ['t']);
    const change = invalidationOf({ once: { requestId: 'r' } });
    await lose(nodes, () => a.store.invalidate(change));
    await untilMadeAgain(b);
    assert.equal((await a.store.invalidate(change)).repeated, false);
    assert.equal((await a.store.invalidate(change)).repeated, true);
    assert.equal(await textAt(b, 'k'), undefined);
  });

  // NoResurrection: a fill that began before the lost invalidation is refused by the one that is made again.
  test('refuses a fill that began before it', async () => {
    await using nodes = await openPairNodes();
    const { a, b } = nodes;
    const { moment, nowMs } = await b.store.read(refOf('k'), { kind: 'latest' });
    await lose(nodes, () => Promise.resolve(a.store.remove({ ...refOf('k'), cause: 'invalidated' })));
    await untilMadeAgain(b);
    const fence = { kind: 'fence', fence: { moment, givenAtMs: nowMs } } as const;
    assert.equal((await b.store.write(writeOf('k', { guard: fence }))).kind, 'guarded');
    await put(b.store, 'k');
  });
});
