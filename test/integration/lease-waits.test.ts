// Goal: who waits for a fill is handed the lease in turn, or answered within its bounds, and leaves nothing behind when
// it goes. Method: real gRPC, time stands still until the test moves it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { status } from '@grpc/grpc-js';
import type { GetResponse } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls, msOf, only, seconds, textOf } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { countHeld, leaseIn, leaseOf, takeLease, underLease } from '../support/lease-calls.ts';
import { startTimedServer } from '../support/timed-server.ts';

type Answer = NonNullable<GetResponse['result']>;

/** Starts waiters on a cold key behind a holder, and waits until all of them wait. */
async function queueBehindHolder(count: number, { holdS = 4, waitS = 30 } = {}) {
  const timed = await startTimedServer();
  const waiting = countHeld(timed.server);
  const id = await takeLease(timed.cache, 'a:k', holdS);
  const answered: Answer[] = [];
  const waiters: Promise<Answer>[] = [];
  for (let i = 0; i < count; i++) {
    const waiter = timed.cache.get('a:k', leaseOf({ waitS }));
    void waiter.then((answer) => answered.push(answer));
    waiters.push(waiter);
    await waiting.reached(i + 1);
  }
  const finish = async (): Promise<void> => {
    timed.clock.advance(60_000);
    await Promise.allSettled(waiters);
    await timed[Symbol.asyncDispose]();
  };
  return { ...timed, waiting, id, answered, waiters, [Symbol.asyncDispose]: finish };
}

test('a lease that is handed back goes to exactly one who waits, first come first served', async () => {
  await using t = await queueBehindHolder(3);
  assert.equal(await t.cache.release('a:k', t.id), true);
  const second = leaseIn(await t.waiters[0]!);
  assert.deepEqual([t.answered.length, second === t.id], [1, false]);
  await t.cache.stored('a:k', 'v', underLease(second));
  assert.deepEqual(
    (await Promise.all(t.waiters.slice(1))).map(({ $case }) => $case),
    ['hit', 'hit'],
  );
});

test('a lease that is handed back without anybody waiting goes to the next caller', async () => {
  await using t = await queueBehindHolder(0);
  assert.equal(await t.cache.release('a:k', t.id), true);
  assert.notEqual(await takeLease(t.cache, 'a:k'), t.id);
});

test('a lease is handed back once', async () => {
  await using t = await queueBehindHolder(0);
  assert.deepEqual([await t.cache.release('a:k', t.id), await t.cache.release('a:k', t.id)], [true, false]);
});

test('only the lease’s own id and key hand it back', async () => {
  await using t = await queueBehindHolder(0);
  assert.equal(await t.cache.release('a:k', 'never'), false);
  assert.equal(await t.cache.release('a:l', t.id), false);
  assert.equal(await cacheCalls(t.server, 'default').release('a:k', t.id), true, '`default` is the empty name');
});

test('when the holder’s time is over the first who waits is asked, and the holder is late', async () => {
  await using t = await queueBehindHolder(2);
  t.clock.advance(4000);
  const second = leaseIn(await t.waiters[0]!);
  assert.equal(t.answered.length, 1);
  assert.equal(only(await t.cache.set('a:k', 'late', underLease(t.id)), 'notStored').revision, '');
  await t.cache.stored('a:k', 'v', underLease(second));
  assert.equal((await t.waiters[1]!).$case, 'hit');
});

for (const [what, selector] of Object.entries({
  'the key': { keys: ['a:k'] },
  'its prefix': { prefix: 'a:' },
  'the namespace': { all: true } as const,
})) {
  test(`an invalidation of ${what} hands the right to fill to one who waits, at once`, async () => {
    await using t = await queueBehindHolder(3);
    await t.cache.remove(selector);
    const fresh = leaseIn(await Promise.race(t.waiters));
    assert.equal(t.answered.length, 1);
    assert.equal((await t.cache.set('a:k', 'late', underLease(t.id))).$case, 'notStored');
    await t.cache.stored('a:k', 'v', underLease(fresh));
    const others = (await Promise.all(t.waiters)).filter(({ $case }) => $case === 'hit');
    assert.equal(others.length, 2);
  });
}

test('a fill that a tag’s invalidation overtook hands the right to fill on', async () => {
  await using t = await queueBehindHolder(2);
  await t.cache.remove({ tags: ['t'] });
  assert.equal((await t.cache.set('a:k', 'late', { tags: ['t'], ...underLease(t.id) })).$case, 'notStored');
  const second = leaseIn(await t.waiters[0]!);
  await t.cache.stored('a:k', 'v', { tags: ['t'], ...underLease(second) });
  assert.equal((await t.waiters[1]!).$case, 'hit');
});

test('a Delete hands the right to fill to exactly one who waits', async () => {
  await using t = await queueBehindHolder(3);
  await t.cache.delete('a:k');
  leaseIn(await Promise.race(t.waiters));
  await t.waiting.reached(5);
  assert.equal(t.answered.length, 1);
});

test('a wait ends at its bound with a miss', async () => {
  await using t = await queueBehindHolder(1, { holdS: 60, waitS: 2 });
  t.clock.advance(1999);
  await t.cache.exists('a:k');
  assert.equal(t.answered.length, 0);
  t.clock.advance(1);
  const miss = only(await t.waiters[0]!, 'miss');
  assert.deepEqual([miss.lease, msOf(miss.retryAfter) > 0], [undefined, true]);
});

test('a wait ends before the deadline that the caller set', async () => {
  await using t = await queueBehindHolder(0, { holdS: 60 });
  const calling = { deadline: Date.now() + 20_000 };
  const waiter = t.cache.miss('a:k', leaseOf({ waitS: 30 }), calling);
  await t.waiting.reached(1);
  // The server's clock stands still since the server started, the caller's does not: a second is room enough.
  t.clock.advance(21_000);
  assert.equal((await waiter).lease, undefined);
});

test('a waiter who leaves does not swallow the lease', async () => {
  await using t = await queueBehindHolder(0);
  const leaving = new AbortController();
  const first = errorOf(t.cache.get('a:k', leaseOf({ waitS: 30 }), { signal: leaving.signal }));
  await t.waiting.reached(1);
  const second = t.cache.get('a:k', leaseOf({ waitS: 30 }));
  await t.waiting.reached(2);
  leaving.abort();
  // On the same connection: the server hears of the leaving before it hears of the release.
  assert.equal(await t.cache.release('a:k', t.id), true);
  assert.equal((await first).code, status.CANCELLED);
  leaseIn(await second);
});

test('waiters who leave leave no timers behind', async () => {
  await using t = await queueBehindHolder(0);
  const timersBefore = t.clock.timers;
  const leaving = new AbortController();
  const calls = Array.from({ length: 20 }, () =>
    t.cache.get('a:k', leaseOf({ waitS: 30 }), { signal: leaving.signal }),
  );
  const errors = calls.map(errorOf);
  await t.waiting.reached(20);
  leaving.abort();
  await Promise.all(errors);
  await t.cache.exists('a:k');
  assert.equal(t.clock.timers, timersBefore);
});

test('a value that comes in time is served even to the last in the queue', async () => {
  await using t = await queueBehindHolder(200);
  await t.cache.stored('a:k', 'v', { ttl: seconds(1), ...underLease(t.id) });
  const answers = await Promise.all(t.waiters);
  assert.ok(answers.every((answer) => textOf(only(answer, 'hit')) === 'v'));
});
