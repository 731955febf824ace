// Goal: what was deferred is made once the store is back: in order, each once, whatever failed in between. Method: a real
// spool, a memory store that the test takes away, a manual clock.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { openSpool } from '../../../src/store/file/open-spool.ts';
import type { Spool } from '../../../src/store/spool.ts';
import { spoolDirectory, tagsIn } from '../../support/spool.ts';
import { until } from '../../support/until.ts';
import { type DeferredWorld, deferredWorld, films, music, tagsOf } from './deferred-world.ts';

/** Moves the clock on until nothing waits. */
async function replayed({ deferred, clock, told }: DeferredWorld): Promise<void> {
  const done = (): boolean => deferred.waiting === 0 && told.some((line) => line.startsWith('done'));
  await until(() => {
    if (!done()) clock.advance(1000);
    return done();
  });
}

/** Moves the clock on until the store was asked so many times in all. */
async function askedFor({ asked, clock }: DeferredWorld, times: number): Promise<void> {
  await until(() => {
    if (asked.length < times) clock.advance(1000);
    return asked.length >= times;
  });
}

async function takenAway(context: TestContext, ...tags: string[]): Promise<DeferredWorld> {
  const world = await deferredWorld(context);
  world.away.reason = 'STORE_UNAVAILABLE';
  for (const tag of tags) await world.defer(tag);
  return world;
}

test('they are made in order when the store is back, then taken out and released', async (context) => {
  const world = await takenAway(context, 'a', 'b', 'c');
  assert.deepEqual([world.deferred.waiting, world.changes], [3, []]);
  world.away.reason = undefined;
  await replayed(world);
  assert.deepEqual([tagsOf(world.changes), world.spool.size], [['a', 'b', 'c'], 0]);
  assert.deepEqual(world.deferred.counts, { deferred: 3, made: 3, dropped: 0, damaged: 0 });
  assert.deepEqual([world.told.at(-2), world.told.at(-1)?.slice(0, 8)], ['release', 'done 3 0']);
});

test('an invalidation is withheld in memory once it is kept, before its caller is answered', async (context) => {
  const world = await takenAway(context, 'a');
  assert.deepEqual(world.told, ['withhold music-id a', 'waiting 1']);
});

test('while the oldest fails none behind it is tried, and those that come wait too', async (context) => {
  const world = await takenAway(context, 'a', 'b');
  await askedFor(world, 3);
  await world.defer('c');
  world.away.of = (tag) => tag === 'b';
  await askedFor(world, 10);
  assert.deepEqual([...new Set(world.asked)], ['a', 'b']);
  assert.deepEqual([tagsOf(world.changes), tagsIn(world.spool)], [['a'], ['b', 'c']]);
  world.away.reason = undefined;
  await replayed(world);
  assert.deepEqual(tagsOf(world.changes), ['a', 'b', 'c']);
});

test('if one of several selectors fails the invalidation is made again as a whole, and counts once', async (context) => {
  const world = await deferredWorld(context);
  world.away.reason = 'OUTCOME_UNKNOWN';
  world.away.of = (tag) => tag === 't2';
  const selectors = ['t1', 't2', 't3'].map((tag) => ({ kind: 'tag', tag }) as const);
  await world.deferred.defer(music, { selectors, mode: 'mark-stale' });
  await world.defer('next');
  await askedFor(world, 6);
  world.away.reason = undefined;
  await replayed(world);
  // Under the request id that it was kept with, the store knows those that it made already.
  assert.deepEqual(tagsOf(world.changes), ['t1', 't3', 't2', 'next']);
  assert.equal(world.deferred.counts.made, 2);
});

test('one that was made and not answered is made once', async (context) => {
  const world = await takenAway(context, 'a');
  world.away.afterwards = true;
  await askedFor(world, 2);
  world.away.reason = undefined;
  await replayed(world);
  assert.deepEqual(tagsOf(world.changes), ['a']);
});

test('it is tried after a pause that grows up to a second, with jitter, and at once when it is woken', async (context) => {
  const attempts = async (seed: number): Promise<number[]> => {
    const world = await deferredWorld(context, { seed });
    world.away.reason = 'STORE_UNAVAILABLE';
    await world.defer('a');
    const atMs: number[] = [];
    while (atMs.length < 12) {
      const before = world.asked.length;
      while (world.asked.length === before) world.clock.advance(1);
      atMs.push(world.clock.monotonicMs());
      await until(() => world.clock.timers > 0);
    }
    world.away.reason = undefined;
    world.deferred.wake();
    await until(() => world.deferred.waiting === 0);
    assert.equal(world.clock.monotonicMs(), atMs.at(-1), 'woken, it did not wait');
    return atMs;
  };
  const one = await attempts(1);
  const pauses = one.map((ms, index) => ms - (one[index - 1] ?? 0));
  for (const [index, ms] of pauses.entries()) {
    const fullMs = Math.min(1000, 50 * 2 ** index);
    assert.ok(ms >= fullMs / 2 && ms <= fullMs + 1, `pause ${index} took ${ms} ms`);
  }
  assert.notDeepEqual(one, await attempts(2));
});

test('what is left from before is made at the start, in order, before what comes then', async (context) => {
  const directory = spoolDirectory(context);
  const before = await deferredWorld(context, { spool: await openSpool(directory) });
  before.away.reason = 'STORE_UNAVAILABLE';
  for (const tag of ['a', 'b']) await before.defer(tag);
  await before.deferred.close();
  const after = await deferredWorld(context, { spool: await openSpool(directory), from: before });
  context.after(() => after.deferred.close());
  before.clock.advance(500);
  after.deferred.start();
  await after.defer('c');
  await replayed(after);
  assert.deepEqual(tagsOf(after.changes), ['a', 'b', 'c']);
  assert.equal(after.told[0], 'waiting 2 found');
  const [, , , oldestMs] = after.told.at(-1)!.split(' ');
  assert.ok(Number(oldestMs) >= 500, 'its age counts from before the start');
});

test('a start without anything waiting says and does nothing', async (context) => {
  const world = await deferredWorld(context);
  world.deferred.start();
  assert.deepEqual([world.told, world.clock.timers, world.deferred.oldestMs], [[], 0, 0]);
});

/** A spool whose disk refuses to take out what was made, while it is `stuck`. */
function stuckSpool(spool: Spool, disk: { stuck: boolean }): Spool {
  return {
    get size() {
      return spool.size;
    },
    damage: undefined,
    at: (index) => spool.at(index),
    append: (invalidation) => spool.append(invalidation),
    removeOldest: (count) =>
      disk.stuck ? Promise.reject(new OperatingError('STATE_UNAVAILABLE', 'stuck')) : spool.removeOldest(count),
    close: () => spool.close(),
  };
}

test('what was made is not made again while the disk refuses to take it out', async (context) => {
  const disk = { stuck: true };
  const world = await deferredWorld(context, { spool: stuckSpool(await openSpool(spoolDirectory(context)), disk) });
  context.after(() => world.deferred.close());
  for (const tag of ['a', 'b']) await world.defer(tag);
  const failures = (): number => world.told.filter((line) => line === 'failure STATE_UNAVAILABLE').length;
  await until(() => {
    world.clock.advance(1000);
    return failures() >= 3;
  });
  assert.deepEqual([world.asked, world.deferred.waiting], [['a', 'b'], 2]);
  disk.stuck = false;
  await replayed(world);
  assert.deepEqual(tagsOf(world.changes), ['a', 'b']);
});

test('what was made before a crash and not taken out changes nothing when it is made again', async (context) => {
  const directory = spoolDirectory(context);
  const before = await deferredWorld(context, { spool: stuckSpool(await openSpool(directory), { stuck: true }) });
  for (const tag of ['a', 'b']) await before.defer(tag);
  await askedFor(before, 2);
  await before.deferred.close();
  const after = await deferredWorld(context, { spool: await openSpool(directory), from: before });
  context.after(() => after.deferred.close());
  after.deferred.start();
  await replayed(after);
  assert.deepEqual([after.asked, after.changes], [['a', 'b'], []]);
});

test('those of a namespace that is gone are dropped and told, and the others are made', async (context) => {
  const world = await deferredWorld(context);
  world.away.reason = 'STORE_UNAVAILABLE';
  for (const [tag, namespace] of [
    ['a', films],
    ['b', music],
    ['c', films],
    ['d', music],
  ] as const) {
    await world.defer(tag, namespace);
  }
  world.memory.dropNamespace(films.id);
  world.away.reason = undefined;
  await replayed(world);
  assert.deepEqual(tagsOf(world.changes), ['b', 'd']);
  assert.deepEqual(world.deferred.counts, { deferred: 4, made: 2, dropped: 2, damaged: 0 });
  assert.deepEqual(
    world.told.filter((line) => /^(dropped|done)/.test(line)).map((line) => line.replace(/ \d+$/, '')),
    ['dropped films', 'done 2 2'],
  );
});

test('a thousand are made in order, with the spool told in between', async (context) => {
  const world = await takenAway(context);
  const tags = Array.from({ length: 1000 }, (_, index) => `t${index}`);
  await Promise.all(tags.map((tag) => world.defer(tag)));
  world.away.of = (tag) => tag === 't750';
  await askedFor(world, 760);
  assert.equal(world.spool.size, 250, 'what was made before the failure was taken out');
  world.away.reason = undefined;
  await replayed(world);
  assert.deepEqual(tagsOf(world.changes), tags);
});

test('after close nothing is tried, and what waits stays', async (context) => {
  const directory = spoolDirectory(context);
  const world = await deferredWorld(context, { spool: await openSpool(directory) });
  world.away.reason = 'STORE_UNAVAILABLE';
  await world.defer('a');
  await world.deferred.close();
  world.deferred.wake();
  assert.deepEqual([world.clock.timers, world.asked], [0, []]);
  // A call that the end of the server cut off may come here.
  await assert.rejects(world.defer('b'), (error) => error instanceof OperatingError);
  const spool = await openSpool(directory);
  assert.deepEqual(tagsIn(spool), ['a']);
  await spool.close();
});
