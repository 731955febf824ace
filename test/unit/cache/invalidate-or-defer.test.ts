// Goal: an invalidation that may be deferred is made if it can be, kept if the store is away or others wait, and refused
// with what is true if neither can be. Method: a real spool, a memory store that the test takes away.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { OperatingError, type ReasonName } from '../../../src/base/operating-error.ts';
import type { InvalidateCommand, InvalidateOutcome } from '../../../src/cache/invalidate.ts';
import { invalidateOrDefer } from '../../../src/cache/invalidate-or-defer.ts';
import type { Spool } from '../../../src/store/spool.ts';
import { openedSpool, tagsIn } from '../../support/spool.ts';
import { type DeferredWorld, deferredWorld, music, tagsOf } from './deferred-world.ts';

function ofTag(tag: string): InvalidateCommand {
  const settings = { dryRun: false, affectedMax: undefined, once: undefined, deferred: true, wait: undefined };
  return { selectors: [{ kind: 'tag', tag }], mode: 'remove', ...settings };
}

function invalidate({ deferred, store }: DeferredWorld, tag: string): Promise<InvalidateOutcome> {
  const make = async (): Promise<InvalidateOutcome> => {
    await store.invalidate({ namespaceId: music.id, selector: { kind: 'tag', tag }, mode: 'remove' });
    return { kind: 'invalidated', token: 'token' };
  };
  return invalidateOrDefer(deferred, music, ofTag(tag), make);
}

async function refusedWith(reason: ReasonName, attempt: Promise<unknown>): Promise<void> {
  await assert.rejects(attempt, (error) => error instanceof OperatingError && error.reason === reason);
}

test('while the store is there it is made, and nothing is kept', async (context) => {
  const world = await deferredWorld(context);
  assert.deepEqual(await invalidate(world, 'a'), { kind: 'invalidated', token: 'token' });
  assert.deepEqual([tagsOf(world.changes), world.spool.size], [['a'], 0]);
});

test('it is kept if the store did nothing, and if nobody knows what it did', async (context) => {
  for (const reason of ['STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN'] as const) {
    const world = await deferredWorld(context);
    world.away.reason = reason;
    assert.deepEqual(await invalidate(world, 'a'), { kind: 'deferred' });
    assert.deepEqual(tagsIn(world.spool), ['a']);
  }
});

test('while others wait it waits behind them, whether or not the store is back', async (context) => {
  const world = await deferredWorld(context);
  await world.defer('a');
  assert.deepEqual(await invalidate(world, 'b'), { kind: 'deferred' });
  assert.deepEqual([tagsIn(world.spool), world.asked], [['a', 'b'], []]);
});

test('every other failure of the store stays what it is', async (context) => {
  const world = await deferredWorld(context);
  world.away.reason = 'REQUEST_IDS_FULL';
  await refusedWith('REQUEST_IDS_FULL', invalidate(world, 'a'));
  assert.equal(world.spool.size, 0);
});

/** A spool that keeps nothing. */
async function refusingSpool(context: TestContext, reason: ReasonName): Promise<Spool> {
  const spool = await openedSpool(context);
  spool.append = () => Promise.reject(new OperatingError(reason, 'The test refuses it.'));
  return spool;
}

test('what can not be kept is refused with why, unless it may have been made', async (context) => {
  for (const reason of ['SPOOL_FULL', 'STATE_UNAVAILABLE'] as const) {
    const world = await deferredWorld(context, { spool: await refusingSpool(context, reason) });
    world.away.reason = 'STORE_UNAVAILABLE';
    await refusedWith(reason, invalidate(world, 'a'));
    assert.deepEqual([world.told, world.deferred.counts.deferred], [[], 0], 'nothing is withheld');
    world.away.reason = 'OUTCOME_UNKNOWN';
    await refusedWith('OUTCOME_UNKNOWN', invalidate(world, 'a'));
  }
});
