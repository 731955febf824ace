// Goal: what a node keeps for itself is bounded, short-lived, and gone when the store is known to have been there. Method:
// entries by hand on a manual clock, the bound at the limit and one past it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '../../../src/base/limits.ts';
import { LocalEntries } from '../../../src/cache/local-entries.ts';
import { revisionOf } from '../../../src/cache/revision.ts';
import { weightBytes } from '../../../src/store/memory/weight.ts';
import type { Content, EntryRef, NamespaceId } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const namespaceId = 'n' as NamespaceId;
const refOf = (key: string): EntryRef => ({ namespaceId, key });
const contentOf = (text: string): Content => ({ value: Buffer.from(text), contentType: 'text/plain', tags: ['t'] });
const WEIGHT = weightBytes('a', contentOf('v'));

function setUp(bytesMax?: number): { clock: ManualClock; locals: LocalEntries } {
  const clock = new ManualClock();
  return { clock, locals: new LocalEntries(clock, bytesMax) };
}

test('what is kept is found as it was written, without a revision', () => {
  const { locals, clock } = setUp();
  locals.keep(refOf('a'), contentOf('v'), 1000);
  const { entry } = locals.find(refOf('a'), undefined)!;
  assert.deepEqual({ ...entry, ...contentOf('v'), value: entry.value }, entry);
  assert.equal(Buffer.from(entry.value!).toString(), 'v');
  assert.deepEqual([revisionOf(entry.position), entry.freshUntilMs], ['', clock.nowMs() + 1000]);
  assert.equal(locals.find(refOf('b'), undefined), undefined);
  assert.equal(locals.find({ ...refOf('a'), namespaceId: 'm' as NamespaceId }, undefined), undefined);
});

test('what is kept is a copy: its value may be a view of a network buffer', () => {
  const { locals } = setUp();
  const value = Buffer.from('abc');
  locals.keep(refOf('a'), { ...contentOf(''), value }, 1000);
  value.fill('x');
  assert.equal(Buffer.from(locals.find(refOf('a'), undefined)!.entry.value!).toString(), 'abc');
});

test('a negative entry is kept as one', () => {
  const { locals } = setUp();
  locals.keep(refOf('a'), { ...contentOf(''), value: undefined }, 1000);
  assert.equal(locals.find(refOf('a'), undefined)!.entry.value, undefined);
});

test('it lives for its TTL, and tells what is left of it', () => {
  const { locals, clock } = setUp();
  const local = locals.keep(refOf('a'), contentOf('v'), 1000)!;
  clock.advance(999);
  assert.equal(locals.leftMs(local), 1);
  assert.ok(locals.find(refOf('a'), undefined));
  clock.advance(1);
  assert.equal(locals.find(refOf('a'), undefined), undefined);
  assert.deepEqual([locals.leftMs(local), locals.size], [0, 0]);
});

test('it falls once the store is known to have been there after it was kept, and not before', () => {
  const { locals, clock } = setUp();
  clock.advance(500);
  locals.keep(refOf('a'), contentOf('v'), 10_000);
  assert.ok(locals.find(refOf('a'), 499), 'there before');
  assert.ok(locals.find(refOf('a'), 500), 'there when it was kept: the Set still failed');
  assert.equal(locals.find(refOf('a'), 501), undefined);
  assert.equal(locals.holds(refOf('a')), false, 'and is forgotten for good');
});

test('of one key the newest is kept', () => {
  const { locals } = setUp(WEIGHT);
  for (const text of ['1', '2']) locals.keep(refOf('a'), contentOf(text), 1000);
  assert.equal(Buffer.from(locals.find(refOf('a'), undefined)!.entry.value!).toString(), '2');
});

test('a namespace keeps exactly its bytes; one more and the oldest leaves; others have their own', () => {
  const { locals } = setUp(2 * WEIGHT);
  for (const key of ['a', 'b']) locals.keep(refOf(key), contentOf('v'), 1000);
  const other = { namespaceId: 'm' as NamespaceId, key: 'a' };
  locals.keep(other, contentOf('v'), 1000);
  assert.ok(locals.holds(refOf('a')) && locals.holds(refOf('b')) && locals.holds(other));
  locals.keep(refOf('c'), contentOf('v'), 1000);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => locals.holds(refOf(key))),
    [false, true, true],
  );
  locals.keep(refOf('b'), contentOf('v'), 1000);
  assert.ok(locals.holds(refOf('c')), 'what is replaced does not count');
});

test('an entry of exactly the limit is kept, one byte more is not', () => {
  const { locals } = setUp();
  const room = limits.localBytesPerNamespaceMax - weightBytes('a', contentOf(''));
  assert.ok(locals.keep(refOf('a'), contentOf('x'.repeat(room)), 1000));
  assert.equal(locals.keep(refOf('b'), contentOf('x'.repeat(room + 1)), 1000), undefined);
  assert.ok(locals.holds(refOf('a')), 'and takes nothing with it');
});

test('a key, or a namespace, is forgotten', () => {
  const { locals } = setUp();
  for (const key of ['a', 'b']) locals.keep(refOf(key), contentOf('v'), 1000);
  locals.forget(refOf('a'));
  locals.forget(refOf('none'));
  assert.deepEqual([locals.holds(refOf('a')), locals.holds(refOf('b')), locals.size], [false, true, 1]);
  locals.forgetAll(namespaceId);
  assert.deepEqual([locals.holds(refOf('b')), locals.size], [false, 0]);
  locals.forget(refOf('b'));
});

test('memory is given back when the last of a namespace is gone, though nobody asks', () => {
  const { locals, clock } = setUp();
  locals.keep(refOf('a'), contentOf('v'), 1000);
  locals.keep(refOf('b'), contentOf('v'), 500);
  clock.advance(999);
  locals.expireDue();
  assert.equal(locals.size, 1);
  clock.advance(1);
  locals.expireDue();
  assert.equal(locals.size, 0);
});
