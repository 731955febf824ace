// Goal: a stream goes on only where the node can tell what follows, and never waits for what can't come. Method: views
// whose changes and proofs the test makes while somebody waits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Moment } from '../../../../src/cache/rules/moment.ts';
import type { Epoch, Position } from '../../../../src/cache/rules/position.ts';
import { PartitionView } from '../../../../src/store/tiered/partition-view.ts';
import { resumableMoment } from '../../../../src/store/tiered/resuming.ts';
import { EPOCH, keyChange } from '../../../support/changes.ts';
import { FOREIGN_CHAIN, forkedAt, NEXT_EPOCH, viewFrom } from './builders.ts';

function at(number: number, epoch: Epoch = EPOCH): Position {
  return { epoch, number };
}

/** Asks views for what follows positions of them, one each. */
function resume(views: readonly PartitionView[], positions: readonly Position[]) {
  const controller = new AbortController();
  const asked: number[] = [];
  let answer: Moment | undefined | 'waits' = 'waits';
  const known = new Map(views.map((view) => [view.partition, view]));
  const moment = positions.map((position, partition) => ({ partition, position }));
  const ask = (partition: number): number => asked.push(partition);
  void resumableMoment({ views: known, ask }, moment, controller.signal).then((resumed) => {
    answer = resumed;
  });
  const answered = async (): Promise<typeof answer> => {
    await turn();
    return answer;
  };
  return { answered, asked, abort: () => controller.abort() };
}

/** Proves a tail by a heartbeat that is sent now. */
function prove(view: PartitionView): void {
  view.noteProof(view.countBeat(), 0);
}

test('what was applied goes on at once, and nobody is asked', async () => {
  const { answered, asked } = resume([viewFrom(5)], [at(5)]);
  assert.deepEqual(await answered(), [{ partition: 0, position: at(5) }]);
  assert.deepEqual(asked, []);
});

test('nothing to go on from goes on', async () => {
  assert.deepEqual(await resume([viewFrom(5)], []).answered(), []);
});

test('below the fork a position of the epoch before is one of the epoch in force', async () => {
  const view = viewFrom(5);
  view.fork(forkedAt(4), 4);
  assert.deepEqual(await resume([view], [at(3)]).answered(), [{ partition: 0, position: at(3, NEXT_EPOCH) }]);
});

test('beyond the fork it names what was lost', async () => {
  const view = viewFrom(5);
  view.fork(forkedAt(4), 4);
  const { answered, asked } = resume([view], [at(5)]);
  assert.equal(await answered(), undefined);
  assert.deepEqual(asked, []);
});

test('a node that lags behind asks, and waits until it has come so far', async () => {
  const view = viewFrom(5);
  const { answered, asked } = resume([view], [at(7)]);
  assert.equal(await answered(), 'waits');
  assert.deepEqual(asked, [0]);
  view.note(keyChange(6, 'k'));
  assert.equal(await answered(), 'waits');
  view.note(keyChange(7, 'k'));
  assert.deepEqual(await answered(), [{ partition: 0, position: at(7) }]);
});

test('it waits until it is proven that the position never was: a heartbeat from before proves nothing', async () => {
  const view = viewFrom(5);
  const earlier = view.countBeat();
  const { answered } = resume([view], [at(7)]);
  view.noteProof(earlier, 0);
  assert.equal(await answered(), 'waits');
  prove(view);
  assert.equal(await answered(), undefined);
});

test('an unknown epoch is waited for until the newest is proven to be known', async () => {
  const view = viewFrom(5);
  const { answered } = resume([view], [at(6, NEXT_EPOCH)]);
  assert.equal(await answered(), 'waits');
  view.fork(forkedAt(5), 5);
  view.note({ ...keyChange(6, 'k'), position: at(6, NEXT_EPOCH) });
  assert.deepEqual(await answered(), [{ partition: 0, position: at(6, NEXT_EPOCH) }]);
  const foreign = resume([view], [at(6, FOREIGN_CHAIN.epoch)]);
  assert.equal(await foreign.answered(), 'waits');
  prove(view);
  assert.equal(await foreign.answered(), undefined);
});

test('before the first heartbeat it waits for it', async () => {
  const view = new PartitionView(0, { recentKeysMax: 10 });
  const { answered } = resume([view], [at(5)]);
  assert.equal(await answered(), 'waits');
  view.restart({ epoch: EPOCH, ancestors: [] }, 5);
  assert.deepEqual(await answered(), [{ partition: 0, position: at(5) }]);
});

test('whoever leaves gets nothing', async () => {
  const { answered, abort } = resume([viewFrom(5)], [at(7)]);
  assert.equal(await answered(), 'waits');
  abort();
  assert.equal(await answered(), undefined);
});

test('every partition must be able to go on, and is asked for itself', async () => {
  const views = [viewFrom(5, 0), viewFrom(5, 1)];
  const both = resume(views, [at(5), at(6)]);
  assert.equal(await both.answered(), 'waits');
  assert.deepEqual(both.asked, [1]);
  views[1]!.note(keyChange(6, 'k'));
  const moment = [
    { partition: 0, position: at(5) },
    { partition: 1, position: at(6) },
  ];
  assert.deepEqual(await both.answered(), moment);
  views[0]!.fork(forkedAt(4), 4);
  assert.equal(await resume(views, [at(5), at(6)]).answered(), undefined);
});

test('a partition that is not followed can’t go on', async () => {
  assert.equal(await resume([], [at(5)]).answered(), undefined);
});
