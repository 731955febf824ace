// Goal: a head counts as told only where the stream's token is at or after it in one history. Method: examples over two
// partitions and a fork; laws over any positions of one history.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coversMoment } from '../../../../src/cache/rules/covers-moment.ts';
import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Moment } from '../../../../src/cache/rules/moment.ts';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import { checkProperty } from '../../../support/check-property.ts';

const [OLD, NEW, FOREIGN] = ['0a'.repeat(8), '0b'.repeat(8), '0c'.repeat(8)] as [Epoch, Epoch, Epoch];
/** The new epoch shares ten changes with the old one. */
const forked: EpochChain = { epoch: NEW, ancestors: [{ epoch: OLD, fork: 10 }] };
const chainOf = (): EpochChain => forked;

const at = (...positions: [Epoch, number][]): Moment =>
  positions.map(([epoch, number], partition) => ({ partition, position: { epoch, number } }));

test('every partition of the head must have been told', () => {
  assert.ok(coversMoment(at([NEW, 12], [NEW, 30]), at([NEW, 12], [NEW, 29]), chainOf));
  assert.ok(!coversMoment(at([NEW, 11], [NEW, 30]), at([NEW, 12], [NEW, 29]), chainOf));
  assert.ok(!coversMoment(at([NEW, 12]), at([NEW, 12], [NEW, 29]), chainOf), 'a partition that the stream never told');
  assert.ok(coversMoment(at([NEW, 12], [NEW, 30]), at([NEW, 12]), chainOf));
});

test('over a fork what both histories share is compared', () => {
  assert.ok(coversMoment(at([NEW, 11]), at([OLD, 10]), chainOf));
  assert.ok(!coversMoment(at([OLD, 10]), at([NEW, 11]), chainOf), 'the stream has not told the new epoch');
  assert.ok(!coversMoment(at([NEW, 11]), at([OLD, 11]), chainOf), 'a head that was lost is never told');
  assert.ok(!coversMoment(at([OLD, 11]), at([NEW, 11]), chainOf), 'what was told was lost');
});

test('an epoch that is not in the chain covers nothing but itself', () => {
  assert.ok(!coversMoment(at([FOREIGN, 99]), at([NEW, 1]), chainOf));
  assert.ok(!coversMoment(at([NEW, 99]), at([FOREIGN, 1]), chainOf));
  assert.ok(coversMoment(at([FOREIGN, 2]), at([FOREIGN, 1]), chainOf), 'the same epoch needs no chain');
});

test('a moment covers itself, and covering goes on from one to the next', () => {
  const number = fc.nat({ max: 9 });
  const moment = fc.tuple(number, number).map(([a, b]) => at([OLD, a], [OLD, b]));
  checkProperty(
    fc.property(moment, moment, moment, (a, b, c) => {
      assert.ok(coversMoment(a, a, chainOf));
      const [ab, bc, ac] = [coversMoment(a, b, chainOf), coversMoment(b, c, chainOf), coversMoment(a, c, chainOf)];
      if (ab && bc) assert.ok(ac);
    }),
  );
});
