// Goal: of all callers that miss a key exactly one is asked to fill it, the others wait for the value, and a lease that
// a change overtook stores nothing (promises OneFiller, NoResurrection). Method: real gRPC, time stands still: whoever
// gets an answer was woken, not by a timer.
import assert from 'node:assert/strict';
import test from 'node:test';
import { MissReason, NotStoredReason } from '../../src/gen/reprise/v1/entry.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { type CacheCalls, cacheCalls, msOf, negative, only, seconds, textOf } from '../support/cache-calls.ts';
import { connectMany, countHeld, leaseIn, leaseOf, takeLease, underLease } from '../support/lease-calls.ts';
import { startTimedServer, type TimedServer } from '../support/timed-server.ts';

test('of 1000 callers on a cold key one is asked to fill, and the others are given its value', async () => {
  await using t = await startTimedServer();
  using many = connectMany(t.server.address, 4);
  const waiting = countHeld(t.server);
  const callers = Array.from({ length: 1000 }, (_, i) => many.caches[i % 4]!.get('k', leaseOf({ waitS: 30 })));
  const answers = Promise.all(callers);
  const id = leaseIn(await Promise.race(callers));
  await waiting.reached(999);
  await t.cache.stored('k', 'computed', underLease(id));
  const given = await answers;
  assert.equal(given.filter(({ value }) => value.lease !== undefined).length, 1);
  assert.equal(given.filter(({ $case }) => $case === 'hit').length, 999);
  assert.equal(waiting.held, 999, 'nobody asked twice: the wait ended because of the Set');
});

test('a caller that does not wait is told when to ask again, at the latest when the lease ends', async () => {
  await using t = await startTimedServer();
  await takeLease(t.cache, 'k', 10);
  const early = await t.cache.miss('k', leaseOf());
  assert.deepEqual([early.reason, early.lease], [MissReason.UNKNOWN, undefined]);
  assert.ok(msOf(early.retryAfter) > 0 && msOf(early.retryAfter) <= 10_000);
  t.clock.advance(9700);
  assert.equal(msOf((await t.cache.miss('k', leaseOf())).retryAfter), 300);
});

test('the holder who asks again is not given a second lease', async () => {
  await using t = await startTimedServer();
  await takeLease(t.cache, 'k');
  assert.equal((await t.cache.miss('k', leaseOf())).lease, undefined);
});

test('an offered lease says how long it is held, 10 s unless another time was asked for', async () => {
  await using t = await startTimedServer();
  const plain = await t.cache.miss('a', { lease: { hold: undefined, wait: undefined } });
  const short = await t.cache.miss('b', leaseOf({ holdS: 3 }));
  assert.deepEqual([msOf(plain.lease?.hold), msOf(short.lease?.hold)], [10_000, 3000]);
});

test('a fresh entry offers no lease', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v');
  assert.equal((await t.cache.hit('k', leaseOf())).lease, undefined);
});

test('leases of different keys and namespaces don’t meet', async () => {
  await using t = await startTimedServer();
  await createNamespace(t.server, 'n');
  const other = cacheCalls(t.server, 'n');
  const [id] = [await takeLease(t.cache, 'a'), await takeLease(t.cache, 'b'), await takeLease(other, 'a')];
  assert.equal(await t.cache.refusal('b', 'v', underLease(id)), NotStoredReason.LEASE_VOID);
  assert.equal(await other.refusal('a', 'v', underLease(id)), NotStoredReason.LEASE_VOID);
  await t.cache.stored('a', 'v', underLease(id));
});

test('a lease fills once', async () => {
  await using t = await startTimedServer();
  const id = await takeLease(t.cache, 'k');
  const { revision } = await t.cache.stored('k', 'v', underLease(id));
  const second = only(await t.cache.set('k', 'w', underLease(id)), 'notStored');
  assert.deepEqual(second, { reason: NotStoredReason.LEASE_VOID, revision });
});

test('those who wait are given a negative fill too', async () => {
  await using t = await startTimedServer();
  const waiting = countHeld(t.server);
  const id = await takeLease(t.cache, 'k');
  const waiter = t.cache.hit('k', leaseOf({ waitS: 30 }));
  await waiting.reached(1);
  await t.cache.stored('k', '', { content: negative, ...underLease(id) });
  assert.equal((await waiter).content?.$case, 'negative');
});

test('those who wait are given what somebody set without a lease', async () => {
  await using t = await startTimedServer();
  const waiting = countHeld(t.server);
  await takeLease(t.cache, 'k');
  const waiter = t.cache.hit('k', leaseOf({ waitS: 30 }));
  await waiting.reached(1);
  await t.cache.stored('k', 'other');
  assert.equal(textOf(await waiter), 'other');
});

test('in the stale window all are served at once and one is asked to fill', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'old', { ttl: seconds(1), staleWindow: seconds(60) });
  t.clock.advance(1000);
  const asking = { allowStale: true, ...leaseOf({ waitS: 30 }) };
  const hits = await Promise.all(Array.from({ length: 50 }, () => t.cache.hit('k', asking)));
  assert.ok(hits.every((hit) => hit.stale && textOf(hit) === 'old'));
  const offers = hits.flatMap(({ lease }) => (lease === undefined ? [] : [lease.id]));
  assert.equal(offers.length, 1);
  await t.cache.stored('k', 'new', underLease(offers[0]!));
  assert.equal(textOf(await t.cache.hit('k', asking)), 'new');
});

test('a caller with the current revision is told NotModified and may be asked to fill', async () => {
  await using t = await startTimedServer();
  const { revision } = await t.cache.stored('k', 'v', { staleWindow: seconds(60) });
  await t.cache.markStale({ keys: ['k'] });
  const asking = { allowStale: true, ifRevisionNot: revision, ...leaseOf() };
  assert.notEqual(only(await t.cache.get('k', asking), 'notModified').lease, undefined);
  assert.equal(only(await t.cache.get('k', asking), 'notModified').lease, undefined);
});

test('a caller who does not allow stale entries waits for the new value', async () => {
  await using t = await startTimedServer();
  const waiting = countHeld(t.server);
  await t.cache.stored('k', 'old', { staleWindow: seconds(60) });
  await t.cache.markStale({ keys: ['k'] });
  const id = leaseIn(await t.cache.get('k', { allowStale: true, ...leaseOf() }));
  const waiter = t.cache.hit('k', leaseOf({ waitS: 30 }));
  await waiting.reached(1);
  await t.cache.stored('k', 'new', underLease(id));
  assert.equal(textOf(await waiter), 'new');
});

type Happening = (cache: CacheCalls, t: TimedServer) => Promise<unknown>;

const voiding: Record<string, Happening> = {
  'a Set by another': (cache) => cache.stored('a:k', 'other'),
  'a Delete': (cache) => cache.delete('a:k'),
  'a Touch of the absent key': (cache) => cache.touch('a:k'),
  'an Increment': (cache) => cache.counted('a:k', 1n),
  'an invalidation of the key': (cache) => cache.remove({ keys: ['a:k'] }),
  'an invalidation of a tag of the value': (cache) => cache.remove({ tags: ['t'] }),
  'an invalidation of the prefix': (cache) => cache.remove({ prefix: 'a:' }),
  'an invalidation of the namespace': (cache) => cache.remove({ all: true }),
  'marking the key stale': (cache) => cache.markStale({ keys: ['a:k'] }),
  'marking a tag stale': (cache) => cache.markStale({ tags: ['t'] }),
  'the end of its time': async (_, t) => t.clock.advance(10_000),
};

for (const [what, happening] of Object.entries(voiding)) {
  test(`a lease is void after ${what}`, async () => {
    await using t = await startTimedServer();
    const id = await takeLease(t.cache, 'a:k', 10);
    await happening(t.cache, t);
    const late = { tags: ['t'], ...underLease(id) };
    assert.equal(await t.cache.refusal('a:k', 'late', late), NotStoredReason.LEASE_VOID);
    assert.equal(await t.cache.release('a:k', id), false, 'nor can it be handed back');
  });
}

test('a lease outlives reads, refused Sets, changes of other keys and of other tags', async () => {
  await using t = await startTimedServer();
  const id = await takeLease(t.cache, 'a:k', 10);
  await t.cache.get('a:k');
  await t.cache.set('a:k', 'v', { condition: { kind: { $case: 'present', value: {} } } });
  await t.cache.stored('a:l', 'v');
  await t.cache.remove({ tags: ['other'] });
  await t.cache.remove({ prefix: 'b:' });
  t.clock.advance(9999);
  await t.cache.stored('a:k', 'v', { tags: ['t'], ...underLease(id) });
});

test('an entry that was filled under a lease is covered by what comes after', async () => {
  await using t = await startTimedServer();
  await t.cache.stored('k', 'v', { tags: ['t'], ...underLease(await takeLease(t.cache, 'k')) });
  await t.cache.remove({ tags: ['t'] });
  assert.equal((await t.cache.get('k')).$case, 'miss');
});
