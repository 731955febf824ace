// Goal: moments move one partition at a time and say where they are behind. Method: examples over three partitions.
import assert from 'node:assert/strict';
import test from 'node:test';
import { firstBehind, type Moment, momentAfter } from '../../../../src/cache/rules/moment.ts';
import type { Placed } from '../../../../src/cache/rules/token.ts';
import { EPOCH } from '../../../support/changes.ts';

const at = (partition: number, number: number): Placed => ({ partition, position: { epoch: EPOCH, number } });
const moment: Moment = [at(0, 5), at(1, 6), at(2, 7)];

test('the moment after a change has moved in its partition alone', () => {
  assert.deepEqual(momentAfter(moment, [at(1, 9)]), [at(0, 5), at(1, 9), at(2, 7)]);
  assert.deepEqual(moment, [at(0, 5), at(1, 6), at(2, 7)], 'a moment never changes');
});

test('a partition that was not there comes in its place', () => {
  assert.deepEqual(momentAfter([at(0, 1), at(2, 1)], [at(1, 1)]), [at(0, 1), at(1, 1), at(2, 1)]);
  assert.deepEqual(momentAfter([], [at(1, 1)]), [at(1, 1)]);
});

test('a moment is behind where the goal has newer changes, first things first', () => {
  const goal = [at(0, 5), at(1, 8), at(2, 9)];
  assert.deepEqual(firstBehind(moment, goal), { from: at(1, 6), to: at(1, 8) });
  assert.deepEqual(firstBehind(momentAfter(moment, [at(1, 8)]), goal), { from: at(2, 7), to: at(2, 9) });
  assert.equal(firstBehind(goal, goal), undefined);
  assert.equal(firstBehind(goal, moment), undefined);
});

test('where it knows nothing of a partition it is not behind', () => {
  assert.equal(firstBehind([at(0, 5)], moment), undefined);
});
