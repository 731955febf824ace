import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, EventCause, ResetReason } from '../../src/gen/reprise/v1/invalidation_service.ts';
import type { Brought, NearCache, NearFlight } from '../../src/near/near-cache.ts';
import { type NearWorld, nearWorld, settled } from '../support/near-parts.ts';
import { permutations } from '../support/permutations.ts';

// The near cache over a stream and heads that the test tells: when it serves, what it keeps, what it drops.

const BYTES = Uint8Array.of(1);
const brought = (more: Partial<Brought> = {}): Brought => ({
  key: 'a:1',
  bytes: BYTES,
  contentType: 'application/json',
  revision: 'r1',
  tags: ['t'],
  freshForMs: 60_000,
  ...more,
});
const set = (key: string, revision: string): Partial<Event> => ({ target: { $case: 'key', value: key }, revision });
const wide = (target: Event['target'], cause: EventCause): Partial<Event> => ({ target, cause });
const TAG = wide({ $case: 'tag', value: 't' }, EventCause.TAG);
const PREFIX = wide({ $case: 'prefix', value: 'a:' }, EventCause.PREFIX);
const NAMESPACE = wide({ $case: 'wholeNamespace', value: {} }, EventCause.NAMESPACE);
const EPOCH = wide({ $case: 'wholeNamespace', value: {} }, EventCause.EPOCH);
const DELETE: Partial<Event> = { target: { $case: 'key', value: 'a:1' }, cause: EventCause.DELETE };

async function provenWorld(options?: Parameters<typeof nearWorld>[0]): Promise<NearWorld> {
  const world = nearWorld(options);
  world.ready();
  await world.prove();
  return world;
}

function fill(near: NearCache, more: Partial<Brought> = {}): void {
  near.keep(near.begin(), brought(more));
}

test('it serves only with a stream and a proof', async () => {
  const world = nearWorld();
  const { near, clock } = world;
  fill(near);
  assert.equal(near.serve('a:1'), undefined, 'no stream yet');
  assert.equal(near.stats().refusedInserts, 1, 'nothing is kept before the stream has a token');
  world.ready();
  fill(near);
  assert.equal(near.serve('a:1'), undefined, 'no proof yet');
  assert.deepEqual(world.asked, [['T0', '']]);
  await world.answerHead({ head: 'h1', covered: false });
  assert.equal(near.serve('a:1'), undefined, 'one answer proves nothing');
  clock.advance(250);
  assert.deepEqual(world.asked[1], ['T0', 'h1']);
  await world.answerHead({ covered: true });
  assert.equal(near.serve('a:1')?.bytes, BYTES);
  assert.deepEqual([near.stats().serving, near.stats().proofs], [true, 1]);
  // Proven up to 0: served until 1000.
  clock.advance(750);
  assert.ok(near.serve('a:1'));
  clock.advance(1);
  assert.equal(near.serve('a:1'), undefined, 'the proof is too old');
  assert.equal(near.stats().serving, false);
});

test('a broken stream ends serving at once, or after maxStalenessMs', async () => {
  const strict = await provenWorld();
  fill(strict.near);
  strict.breakStream();
  assert.equal(strict.near.serve('a:1'), undefined);

  const lax = await provenWorld({ maxStalenessMs: 5000 });
  fill(lax.near);
  lax.breakStream();
  lax.clock.advance(5000);
  assert.ok(lax.near.serve('a:1'), 'within maxStalenessMs');
  lax.clock.advance(1);
  assert.equal(lax.near.serve('a:1'), undefined, 'beyond maxStalenessMs');
});

test('what was not proven when the stream broke is not served after it either', async () => {
  const { near, clock, breakStream } = await provenWorld({ maxStalenessMs: 5000 });
  fill(near);
  clock.advance(1001);
  breakStream();
  assert.equal(near.serve('a:1'), undefined);
});

test('a stream that comes back goes on after the newest token and must be proven anew', async () => {
  const world = await provenWorld();
  fill(world.near);
  world.events(set('other', 'r7'));
  const token = `T${world.clock.monotonicMs()}`;
  world.breakStream();
  world.clock.advance(2000);
  assert.deepEqual(world.opened, ['', token]);
  world.ready(token);
  assert.equal(world.near.serve('a:1'), undefined);
  await world.answerHead({ covered: false });
  world.clock.advance(250);
  await world.answerHead({ covered: true });
  assert.ok(world.near.serve('a:1'), 'nothing was missed: the entry is still right');
});

test('an entry is never served beyond its TTL, counted from the send', async () => {
  const { near, clock } = await provenWorld();
  const flight = near.begin();
  clock.advance(100);
  near.keep(flight, brought({ freshForMs: 300 }));
  clock.advance(199);
  assert.ok(near.serve('a:1'));
  clock.advance(1);
  assert.equal(near.serve('a:1'), undefined);
  assert.deepEqual([near.stats().drops.expired, near.stats().entries], [1, 0]);
});

test('every change drops what it covers, but the SET that made it', async () => {
  for (const [event, cause] of [
    [TAG, 'wide'],
    [PREFIX, 'wide'],
    [NAMESPACE, 'wide'],
    [EPOCH, 'epoch'],
    [DELETE, 'changed'],
    [set('a:1', 'r2'), 'changed'],
  ] as const) {
    const { near, events } = await provenWorld();
    fill(near);
    events(set('a:1', 'r1'), set('a:2', 'r9'));
    assert.ok(near.serve('a:1'), 'its own SET keeps it');
    events(event);
    assert.equal(near.serve('a:1'), undefined, JSON.stringify(event.target));
    assert.equal(near.stats().drops[cause], 1);
  }
});

test('a Reset drops everything, what is on its way too, and the proof', async () => {
  const { near, tell } = await provenWorld();
  fill(near);
  const flight = near.begin();
  tell({ $case: 'reset', value: { reason: ResetReason.SLOW, token: 'T9' } });
  near.keep(flight, brought({ key: 'a:2' }));
  const { entries, resets, refusedInserts, serving } = near.stats();
  assert.deepEqual(
    { entries, resets, refusedInserts, serving },
    { entries: 0, resets: 1, refusedInserts: 1, serving: false },
  );
});

test('in every order of the events in a flight, what may be kept is kept and nothing else', async () => {
  const told = [set('a:1', 'r1'), set('a:1', 'r2'), DELETE, set('a:2', 'r9')];
  for (const order of permutations(told)) {
    const { near, events } = await provenWorld();
    const flight = near.begin();
    for (const event of order) events(event);
    near.keep(flight, brought());
    const newest = order.findLast((event) => event !== told[3]);
    assert.equal(near.serve('a:1') !== undefined, newest === told[0]);
  }
  for (const forbidding of [TAG, PREFIX, NAMESPACE, EPOCH]) {
    for (const order of permutations([forbidding, set('a:1', 'r1')])) {
      const { near, events } = await provenWorld();
      const flight = near.begin();
      for (const event of order) events(event);
      near.keep(flight, brought());
      assert.equal(near.serve('a:1'), undefined);
    }
  }
});

test('wherever the answer comes among the events, an entry that was replaced is not served', async () => {
  for (const order of permutations(['begin', 'keep', 'own', 'next'] as const)) {
    if (order.indexOf('begin') > order.indexOf('keep') || order.indexOf('own') > order.indexOf('next')) continue;
    const { near, events } = await provenWorld();
    let flight: NearFlight | undefined;
    let isOutdated = false;
    for (const step of order) {
      if (step === 'begin') flight = near.begin();
      if (step === 'keep') near.keep(flight!, brought());
      if (step === 'own') events(set('a:1', 'r1'));
      if (step === 'next') events(set('a:1', 'r2'));
    }
    // A read that began after the stream told the next SET can't have brought what it replaced.
    isOutdated = order.indexOf('begin') < order.indexOf('next');
    if (isOutdated) assert.equal(near.serve('a:1'), undefined, order.join(' '));
  }
});

test('own writes drop before and after, and nothing that was on its way is kept', async () => {
  const { near, events } = await provenWorld();
  fill(near);
  const before = near.begin();
  near.ownChange(['a:1']);
  assert.equal(near.serve('a:1'), undefined);
  const during = near.begin();
  events(set('a:1', 'r2'));
  near.ownChange(['a:1']);
  near.keep(before, brought());
  near.keep(during, brought({ revision: 'r2' }));
  assert.equal(near.serve('a:1'), undefined, 'an own write enters only by a later read');
  fill(near, { revision: 'r2' });
  assert.ok(near.serve('a:1'));
});

test('own invalidations drop what they cover, and nothing at all that was on its way is kept', async () => {
  const { near } = await provenWorld();
  fill(near);
  fill(near, { key: 'b:2', tags: [] });
  const flight = near.begin();
  near.ownInvalidation([{ kind: 'tag', tag: 't' }]);
  near.keep(flight, brought({ key: 'c:3', tags: [] }));
  assert.deepEqual([near.serve('a:1'), near.serve('c:3')], [undefined, undefined]);
  assert.ok(near.serve('b:2'));
  assert.equal(near.stats().drops.own, 1);
});

test('a flight may be told 1000 events, and not one more', async () => {
  for (const [count, isKept] of [
    [1000, true],
    [1001, false],
  ] as const) {
    const { near, events } = await provenWorld();
    const flight = near.begin();
    for (let i = 0; i < count; i++) events(set(`other:${i}`, 'x'));
    near.keep(flight, brought());
    assert.equal(near.serve('a:1') !== undefined, isKept, `${count} events`);
  }
});

test('what has no revision, or another prefix than is kept, does not enter', async () => {
  const { near } = await provenWorld({ prefixes: ['a:'] });
  fill(near, { revision: '' });
  fill(near, { key: 'b:1' });
  assert.equal(near.stats().entries, 0);
  assert.equal(near.stats().refusedInserts, 2);
  fill(near);
  assert.equal(near.stats().entries, 1);
});

test('entries and bytes are bounded; the least recently used leaves', async () => {
  const { near } = await provenWorld({ entriesMax: 2 });
  for (const key of ['a', 'b']) fill(near, { key, tags: [] });
  near.serve('a');
  fill(near, { key: 'c', tags: [] });
  assert.ok(near.serve('a') && near.serve('c') && !near.serve('b'));
  assert.equal(near.stats().evictions, 1);

  const weightBytes = 1 + 1 + 128;
  const small = (await provenWorld({ bytesMax: 2 * weightBytes })).near;
  for (const key of ['a', 'b', 'c']) fill(small, { key, tags: [] });
  assert.deepEqual([small.stats().entries, small.stats().bytes], [2, 2 * weightBytes]);
  fill(small, { key: 'd', tags: [], bytes: new Uint8Array(2 * weightBytes - 128) });
  assert.equal(small.stats().entries, 2, 'one that is larger than all of it changes nothing');
});

test('heads are asked for every quarter of maxLagMs, while the stream is ready', async () => {
  const world = nearWorld();
  world.clock.advance(1000);
  assert.equal(world.asked.length, 0);
  world.ready();
  world.clock.advance(1000);
  assert.equal(world.asked.length, 5);
  world.breakStream();
  world.clock.advance(40);
  assert.equal(world.asked.length, 5);
  await settled();
  world.near.close();
  world.clock.advance(10_000);
  assert.equal(world.clock.waiting, 0, 'a closed near cache leaves no timer');
});

test('a silent stream is broken after three intervals', async () => {
  const world = nearWorld({ maxLagMs: 8000 });
  world.ready();
  await world.answerHead({ covered: false });
  world.clock.advance(2000);
  world.tell({ $case: 'progress', value: { token: 'T2000' } });
  await world.answerHead({ covered: true });
  fill(world.near);
  world.clock.advance(2999);
  assert.ok(world.near.serve('a:1'));
  world.clock.advance(1);
  assert.equal(world.near.serve('a:1'), undefined);
});
