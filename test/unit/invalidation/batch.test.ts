// Goal: a batch is encoded once, knows who is in it, and when it is too long. Method: an encoding that counts its use.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { Batch, isMadeBy } from '../../../src/invalidation/batch.ts';
import { authorOf, keyChange } from '../../support/changes.ts';

const byA = keyChange(1, 'k', { author: authorOf('a') });
const byNobody = keyChange(2, 'k', { author: authorOf('') });
const unsaid = keyChange(3, 'k');

function batchOf(changes = [byA, byNobody, unsaid], bytes = 1): { batch: Batch; encoded: () => number } {
  let encoded = 0;
  const encode = (): Buffer => {
    encoded++;
    return Buffer.from('message');
  };
  return { batch: new Batch(changes, { encode, bytesOf: () => bytes }), encoded: () => encoded };
}

test('its message is made when it is asked for, once', () => {
  const { batch, encoded } = batchOf();
  assert.equal(encoded(), 0);
  assert.equal(batch.bytes, batch.bytes);
  assert.equal(encoded(), 1);
});

test('it tells whether an origin made one of its changes; nobody is no origin', () => {
  const { batch } = batchOf();
  assert.deepEqual(
    ['a', 'b', ''].map((origin) => batch.holds(origin)),
    [true, false, false],
  );
  assert.deepEqual(
    [byA, byNobody, unsaid].map((change) => isMadeBy(change, 'a')),
    [true, false, false],
  );
  assert.deepEqual(
    [byA, byNobody, unsaid].map((change) => isMadeBy(change, '')),
    [false, false, false],
  );
});

test(`${limits.eventsMessageBytesMax} bytes go in one message, one more do not, unless one event alone is longer`, () => {
  const half = limits.eventsMessageBytesMax / 2;
  assert.equal(batchOf([byA, unsaid], half).batch.isLong, false);
  assert.equal(batchOf([byA, unsaid], half + 0.5).batch.isLong, true);
  assert.equal(batchOf([byA], limits.eventsMessageBytesMax + 1).batch.isLong, false);
});
