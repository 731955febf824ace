// Goal: what the control partition says comes from the node's own watermarks only while it may, else from the primary in
// force, asked late enough. Method: a view, a table and a scripted partition; each question counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import type { Watermark } from '../../../../src/cache/rules/watermark-table.ts';
import type { PartitionStore, Told } from '../../../../src/store/partition-store.ts';
import type { Freshness } from '../../../../src/store/store.ts';
import { ControlReader } from '../../../../src/store/tiered/control-reader.ts';
import type { Home } from '../../../../src/store/tiered/home.ts';
import { EPOCH, invalidation } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CHAIN, forkedAt, homeOn, NEXT_EPOCH, toldOf, viewFrom } from './builders.ts';

const MAX_LAG_MS = 1000;
const ANY: Freshness = { kind: 'any' };
const NONE: Watermark = { removed: 0, stale: 0 };

function stamped(number: number, epoch: Epoch = EPOCH) {
  return { key: 'k', tags: ['t'], stamp: { epoch, number } };
}

function atLeast(number: number): Freshness {
  return { kind: 'at-least', moment: [{ partition: 0, position: { epoch: EPOCH, number } }] };
}

/** A control partition at 7, in which a tag was removed with 6, as the node and as the store know it. */
class World {
  readonly clock = new ManualClock();
  readonly home: Home = homeOn(viewFrom(7));
  /** How many entries each question was about. */
  readonly questions: number[] = [];
  told: Told = toldOf(9);
  covering: Watermark = { removed: 8, stale: 0 };
  /** Runs before a question is answered. */
  meanwhile = async (): Promise<void> => undefined;
  readonly #partitions: Pick<PartitionStore, 'covering'> = {
    covering: async (_partition, _namespaceId, entries) => {
      this.questions.push(entries.length);
      await this.meanwhile();
      return { ...this.told, covering: entries.map(() => this.covering) };
    },
  };
  readonly reader = new ControlReader({
    partitions: this.#partitions as PartitionStore,
    clock: this.clock,
    maxLagMs: MAX_LAG_MS,
    proofAgeMsMax: MAX_LAG_MS,
  });

  constructor() {
    this.prove(0);
    const { watermarks } = this.home;
    watermarks.take(watermarks.ask(5), { chain: CHAIN, head: 5, rows: [] });
    watermarks.raise(invalidation(6, { kind: 'tag', tag: 't' }), 0);
  }

  prove(provenAtMs: number): void {
    const { control } = this.home;
    control.noteProof(control.countBeat(), provenAtMs);
    control.proof = { server: 'a', provenAtMs };
  }
}

test('while the permit holds the node judges by itself, at the moment to which its tail has come', async () => {
  const world = new World();
  world.clock.advance(MAX_LAG_MS);
  const { visibilities, moment } = await world.reader.verdict(world.home, [stamped(5), stamped(6)], ANY);
  assert.deepEqual([visibilities, moment], [['removed', 'visible'], world.home.control.moment]);
  assert.deepEqual(world.questions, []);
});

test('without the permit, or without a table, the store is asked', async () => {
  const world = new World();
  world.clock.advance(MAX_LAG_MS + 1);
  world.home.control.proof = { server: 'a', provenAtMs: MAX_LAG_MS };
  const { visibilities, moment } = await world.reader.verdict(world.home, [stamped(7), stamped(8)], ANY);
  assert.deepEqual(visibilities, ['removed', 'visible']);
  assert.deepEqual(moment, [{ partition: 0, position: { epoch: EPOCH, number: 9 } }]);
  world.prove(world.clock.monotonicMs());
  world.home.watermarks.clear();
  await world.reader.verdict(world.home, [stamped(7)], ANY);
  assert.deepEqual(world.questions, [2, 1]);
});

test('the latest is asked for, and so is what must be newer than the tail', async () => {
  const world = new World();
  await world.reader.verdict(world.home, [stamped(8)], { kind: 'latest' });
  await world.reader.verdict(world.home, [stamped(8)], atLeast(7));
  assert.deepEqual(world.questions, [1]);
  const { moment } = await world.reader.verdict(world.home, [stamped(8)], atLeast(9));
  assert.deepEqual([world.questions, moment[0]!.position.number], [[1, 1], 9]);
});

test('what the store itself has not reached can’t be honoured', async () => {
  const world = new World();
  const verdict = world.reader.verdict(world.home, [], atLeast(10));
  await assert.rejects(verdict, { reason: 'TOKEN_UNUSABLE' });
});

test('a stamp of an epoch that the node does not know yet is asked about, not called removed', async () => {
  const world = new World();
  world.told = toldOf(9, { chain: forkedAt(7) });
  world.covering = NONE;
  const { visibilities } = await world.reader.verdict(world.home, [stamped(9, NEXT_EPOCH)], ANY);
  assert.deepEqual([visibilities, world.questions], [['visible'], [1]]);
});

test('judging now always asks: another node may have invalidated', async () => {
  const world = new World();
  assert.equal(await world.reader.judgeNow(world.home, stamped(7)), 'removed');
  assert.deepEqual(world.questions, [1]);
});

test('a read that others may join is as old as what judges it, from the question on', async () => {
  const world = new World();
  world.prove(100);
  world.clock.advance(300);
  const own = { asOfMs: 300 };
  await world.reader.verdict(world.home, [], ANY, own);
  assert.equal(own.asOfMs, 100);
  const asked = { asOfMs: 300 };
  world.home.watermarks.forked();
  world.home.watermarks.clear();
  const verdict = world.reader.verdict(world.home, [], ANY, asked);
  assert.equal(asked.asOfMs, 100, 'before the answer is there');
  await verdict;
  const older = { asOfMs: 50 };
  await world.reader.verdict(world.home, [], ANY, older);
  assert.equal(older.asOfMs, 50);
});

test('no server is asked where none was proven to be in force lately', async () => {
  const world = new World();
  world.clock.advance(MAX_LAG_MS + 1);
  await assert.rejects(world.reader.verdict(world.home, [], ANY), { reason: 'STORE_UNAVAILABLE' });
  world.home.control.proof = undefined;
  await assert.rejects(world.reader.head(world.home), { reason: 'STORE_UNAVAILABLE' });
  assert.deepEqual(world.questions, []);
});

test('the answer of another server than the one in force is not believed', async () => {
  const world = new World();
  world.told = toldOf(9, { server: 'deposed' });
  await assert.rejects(world.reader.judgeNow(world.home, stamped(8)), { reason: 'STORE_UNAVAILABLE' });
});

test('a server is believed that was proven while it was asked', async () => {
  const world = new World();
  world.told = toldOf(9, { server: 'b' });
  world.meanwhile = async () => {
    world.home.control.proof = { server: 'b', provenAtMs: 0 };
  };
  assert.equal(await world.reader.judgeNow(world.home, stamped(8)), 'visible');
});

test('Sets of one turn share one question for the head, sent after all of them', async () => {
  const world = new World();
  const heads = [world.reader.head(world.home)];
  await Promise.resolve();
  heads.push(world.reader.head(world.home));
  assert.deepEqual(world.questions, [], 'the turn is not over');
  assert.deepEqual(await Promise.all(heads), Array(2).fill({ epoch: EPOCH, number: 9 }));
  assert.deepEqual(world.questions, [0]);
});

test('a Set that comes when the question was sent asks again: an invalidation may lie between', async () => {
  const world = new World();
  const answer = Promise.withResolvers<void>();
  world.meanwhile = () => answer.promise;
  const first = world.reader.head(world.home);
  await turn();
  assert.deepEqual(world.questions, [0]);
  const second = world.reader.head(world.home);
  await turn();
  assert.deepEqual(world.questions, [0, 0]);
  answer.resolve();
  await Promise.all([first, second]);
});

test('Sets of two namespaces don’t share a question', async () => {
  const world = new World();
  const other = homeOn(world.home.control);
  await Promise.all([world.reader.head(world.home), world.reader.head(other)]);
  assert.deepEqual(world.questions, [0, 0]);
});

test('all Sets of a question that failed fail, and the next ones ask again', async () => {
  const world = new World();
  world.meanwhile = () => Promise.reject(new Error('cut'));
  const results = await Promise.allSettled([world.reader.head(world.home), world.reader.head(world.home)]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  world.meanwhile = async () => undefined;
  assert.equal((await world.reader.head(world.home)).number, 9);
});

test('a lease is void below the highest watermark over its key, by the node’s own table or the store’s', async () => {
  const world = new World();
  const { watermarks } = world.home;
  watermarks.raise(invalidation(7, { kind: 'key', key: 'k' }, { mode: 'mark-stale' }), 0);
  assert.deepEqual(await world.reader.voidBelow(world.home, 'k'), { epoch: EPOCH, number: 7 });
  assert.equal((await world.reader.voidBelow(world.home, 'other')).number, 0);
  world.home.watermarks.clear();
  world.covering = { removed: 3, stale: 8 };
  assert.deepEqual(await world.reader.voidBelow(world.home, 'k'), { epoch: EPOCH, number: 8 });
});
