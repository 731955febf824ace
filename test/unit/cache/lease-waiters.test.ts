// Goal: waiters are woken by what happens to their key, and never wait for ever. Method: a manual clock.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LeaseWaiters, type WaitBound } from '../../../src/cache/lease-waiters.ts';
import type { Epoch } from '../../../src/cache/rules/position.ts';
import type { Change, EntryRef, NamespaceId } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const namespaceId = 'n' as NamespaceId;
const ref: EntryRef = { namespaceId, key: 'a:1' };
const position = { epoch: 'e' as Epoch, number: 1 };
const place = { namespaceId, partition: 0, position, author: undefined, tags: [] } as const;
const setChange = (key: string): Change => ({ ...place, kind: 'set', key });

function bound(changes: Partial<WaitBound> = {}): WaitBound {
  return { waitMs: 1000, leaseEndsInMs: 5000, signal: new AbortController().signal, ...changes };
}

function setUp(waitersMax?: number): { clock: ManualClock; waiters: LeaseWaiters } {
  const clock = new ManualClock();
  return { clock, waiters: new LeaseWaiters(clock, waitersMax) };
}

test('a change of the key wakes all who wait for it, and nobody else', async () => {
  const { clock, waiters } = setUp();
  const woken = [waiters.wait(ref, bound()), waiters.wait(ref, bound())];
  const other = waiters.wait({ ...ref, key: 'b' }, bound());
  waiters.onChange(setChange(ref.key));
  assert.deepEqual(await Promise.all(woken), ['woken', 'woken']);
  assert.equal(waiters.count, 1);
  clock.advance(1000);
  assert.equal(await other, 'elapsed');
});

test('the end of the lease wakes the first alone, who then asks for it', async () => {
  const { clock, waiters } = setUp();
  const first = waiters.wait(ref, bound({ waitMs: 60_000, leaseEndsInMs: 500 }));
  const second = waiters.wait(ref, bound({ waitMs: 60_000, leaseEndsInMs: 500 }));
  clock.advance(500);
  assert.equal(await first, 'woken');
  assert.equal(waiters.count, 1);
  waiters.wakeNext(ref);
  assert.equal(await second, 'woken');
});

test('a lease that was handed on ends by its new holder, also for those who waited before', async () => {
  const { clock, waiters } = setUp();
  const patient = waiters.wait(ref, bound({ waitMs: 60_000, leaseEndsInMs: 50_000 }));
  waiters.leaseGranted(ref, 100);
  clock.advance(100);
  assert.equal(await patient, 'woken');
});

test('a wait ends with its bound, and with its caller', async () => {
  const { clock, waiters } = setUp();
  const patient = waiters.wait(ref, bound({ waitMs: 100 }));
  clock.advance(100);
  assert.equal(await patient, 'elapsed');
  const leaving = new AbortController();
  const left = waiters.wait(ref, bound({ signal: leaving.signal }));
  leaving.abort();
  assert.equal(await left, 'elapsed');
});

test('a wide change wakes the first of each key that it covers', async () => {
  const { waiters } = setUp();
  const covered = waiters.wait(ref, bound());
  void waiters.wait({ ...ref, key: 'b:1' }, bound());
  waiters.onChange({ ...place, kind: 'invalidate', selector: { kind: 'prefix', prefix: 'a:' }, mode: 'remove' });
  assert.equal(await covered, 'woken');
  assert.equal(waiters.count, 1);
});

test('where changes were missed everyone is woken, whatever they wait for', async () => {
  const { waiters } = setUp();
  const refs = [ref, ref, { ...ref, key: 'b' }, { namespaceId: 'other' as NamespaceId, key: 'c' }];
  const waits = refs.map((each) => waiters.wait(each, bound()));
  waiters.wakeAll();
  assert.deepEqual(new Set(await Promise.all(waits)), new Set(['woken']));
  assert.equal(waiters.count, 0);
});

test('at the limit a caller is sent away, one below it is let in', async () => {
  const { waiters } = setUp(1);
  const inside = waiters.wait(ref, bound());
  assert.equal(await waiters.wait(ref, bound()), 'full');
  waiters.onChange(setChange(ref.key));
  assert.equal(await inside, 'woken');
  const again = waiters.wait(ref, bound());
  waiters.wakeNext(ref);
  assert.equal(await again, 'woken');
});

test('nothing is left behind: no timer, no queue', async () => {
  const { clock, waiters } = setUp();
  const waiting = [1, 2, 3].map((n) => waiters.wait({ ...ref, key: `k${n}` }, bound()));
  for (const n of [1, 2, 3]) waiters.onChange(setChange(`k${n}`));
  await Promise.all(waiting);
  assert.equal(waiters.count, 0);
  assert.equal(clock.timers, 0);
});
