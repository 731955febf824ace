// Goal: what L1 would serve against a promise is found, counted on the right scale and mended, and nothing else is; at a
// bounded cost. Method: a node over a scripted partition; the test plants what is wrong and lets time pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalidation, keyChange } from '../../../support/changes.ts';
import { AuditWorld } from './audit-world.ts';
import { entryOf, forkedAt, heldKeys } from './builders.ts';

const SCALES = ['10ms', '100ms', '1s', 'max_lag', '10s'] as const;

test('a key that changed is compared on every scale', async () => {
  using world = new AuditWorld();
  world.hold('k', 20);
  world.hear(keyChange(20, 'k'));
  await world.pass(10_100);
  for (const after of SCALES) assert.deepEqual(world.counted(after), [1, 0, 0], after);
  assert.deepEqual(world.repairs, []);
});

test('where L1 holds nothing, readers read through, and nothing is asked', async () => {
  using world = new AuditWorld();
  world.hear(keyChange(20, 'k', { kind: 'delete' }));
  await world.pass(10_100);
  for (const after of SCALES) assert.deepEqual(world.counted(after), [0, 0, 1], after);
  assert.deepEqual(world.reads, []);
});

test('an entry older than a change that the tail applied is stale on the first scale, and dropped at once', async () => {
  using world = new AuditWorld();
  world.hold('k', 5);
  world.hear(keyChange(20, 'k', { kind: 'delete' }));
  await world.pass(10);
  assert.deepEqual(world.counted('10ms'), [0, 1, 0]);
  assert.deepEqual([world.repairs, world.asked], [[{ cause: 'stale', after: '10ms' }], 1]);
  assert.deepEqual(heldKeys(world.home, ['k']), []);
  assert.equal(world.auditor.counts.repairs.stale, 1);
});

test('an entry that is older than the primary’s for as long as a node may lag is dropped, whatever the tail says', async () => {
  using world = new AuditWorld();
  world.records.set('k', entryOf('k', 12));
  world.hold('k', 5);
  await world.pass(1005);
  assert.deepEqual(world.counted('walk'), [0, 0, 0]);
  await world.pass(500);
  assert.deepEqual(world.counted('walk'), [0, 1, 0]);
  assert.deepEqual(world.repairs, [{ cause: 'stale', after: 'walk' }]);
  assert.deepEqual(heldKeys(world.home, ['k']), []);
});

test('an entry that the primary removed is stale too', async () => {
  using world = new AuditWorld();
  world.hold('k', 5);
  world.records.clear();
  world.absence = 'deleted';
  await world.pass(1600);
  assert.deepEqual(world.counted('walk'), [0, 1, 0]);
});

test('a change on its way is no violation: when the scale’s time has passed, it is there', async () => {
  using world = new AuditWorld();
  world.records.set('k', entryOf('k', 12));
  world.hold('k', 5);
  await world.pass(1200);
  world.home.tier.keep(entryOf('k', 12), 0);
  await world.pass(400);
  assert.deepEqual(world.counted('walk'), [1, 0, 0]);
  assert.deepEqual(world.repairs, []);
});

test('what is stale below the bound is counted on its scale, and kept', async () => {
  using world = new AuditWorld();
  world.hold('k', 20);
  world.hear(keyChange(20, 'k'));
  await world.pass(5);
  world.head = 21;
  world.records.set('k', entryOf('k', 21));
  await world.pass(25);
  assert.deepEqual(world.counted('10ms'), [0, 1, 0]);
  assert.deepEqual([world.repairs, heldKeys(world.home, ['k'])], [[], ['k']]);
});

test('a watermark that the node lacks is missed, and its whole table is taken anew', async () => {
  using world = new AuditWorld();
  world.hold('k', 5);
  world.newestWatermark = 12;
  world.covering = { removed: 12, stale: 0 };
  await world.pass(1600);
  assert.deepEqual(world.counted('walk'), [0, 1, 0]);
  assert.equal(world.home.watermarks.last, undefined);
  assert.equal(world.asked, 1);
});

test('an entry under a wide change is looked at after it', async () => {
  using world = new AuditWorld();
  world.hold('other', 3);
  world.hold('k', 5, { tags: ['t'] });
  world.hear(invalidation(20, { kind: 'tag', tag: 't' }));
  await world.pass(20);
  assert.deepEqual(world.counted('10ms'), [1, 0, 0]);
});

test('an entry whose record is gone without a change leaves L1, and is no violation', async () => {
  using world = new AuditWorld();
  world.hold('k', 5);
  world.records.clear();
  await world.pass(3100);
  assert.deepEqual(world.repairs, [{ cause: 'foreign', after: 'walk' }]);
  assert.deepEqual(world.auditor.counts.repairs, { stale: 0, foreign: 1 });
  assert.equal(world.counted('walk')[1], 0);
  assert.deepEqual(heldKeys(world.home, ['k']), []);
});

test('of a namespace that is closed meanwhile nothing is said', async () => {
  using world = new AuditWorld();
  world.hold('k', 5);
  world.records.clear();
  await world.pass(1500);
  world.isOpen = false;
  await world.pass(2000);
  assert.deepEqual(world.repairs, []);
});

test('a primary of another history, or none, counts for nothing', async () => {
  using world = new AuditWorld();
  world.hold('k', 5);
  world.chain = forkedAt(3);
  world.records.set('k', entryOf('k', 12));
  await world.pass(1600);
  world.reachable = false;
  await world.pass(1600);
  assert.deepEqual(world.counted('walk'), [0, 0, 0]);
  assert.deepEqual([world.repairs, world.failures], [[], []]);
});

test('after 10 changes in a second no other is followed; in the next, each has the chance that would have picked 10', async () => {
  using world = new AuditWorld(10);
  const crowd = (chance: number): void => {
    world.chance = chance;
    for (let at = 0; at < 1000; at++) world.hear(keyChange(20, `k${at}`));
  };
  crowd(0.5);
  await world.pass(1000);
  assert.deepEqual(world.counted('10ms'), [0, 0, 10]);
  crowd(0.02);
  await world.pass(1000);
  assert.deepEqual(world.counted('10ms'), [0, 0, 10]);
  crowd(0.009);
  await world.pass(1000);
  assert.deepEqual(world.counted('10ms'), [0, 0, 20]);
});

test('the walk looks at 20 entries a second for each change of the rate, and meets every entry once a round', async () => {
  using world = new AuditWorld(5);
  for (let at = 0; at < 250; at++) world.hold(`k${at}`, 5);
  await world.pass(1000);
  assert.deepEqual(world.reads, [100]);
  await world.pass(2000);
  assert.deepEqual([world.reads, world.auditor.counts.rounds], [[100, 100, 50], 1]);
});

test('the walk reads at most 100 KiB of values a second for each change of the rate, and one entry more', async () => {
  using world = new AuditWorld(1);
  for (let at = 0; at < 8; at++) world.hold(`k${at}`, 5, { value: Buffer.alloc(60_000) });
  await world.pass(1000);
  assert.deepEqual(world.reads, [2]);
});

test('a look is no use of an entry', async () => {
  using world = new AuditWorld();
  const { capacityBytes } = world.home.tier.usage();
  world.hold('first', 5, { value: Buffer.alloc(capacityBytes * 0.4) });
  world.hold('second', 6, { value: Buffer.alloc(capacityBytes * 0.4) });
  await world.pass(1000);
  world.hold('third', 7, { value: Buffer.alloc(capacityBytes * 0.4) });
  assert.deepEqual(heldKeys(world.home, ['first', 'second', 'third']), ['second', 'third']);
});

test('closed, it asks no more', async () => {
  using world = new AuditWorld();
  world.hold('k', 20);
  world.hear(keyChange(20, 'k'));
  world.auditor.close();
  assert.equal(world.clock.timers, 0);
  await world.pass(1100);
  assert.deepEqual(world.reads, []);
});
