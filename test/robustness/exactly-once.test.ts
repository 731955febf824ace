// Goal: a change that is tried again with its request id is made once, however many answers are lost (OnceOnly). Method:
// node processes whose proxy to a real Redis cuts connections instead of passing answers on, callers that try again; a
// few thousand of the changes of `make exactly-once`, and a control whose tries have ids of their own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seedOfRun } from '../support/seeded-random.ts';
import { complaintsOf, figuresOf, lineOf } from './exactly-once/judge-changes.ts';
import { runChanges } from './exactly-once/run-changes.ts';

test('increments and conditional Sets that are tried again are made once', async (t) => {
  const seed = seedOfRun();
  const result = await runChanges(3000, seed, 'same');
  t.diagnostic(`SEED=${seed} ${lineOf(result)}`);
  assert.deepEqual(complaintsOf(result), []);
});

test('the judge finds changes that were made twice', async (t) => {
  const seed = seedOfRun();
  const control = await runChanges(600, seed, 'new');
  t.diagnostic(`SEED=${seed} ${lineOf(control)}`);
  const complaints = complaintsOf(control).join('\n');
  assert.ok(figuresOf(control).doubled > 0, complaints);
  assert.match(complaints, /changes were applied, callers know of/);
  assert.match(complaints, /counter \d+ is \d+ after \d+ increments/);
  assert.match(complaints, /Sets were refused although their condition held/);
});
