// Goal: nobody is told that nothing was done where something was. Method: ends of several changes, mixed by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { allMade } from '../../../src/cache/all-made.ts';
import type { Applied } from '../../../src/store/store.ts';

const made: PromiseSettledResult<Applied> = { status: 'fulfilled', value: { note: 'a' } as Applied };
const away = failed(new OperatingError('STORE_UNAVAILABLE', 'away', { retryAfterMs: 250 }));

function failed(reason: unknown): PromiseSettledResult<Applied> {
  return { status: 'rejected', reason };
}

test('all that were made are returned, in their order', () => {
  assert.deepEqual(
    allMade([made, made]).map(({ note }) => note),
    ['a', 'a'],
  );
});

test('if nothing was made, the reason stands', () => {
  assert.throws(() => allMade([away]), { reason: 'STORE_UNAVAILABLE' });
  assert.throws(() => allMade([away, away]), { reason: 'STORE_UNAVAILABLE' });
});

test('if some were made, or may have been, the outcome is unknown', () => {
  const unknown = failed(new OperatingError('OUTCOME_UNKNOWN', 'lost'));
  const detail = { metadata: { made: 1, of: 3 }, retryAfterMs: 250 };
  assert.throws(
    () => allMade([away, made, away]),
    (error: OperatingError) => {
      const { metadata, retryAfterMs } = error.detail;
      assert.deepEqual([error.reason, { metadata, retryAfterMs }], ['OUTCOME_UNKNOWN', detail]);
      return true;
    },
  );
  assert.throws(() => allMade([away, unknown]), { reason: 'OUTCOME_UNKNOWN' });
});

test('a bug stays one', () => {
  assert.throws(() => allMade([made, failed(new TypeError('bug'))]), TypeError);
});
