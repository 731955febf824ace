// Goal: only what the store that can't be asked leaves undone has something else in its place. Method: answers and
// failures of each kind, at once and later.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OperatingError, type ReasonName } from '../../../src/base/operating-error.ts';
import { whenUnavailable } from '../../../src/cache/when-unavailable.ts';

const instead = (error: OperatingError): string => `instead of ${error.reason}`;
const failure = (reason: ReasonName): OperatingError => new OperatingError(reason, 'a test');

function thrown(error: Error): never {
  throw error;
}

test('an answer stays, at once and later', async () => {
  assert.equal(
    whenUnavailable(() => 'answer', instead),
    'answer',
  );
  assert.equal(await whenUnavailable(() => Promise.resolve('answer'), instead), 'answer');
});

test('STORE_UNAVAILABLE has something else in its place, thrown or rejected', async () => {
  const error = failure('STORE_UNAVAILABLE');
  assert.equal(
    whenUnavailable(() => thrown(error), instead),
    'instead of STORE_UNAVAILABLE',
  );
  assert.equal(await whenUnavailable(() => Promise.reject(error), instead), 'instead of STORE_UNAVAILABLE');
});

test('every other failure stays what it is, OUTCOME_UNKNOWN and bugs too', async () => {
  for (const error of [failure('OUTCOME_UNKNOWN'), failure('TOKEN_UNUSABLE'), new Error('a bug')]) {
    assert.throws(() => whenUnavailable(() => thrown(error), instead), error);
    await assert.rejects(async () => whenUnavailable(() => Promise.reject(error), instead), error);
  }
});
