import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metadata } from '@grpc/grpc-js';
import { OutcomeUnknownError, OverloadedError, RepriseError, UnavailableError } from '../../src/errors.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { noTelemetry } from '../../src/telemetry/telemetry.ts';
import { Caller } from '../../src/transport/caller.ts';
import type { Channel, Tried } from '../../src/transport/channel.ts';
import { RetryBudget } from '../../src/transport/retry-budget.ts';
import { fixedRandom } from '../support/fixed-random.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { settled } from '../support/near-parts.ts';

// Retries: what is tried again, when, how often, and what is said in the end.

const OK: Tried<unknown> = { ok: true, response: { existed: true } };
const failed = (error: RepriseError, reachedServer = false): Tried<unknown> => ({ ok: false, error, reachedServer });
const unavailable = (reason = '', retryAfterMs?: number): RepriseError =>
  new UnavailableError('away', { code: 'UNAVAILABLE', reason, retryAfterMs });

function world(answers: readonly Tried<unknown>[], credential?: string | (() => string | Promise<string>)) {
  const clock = new ManualClock();
  const metadata: Metadata[] = [];
  const left = [...answers];
  const channel = {
    unary: async (_method: unknown, _request: unknown, options: { metadata: Metadata }) => {
      metadata.push(options.metadata);
      return left.shift() ?? OK;
    },
    stream: () => () => undefined,
    close: () => undefined,
  } as unknown as Channel;
  const parts = {
    channel,
    origin: 'origin',
    credential,
    timeoutMs: 2000,
    clock,
    random: fixedRandom(0.5),
    telemetry: noTelemetry,
  };
  return { clock, metadata, caller: new Caller(parts) };
}

/** Makes a call, and lets the time go by that it waits for. */
async function outcome({ clock, caller }: ReturnType<typeof world>, change = true): Promise<string> {
  let said: string | undefined;
  caller.call(CacheServiceService.delete, { key: 'a' }, { change }).then(
    () => {
      said = 'ok';
    },
    (error: Error) => {
      said = error.constructor.name;
    },
  );
  for (let i = 0; i < 1000 && said === undefined; i++) {
    await settled();
    if (said === undefined) clock.advance(10);
  }
  return said ?? 'nothing';
}

test('what may be tried again is, at most three times', async () => {
  for (const error of [
    unavailable(),
    unavailable('STORE_UNAVAILABLE'),
    new OverloadedError('', { code: 'RESOURCE_EXHAUSTED', reason: 'OVERLOADED' }),
    new RepriseError('', { code: 'RESOURCE_EXHAUSTED', reason: 'REQUEST_IDS_FULL' }),
    new OutcomeUnknownError('', { code: 'UNAVAILABLE', reason: 'OUTCOME_UNKNOWN' }),
    new RepriseError('Call ended without gRPC status', { code: 'INTERNAL' }),
  ]) {
    const twice = world([failed(error), failed(error)]);
    assert.equal(await outcome(twice), 'ok', error.reason);
    assert.equal(twice.metadata.length, 3);
    const thrice = world([failed(error), failed(error), failed(error)]);
    assert.notEqual(await outcome(thrice), 'ok');
    assert.equal(thrice.metadata.length, 3);
  }
});

test('what no repetition heals is told at once', async () => {
  for (const reason of ['KEY_TOO_LONG', 'VALUE_TOO_LARGE', 'QUOTA_EXCEEDED', 'INTERNAL']) {
    const once = world([failed(new RepriseError('', { code: 'INVALID_ARGUMENT', reason }), true)]);
    assert.equal(await outcome(once), 'RepriseError');
    assert.equal(once.metadata.length, 1);
  }
});

test('the wait is a random part of a bound that doubles, and never shorter than the server says', async () => {
  const jittered = world([failed(unavailable()), failed(unavailable())]);
  void jittered.caller.call(CacheServiceService.delete, { key: 'a' });
  await settled();
  jittered.clock.advance(12.4);
  await settled();
  assert.equal(jittered.metadata.length, 1);
  jittered.clock.advance(0.2);
  await settled();
  assert.equal(jittered.metadata.length, 2);
  jittered.clock.advance(25.1);
  await settled();
  assert.equal(jittered.metadata.length, 3);

  const asked = world([failed(unavailable('', 500))]);
  void asked.caller.call(CacheServiceService.delete, { key: 'a' });
  await settled();
  asked.clock.advance(499);
  await settled();
  assert.equal(asked.metadata.length, 1);
  asked.clock.advance(1);
  await settled();
  assert.equal(asked.metadata.length, 2);
});

test('there is no retry beyond the deadline', async () => {
  const late = world([failed(unavailable('', 2000))]);
  assert.equal(await outcome(late), 'UnavailableError');
  assert.equal(late.metadata.length, 1);
});

test('a change that may have been applied ends with OutcomeUnknown, a read and one that never left does not', async () => {
  const broken = failed(unavailable(), true);
  assert.equal(await outcome(world([broken, broken, broken])), 'OutcomeUnknownError');
  assert.equal(await outcome(world([broken, failed(unavailable()), failed(unavailable())])), 'OutcomeUnknownError');
  assert.equal(await outcome(world([broken, broken, broken]), false), 'UnavailableError');
  const never = failed(unavailable());
  assert.equal(await outcome(world([never, never, never])), 'UnavailableError');
  const refused = failed(unavailable('STORE_UNAVAILABLE'), true);
  assert.equal(await outcome(world([refused, refused, refused])), 'UnavailableError');
});

test('the budget bounds the share of retries: ten saved, a tenth earned with each call', () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 10; i++) assert.ok(budget.spend());
  assert.ok(!budget.spend());
  for (let i = 0; i < 9; i++) budget.earn();
  assert.ok(!budget.spend());
  budget.earn();
  assert.ok(budget.spend());
  for (let i = 0; i < 1000; i++) budget.earn();
  for (let i = 0; i < 10; i++) assert.ok(budget.spend());
  assert.ok(!budget.spend());
});

test('each try carries the origin and a credential, which is asked for anew', async () => {
  let asked = 0;
  const some = world([failed(unavailable())], async () => `secret-${++asked}`);
  assert.equal(await outcome(some), 'ok');
  assert.deepEqual(
    some.metadata.map((one) => one.get('authorization')[0]),
    ['Bearer secret-1', 'Bearer secret-2'],
  );
  assert.deepEqual(some.metadata[0]?.get('reprise-origin'), ['origin']);
  const fixed = world([], 'secret');
  await outcome(fixed);
  assert.deepEqual(fixed.metadata[0]?.get('authorization'), ['Bearer secret']);
});

test('a credential that does not come holds no call beyond its deadline', async () => {
  assert.equal(await outcome(world([], () => new Promise(() => undefined))), 'DeadlineExceededError');
});
