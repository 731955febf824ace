// Goal: the server answers over real gRPC. Method: one session through the main calls.
import assert from 'node:assert/strict';
import test from 'node:test';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { errorOf } from '../support/call.ts';
import { startTestServer } from '../support/test-server.ts';

test('what is set is got', async () => {
  await using server = await startTestServer();
  const value = Buffer.from('hello');
  const set = await server.call(CacheServiceService.set, { key: 'a', content: { $case: 'value', value } });
  assert.equal(set.result?.$case, 'stored');
  const got = await server.call(CacheServiceService.get, { key: 'a' });
  assert.equal(got.result?.$case, 'hit');
  assert.deepEqual(got.result.value.content, { $case: 'value', value });
});

test('an error carries its reason', async () => {
  await using server = await startTestServer();
  const facts = await errorOf(server.call(CacheServiceService.get, { key: '' }));
  assert.equal(facts.reason, 'KEY_INVALID');
  assert.deepEqual(facts.fields, ['key']);
});
