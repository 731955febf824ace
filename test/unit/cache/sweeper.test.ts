// Goal: sweeping makes permanent what watermarks say, then forgets the watermarks. Method: the memory store, page by page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import type { Namespace } from '../../../src/cache/namespace.ts';
import { Sweeper } from '../../../src/cache/sweeper.ts';
import type { NamespaceId } from '../../../src/store/store.ts';
import { type OpenMemoryStore, openMemoryStore } from '../../support/open-memory-store.ts';

const id = 'n' as NamespaceId;
const pace = { pauseMs: 1, pageEntries: 10 };

function setUp(): OpenMemoryStore & { sweeper: Sweeper } {
  const opened = openMemoryStore();
  opened.store.openNamespace(id, 10_000_000);
  const namespace = { id } as Namespace;
  return { ...opened, sweeper: new Sweeper(opened.store, opened.clock, () => [namespace], pace) };
}

function fill({ store }: OpenMemoryStore, count: number, tags: readonly string[], staleWindowMs = 0): void {
  for (let n = 0; n < count; n++) {
    const content = { value: Buffer.from('v'), contentType: '', tags };
    store.write({
      namespaceId: id,
      key: `${tags}:${n}`,
      ...content,
      ttlMs: 3_600_000,
      staleWindowMs,
      guard: { kind: 'none' },
    });
  }
}

async function sweepAll(sweeper: Sweeper): Promise<void> {
  while (await sweeper.step());
}

test('removed entries leave the store, others stay', async () => {
  const world = setUp();
  fill(world, 25, ['gone']);
  fill(world, 25, ['kept']);
  world.store.invalidate({ namespaceId: id, selector: { kind: 'tag', tag: 'gone' }, mode: 'remove' });
  await sweepAll(world.sweeper);
  assert.equal(world.store.usage(id).entries, 25);
});

test('a watermark is forgotten after a whole pass and the longest fence, and what it marked stays stale', async () => {
  const world = setUp();
  fill(world, 15, ['t'], 3_600_000);
  world.store.invalidate({ namespaceId: id, selector: { kind: 'tag', tag: 't' }, mode: 'mark-stale' });
  await sweepAll(world.sweeper);
  assert.equal(world.store.usage(id).watermarks, 1, 'a fence may be older than the watermark');
  world.clock.advance(limits.fenceAgeMsMax + 60_000);
  await sweepAll(world.sweeper);
  assert.equal(world.store.usage(id).watermarks, 0);
  const { entry, visibility, nowMs } = world.store.read({ namespaceId: id, key: 't:0' }, { kind: 'any' });
  assert.ok(entry !== undefined && entry.freshUntilMs <= nowMs);
  assert.equal(visibility, 'visible');
});

test('what was computed before a removal and filled behind the pass does not come back when the watermark goes', async () => {
  // A miss that was judged before the removal; its fill comes nine minutes later, under a fence that still stands.
  const world = setUp();
  const ref = { namespaceId: id, key: 'late' };
  const { moment, nowMs: givenAtMs } = world.store.read(ref, { kind: 'any' });
  world.store.invalidate({ namespaceId: id, selector: { kind: 'tag', tag: 't' }, mode: 'remove' });
  await sweepAll(world.sweeper);
  world.clock.advance(limits.fenceAgeMsMax - 60_000);
  await sweepAll(world.sweeper);
  const content = { value: Buffer.from('old'), contentType: '', tags: ['t'], ttlMs: 3_600_000, staleWindowMs: 0 };
  const guard = { kind: 'fence', fence: { moment, givenAtMs } } as const;
  assert.equal(world.store.write({ ...ref, ...content, guard }).kind, 'applied');
  for (let minutes = 0; minutes < 5; minutes++) {
    world.clock.advance(60_000);
    await sweepAll(world.sweeper);
    const { entry, visibility } = world.store.read(ref, { kind: 'any' });
    assert.ok(entry === undefined || visibility === 'removed', `after ${minutes} more minutes`);
  }
  assert.equal(world.store.usage(id).watermarks, 0);
});

test('there is nothing to do without watermarks', async () => {
  const world = setUp();
  fill(world, 5, []);
  assert.equal(await world.sweeper.step(), false);
});

test('a watermark raised during a pass is left to the next', async () => {
  const world = setUp();
  fill(world, 25, ['a']);
  fill(world, 25, ['b']);
  world.store.invalidate({ namespaceId: id, selector: { kind: 'tag', tag: 'a' }, mode: 'remove' });
  await world.sweeper.step();
  world.store.invalidate({ namespaceId: id, selector: { kind: 'tag', tag: 'b' }, mode: 'remove' });
  await sweepAll(world.sweeper);
  assert.equal(world.store.usage(id).entries, 0);
});

test('the background sweep goes on after a page that failed', async () => {
  const world = setUp();
  const failures: unknown[] = [];
  const failing = new Sweeper(
    world.store,
    world.clock,
    () => {
      throw new Error('planted');
    },
    pace,
  );
  failing.start((cause) => failures.push(cause));
  for (let turn = 0; turn < 3; turn++) {
    world.clock.advance(1);
    await new Promise(setImmediate);
  }
  failing.close();
  assert.ok(failures.length >= 2);
});
