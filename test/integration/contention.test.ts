// Goal: a conditional change is judged again while others change the key, five times at most, then CONTENDED. Method:
// real gRPC over a store in which another writer comes between.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../src/base/limits.ts';
import { NotIncrementedReason } from '../../src/gen/reprise/v1/cache_service.ts';
import { NotStoredReason } from '../../src/gen/reprise/v1/entry.ts';
import { only, onlyIf } from '../support/cache-calls.ts';
import { contend } from '../support/contending-store.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';

const present = onlyIf({ $case: 'present', value: {} });

/** Starts a server where another writer comes first so many times. */
async function contended(times: number): Promise<TimedServer> {
  const timed = await startTimedServer();
  await timed.cache.stored('k', '0');
  contend(timed.server.store, { left: times });
  return timed;
}

test('a Set that wins at the last try is stored', async () => {
  await using t = await contended(limits.conditionAttemptsMax - 1);
  await t.cache.stored('k', 'v', { condition: present });
});

test('a Set that loses every try is CONTENDED', async () => {
  await using t = await contended(limits.conditionAttemptsMax);
  assert.equal(await t.cache.refusal('k', 'v', { condition: present }), NotStoredReason.CONTENDED);
});

test('an Increment that wins at the last try counts', async () => {
  await using t = await contended(limits.conditionAttemptsMax - 1);
  assert.equal((await t.cache.counted('k', 1n)).value, 1n);
});

test('an Increment that loses every try is CONTENDED', async () => {
  await using t = await contended(limits.conditionAttemptsMax);
  const refused = only(await t.cache.increment('k', 1n), 'notIncremented');
  assert.equal(refused.reason, NotIncrementedReason.CONTENDED);
});

test('a Touch that wins at the last try touches', async () => {
  await using t = await contended(limits.conditionAttemptsMax - 1);
  only(await t.cache.touch('k'), 'touched');
});

test('a Touch that loses every try is contended, without change and token', async () => {
  await using t = await contended(limits.conditionAttemptsMax);
  assert.deepEqual(only(await t.cache.touch('k'), 'notTouched'), { token: '', contended: true });
});

test('a condition that another writer made false is refused, not CONTENDED', async () => {
  await using t = await contended(1);
  const { revision } = await t.cache.hit('k');
  const condition = onlyIf({ $case: 'revision', value: revision });
  assert.equal(await t.cache.refusal('k', 'v', { condition }), NotStoredReason.REVISION_MISMATCH);
});
