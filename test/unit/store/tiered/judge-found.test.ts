// Goal: what the control partition itself holds is judged as its primary would, without a second question where that can
// be known. Method: a table that the node holds, answers with other newest watermarks, each question counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import type { PartitionStore, ToldKeys } from '../../../../src/store/partition-store.ts';
import type { StoredEntry } from '../../../../src/store/store.ts';
import { ControlReader } from '../../../../src/store/tiered/control-reader.ts';
import { judgeFound } from '../../../../src/store/tiered/judge-found.ts';
import { EPOCH, invalidation } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CHAIN, entryOf, forkedAt, homeOn, NEXT_EPOCH, toldOf, viewFrom } from './builders.ts';

function entryStamped(number: number, epoch: Epoch = EPOCH): StoredEntry {
  return entryOf('k', number, { tags: ['t'], stamp: { epoch, number } });
}

/** A control partition at 7 with a tag removed by 6, as the node holds it; the primary says that 8 covers everything. */
class World {
  readonly home = homeOn(viewFrom(7));
  questions = 0;
  told = toldOf(9);
  readonly #controls: ControlReader;

  constructor() {
    const { watermarks, control } = this.home;
    watermarks.take(watermarks.ask(5), { chain: CHAIN, head: 5, rows: [] });
    watermarks.raise(invalidation(6, { kind: 'tag', tag: 't' }), 0);
    control.proof = { server: 'a', provenAtMs: 0 };
    const covering: PartitionStore['covering'] = async (_partition, _namespaceId, entries) => {
      this.questions++;
      return { ...this.told, covering: entries.map(() => ({ removed: 8, stale: 0 })) };
    };
    const partitions = { covering } as PartitionStore;
    this.#controls = new ControlReader({ partitions, clock: new ManualClock(), maxLagMs: 1000, proofAgeMsMax: 1000 });
  }

  async judge(newestWatermark: number, ...entries: (StoredEntry | undefined)[]) {
    const found = entries.map((entry) => ({ entry, absence: 'unknown' as const }));
    const told: ToldKeys = { ...this.told, found, newestWatermark };
    const { visibilities, moment } = await judgeFound(this.#controls, this.home, this.home.control, told, {
      kind: 'any',
    });
    assert.deepEqual(moment, [{ partition: 0, position: { epoch: told.chain.epoch, number: 9 } }]);
    return visibilities;
  }
}

test('what is stamped above the newest watermark is visible, and so is what is not there', async () => {
  const world = new World();
  world.home.watermarks.clear();
  assert.deepEqual(await world.judge(8, entryStamped(8), undefined, entryStamped(9)), [
    'visible',
    'visible',
    'visible',
  ]);
  assert.equal(world.questions, 0);
});

test('the node’s own table judges if it has the newest watermark, whatever the permit says', async () => {
  const world = new World();
  assert.deepEqual(await world.judge(6, entryStamped(5), undefined, entryStamped(6)), [
    'removed',
    'visible',
    'visible',
  ]);
  assert.equal(world.questions, 0);
});

test('a watermark that the tail has not come to is asked for', async () => {
  const world = new World();
  assert.deepEqual(await world.judge(8, entryStamped(7), entryStamped(8)), ['removed', 'visible']);
  assert.equal(world.questions, 1);
});

test('a table of another epoch is no judge, also not with greater numbers', async () => {
  const world = new World();
  world.told = toldOf(9, { chain: forkedAt(5) });
  assert.deepEqual(await world.judge(6, entryStamped(5, NEXT_EPOCH)), ['removed']);
  assert.equal(world.questions, 1);
});
