// Goal: a node judges by the table of the history it follows, with each wide change in it once. Method: tables asked for,
// told and taken by hand, with changes in between; random orders against a table that saw everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Selector } from '../../../../src/cache/rules/selector.ts';
import { judge } from '../../../../src/cache/rules/visibility.ts';
import { WatermarkTable } from '../../../../src/cache/rules/watermark-table.ts';
import type { Change } from '../../../../src/store/store.ts';
import { HeldWatermarks, type ToldTable } from '../../../../src/store/tiered/held-watermarks.ts';
import { EPOCH, invalidation, keyChange } from '../../../support/changes.ts';
import { checkProperty } from '../../../support/check-property.ts';
import { CHAIN, forkedAt, NEXT_EPOCH } from './builders.ts';

const T: Selector = { kind: 'tag', tag: 't' };
const U: Selector = { kind: 'tag', tag: 'u' };

/** Returns a table as the store tells it, with the removals that it saw. */
function told(head: number, changes: readonly Change[], chain: EpochChain = CHAIN): ToldTable {
  const table = new WatermarkTable();
  for (const change of changes) {
    if (change.kind === 'invalidate') table.raise(change.selector, change.mode, change.position.number, 0);
  }
  return { chain, head, rows: table.rows() };
}

/** Returns watermarks that have taken a table. */
function holding(head: number, ...changes: readonly Change[]): HeldWatermarks {
  const watermarks = new HeldWatermarks();
  watermarks.take(watermarks.ask(head), told(head, changes));
  return watermarks;
}

/** Returns the highest watermarks over an entry with a tag. */
function over(watermarks: HeldWatermarks, tag: string, chain: EpochChain = CHAIN) {
  return watermarks.control(chain)?.watermarks.covering({ key: 'k', tags: [tag] });
}

test('without a table nothing is judged, and what comes is not kept', () => {
  const watermarks = new HeldWatermarks();
  assert.equal(watermarks.isMissing(CHAIN), true);
  watermarks.raise(invalidation(1, T), 0);
  assert.deepEqual(
    [watermarks.control(CHAIN), watermarks.control(undefined), watermarks.last],
    Array(3).fill(undefined),
  );
});

test('a table is asked for once, and again if there was no answer', () => {
  const watermarks = new HeldWatermarks();
  const asked = watermarks.ask(5);
  assert.equal(watermarks.isMissing(CHAIN), false);
  watermarks.giveUp(asked);
  assert.equal(watermarks.isMissing(CHAIN), true);
  assert.equal(watermarks.isWanted(asked, told(5, []), CHAIN), false);
});

test('whoever gives up an older question does not give up the newer one', () => {
  const watermarks = new HeldWatermarks();
  const older = watermarks.ask(5);
  watermarks.forked();
  const newer = watermarks.ask(6);
  watermarks.giveUp(older);
  assert.equal(watermarks.isWanted(newer, told(6, []), CHAIN), true);
});

test('a table that is taken judges, by the chain that it was told with', () => {
  const watermarks = holding(7, invalidation(7, T));
  assert.deepEqual(over(watermarks, 't'), { removed: 7, stale: 0 });
  const control = watermarks.control(CHAIN)!;
  assert.equal(judge(control, { epoch: EPOCH, number: 6 }, { key: 'k', tags: ['t'] }), 'removed');
  assert.equal(judge(control, { epoch: EPOCH, number: 7 }, { key: 'k', tags: ['t'] }), 'visible');
  assert.equal(watermarks.isMissing(CHAIN), false);
});

test('what is applied while a table is on its way follows it', () => {
  const watermarks = new HeldWatermarks();
  const asked = watermarks.ask(5);
  watermarks.raise(invalidation(6, T), 0);
  watermarks.raise(keyChange(7, 'k'), 0);
  watermarks.raise(invalidation(8, U, { mode: 'mark-stale' }), 0);
  watermarks.take(asked, told(6, [invalidation(6, T)]));
  assert.deepEqual(
    [over(watermarks, 't'), over(watermarks, 'u')],
    [
      { removed: 6, stale: 0 },
      { removed: 0, stale: 8 },
    ],
  );
});

test('what the table had when it was told is not raised again: it may have been folded or forgotten there', () => {
  const watermarks = new HeldWatermarks();
  const asked = watermarks.ask(5);
  watermarks.raise(invalidation(6, T), 0);
  watermarks.raise(invalidation(7, U), 0);
  watermarks.take(asked, told(6, []));
  assert.deepEqual(
    [over(watermarks, 't'), over(watermarks, 'u')],
    [
      { removed: 0, stale: 0 },
      { removed: 7, stale: 0 },
    ],
  );
  watermarks.raise(invalidation(6, T), 0);
  assert.deepEqual(over(watermarks, 't'), { removed: 0, stale: 0 });
});

test('a change of another epoch raises nothing', () => {
  const watermarks = holding(5);
  watermarks.raise({ ...invalidation(6, T), position: { epoch: NEXT_EPOCH, number: 6 } }, 0);
  assert.deepEqual(over(watermarks, 't'), { removed: 0, stale: 0 });
});

test('a table is wanted in the history that is followed, if it is not older than what was applied', () => {
  const watermarks = new HeldWatermarks();
  const asked = watermarks.ask(5);
  assert.equal(watermarks.isWanted(asked, told(5, []), CHAIN), true);
  assert.equal(watermarks.isWanted(asked, told(4, []), CHAIN), false);
  assert.equal(watermarks.isWanted(asked, told(5, [], forkedAt(3)), CHAIN), false);
  assert.equal(watermarks.isWanted(asked, told(5, []), undefined), false);
});

test('after a fork the table does not judge, though it is there to sweep by; what is on its way does not count', () => {
  const watermarks = holding(5, invalidation(5, T));
  const asked = watermarks.ask(5);
  watermarks.forked();
  assert.equal(watermarks.isWanted(asked, told(6, [], forkedAt(4)), forkedAt(4)), false);
  assert.equal(watermarks.control(forkedAt(4)), undefined);
  assert.equal(watermarks.isMissing(forkedAt(4)), true);
  assert.deepEqual(watermarks.last?.watermarks.covering({ key: 'k', tags: ['t'] }), { removed: 5, stale: 0 });
});

test('the table of a new epoch takes the place of the old one as a whole: lost marks go', () => {
  const watermarks = holding(5, invalidation(5, T));
  watermarks.forked();
  const chain = forkedAt(4);
  watermarks.take(watermarks.ask(4), told(6, [invalidation(6, U)], chain));
  assert.deepEqual(over(watermarks, 't', chain), { removed: 0, stale: 0 });
  assert.deepEqual(over(watermarks, 'u', chain), { removed: 6, stale: 0 });
  assert.equal(watermarks.control(CHAIN), undefined);
});

test('a fork while the table of a new epoch is on its way has it asked for again', () => {
  const watermarks = new HeldWatermarks();
  const asked = watermarks.ask(4);
  watermarks.forked();
  assert.equal(watermarks.isWanted(asked, told(6, [], forkedAt(4)), forkedAt(4)), false);
  assert.equal(watermarks.isMissing(forkedAt(4)), true);
});

test('all is forgotten when the history is lost', () => {
  const watermarks = holding(5, invalidation(5, T));
  const asked = watermarks.ask(5);
  watermarks.clear();
  assert.deepEqual([watermarks.last, watermarks.isWanted(asked, told(9, []), CHAIN)], [undefined, false]);
});

const wide = fc.record({
  selector: fc.constantFrom<Selector>(T, U, { kind: 'namespace' }, { kind: 'key', key: 'k' }),
  mode: fc.constantFrom('remove' as const, 'mark-stale' as const),
});

test('wherever in the log the table was told, and whenever it came, it says what a table says that saw everything', () => {
  checkProperty(
    fc.property(fc.array(wide, { maxLength: 12 }), fc.nat(12), fc.nat(12), fc.nat(12), (made, a, b, c) => {
      const log = made.map(({ selector, mode }, index) => invalidation(index + 1, selector, { mode }));
      const asking = Math.min(a, log.length);
      const [telling, taking] = [b, c].map((later) => Math.min(asking + later, log.length));
      const watermarks = new HeldWatermarks();
      const asked = watermarks.ask(asking);
      for (const change of log.slice(asking, taking)) watermarks.raise(change, 0);
      watermarks.take(asked, told(telling!, log.slice(0, telling)));
      for (const change of log.slice(taking)) watermarks.raise(change, 0);
      const rows = watermarks.control(CHAIN)!.watermarks.rows();
      assert.deepEqual(byName(rows), byName(told(0, log).rows));
    }),
  );
});

function byName(rows: ToldTable['rows']) {
  return new Map(rows.map(({ selector, ...row }) => [JSON.stringify(selector), row]));
}
