// Goal: L1 holds what it is given within its bounds, each key once, and drops what it is told to. Method: entries and
// absences by hand, the bounds at the limit and one past it, and random steps against a map.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../../../../src/base/limits.ts';
import { weightBytes } from '../../../../src/store/memory/weight.ts';
import { type Absence, MemoryTier } from '../../../../src/store/tiered/memory-tier.ts';
import { checkProperty } from '../../../support/check-property.ts';
import { entryOf, TIER } from './builders.ts';

function tierOf(capacityBytes = 1_000_000): MemoryTier {
  return new MemoryTier({ ...TIER, capacityBytes });
}

function absenceOf(number: number, goneAtMs = 1000): Absence {
  return { number, cause: 'deleted', goneAtMs };
}

test('an entry that is kept is found with its number, until it is gone by its own time', () => {
  const tier = tierOf();
  tier.keep(entryOf('k', 5, { goneAtMs: 100 }), 0);
  assert.deepEqual([tier.use('k', 99)?.position.number, tier.numberOf('k', 99)], [5, 5]);
  assert.deepEqual([tier.use('k', 100), tier.numberOf('k', 100)], [undefined, undefined]);
});

test('what is kept is a copy: its value may be a view of a network buffer', () => {
  const tier = tierOf();
  const value = Buffer.from('abc');
  tier.keep(entryOf('k', 5, { value }), 0);
  value.fill('x');
  assert.equal(Buffer.from(tier.use('k', 0)!.value!).toString(), 'abc');
});

test('entries stay within the budget to the byte; beyond it the least recently used leaves', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((key, index) => entryOf(key, index + 1));
  const tier = tierOf(2 * weightBytes('a', a!));
  tier.keep(a!, 0);
  tier.keep(b!, 0);
  tier.use('a', 0);
  assert.equal(tier.usage().weightBytes, tier.usage().capacityBytes);
  tier.keep(c!, 0);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => tier.use(key, 0) !== undefined),
    [true, false, true],
  );
  assert.equal(tier.usage().evictions, 1);
  tier.validate();
});

test('an entry of exactly the budget is kept; a larger one is not, and takes what was under its key with it', () => {
  const entry = entryOf('k', 5);
  const tier = tierOf(weightBytes('k', entry));
  tier.keep(entry, 0);
  assert.equal(tier.numberOf('k', 0), 5);
  tier.keep(entryOf('k', 6, { value: Buffer.from('value 6 and more') }), 0);
  assert.deepEqual([tier.numberOf('k', 0), tier.usage().entries], [undefined, 0]);
  tier.validate();
});

test('an entry that is larger than the budget ends the absence of its key', () => {
  const tier = tierOf(1);
  tier.keepAbsence('k', absenceOf(5), 0);
  tier.keep(entryOf('k', 6), 0);
  assert.equal(tier.absence('k', 0), undefined);
});

test('a smaller budget evicts at once', () => {
  const tier = tierOf();
  for (const key of ['a', 'b', 'c']) tier.keep(entryOf(key, 1), 0);
  tier.resize(weightBytes('a', entryOf('a', 1)), 0);
  assert.deepEqual([tier.usage().entries, tier.use('c', 0)?.key], [1, 'c']);
});

test('an absence is remembered until its time on the node’s clock, and tells how the entry left', () => {
  const tier = tierOf();
  tier.keepAbsence('k', absenceOf(5, 1000), 0);
  assert.equal(tier.numberOf('k', 0), 5);
  assert.equal(tier.absence('k', 999)?.cause, 'deleted');
  assert.equal(tier.absence('k', 1000), undefined);
  assert.equal(tier.numberOf('k', 0), undefined, 'asked for after its time, it is forgotten');
});

test('an entry ends the absence of its key, and an absence ends the entry', () => {
  const tier = tierOf();
  tier.keepAbsence('k', absenceOf(5), 0);
  tier.keep(entryOf('k', 6), 0);
  assert.equal(tier.absence('k', 0), undefined);
  tier.keepAbsence('k', absenceOf(7), 0);
  assert.deepEqual([tier.use('k', 0), tier.numberOf('k', 0)], [undefined, 7]);
});

test(`${limits.absencesPerNamespaceMax} absences are remembered; one more forgets the oldest`, () => {
  const tier = tierOf();
  for (let i = 0; i < limits.absencesPerNamespaceMax; i++) tier.keepAbsence(`k${i}`, absenceOf(i), 0);
  assert.equal(tier.absence('k0', 0)?.number, 0);
  tier.keepAbsence('k0', absenceOf(7), 0);
  assert.ok(tier.absence('k1', 0), 'an absence that is found again takes no more room');
  tier.keepAbsence('one too many', absenceOf(9), 0);
  assert.deepEqual([tier.absence('k1', 0), tier.absence('k0', 0)?.number], [undefined, 7]);
  assert.ok(tier.absence('k2', 0));
});

test('a change drops what is older than it, entry or absence, and nothing else', () => {
  const tier = tierOf();
  const keep = [
    (key: string): void => tier.keep(entryOf(key, 5), 0),
    (key: string): void => tier.keepAbsence(key, absenceOf(5), 0),
  ];
  for (const hold of keep) {
    hold('k');
    tier.drop('k', 5, 0);
    tier.drop('other', 9, 0);
    assert.equal(tier.numberOf('k', 0), 5);
    tier.drop('k', 6, 0);
    assert.equal(tier.numberOf('k', 0), undefined);
  }
});

test('what is picked is dropped and counted: entries with what they are, absences by key and number', () => {
  const tier = tierOf();
  for (const number of [1, 2, 3]) {
    tier.keep(entryOf(`e${number}`, number), 0);
    tier.keepAbsence(`a${number}`, absenceOf(number), 0);
  }
  assert.equal(
    tier.dropWhere((key, number, entry) => number > 2 || (entry !== undefined && key === 'e1'), 0),
    3,
  );
  assert.deepEqual(
    ['e1', 'e2', 'e3', 'a1', 'a2', 'a3'].map((key) => tier.numberOf(key, 0)),
    [undefined, 2, undefined, 1, 2, undefined],
  );
  tier.validate();
});

test('all are looked at when something is picked, also beyond one page', () => {
  const tier = tierOf(100_000_000);
  for (let i = 0; i < 10_000; i++) tier.keep(entryOf(`k${i}`, i), 0);
  assert.equal(
    tier.dropWhere((_key, number) => number % 2 === 1, 0),
    5000,
  );
  assert.equal(tier.usage().entries, 5000);
});

test('time frees what is gone, as much as it may touch', () => {
  const tier = tierOf();
  for (let i = 0; i < 10; i++) tier.keep(entryOf(`k${i}`, i, { goneAtMs: 100 }), 0);
  assert.equal(tier.expireDue(10_000, 4), 4);
  while (tier.expireDue(10_000, 4) > 0);
  assert.deepEqual([tier.usage().entries, tier.usage().expirations], [0, 10]);
  tier.validate();
});

const anyKey = fc.constantFrom('a', 'b', 'c');
const anyStep = fc.record({
  kind: fc.constantFrom('keep', 'absence', 'drop', 'dropWhere'),
  key: anyKey,
  number: fc.nat(9),
});

test('whatever is kept and dropped, a key is held once, under the number of what was kept last', () => {
  checkProperty(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const tier = tierOf();
      const held = new Map<string, { kind: string; number: number }>();
      for (const { kind, key, number } of steps) {
        if (kind === 'keep') tier.keep(entryOf(key, number), 0);
        if (kind === 'absence') tier.keepAbsence(key, absenceOf(number), 0);
        if (kind === 'keep' || kind === 'absence') held.set(key, { kind, number });
        if (kind === 'drop') tier.drop(key, number, 0);
        if (kind === 'drop' && (held.get(key)?.number ?? number) < number) held.delete(key);
        if (kind === 'dropWhere') {
          const picked = [...held].filter(([, { number: of }]) => of > number).map(([name]) => name);
          assert.equal(
            tier.dropWhere((_key, of) => of > number, 0),
            picked.length,
          );
          for (const name of picked) held.delete(name);
        }
        for (const name of ['a', 'b', 'c']) {
          const is = held.get(name);
          assert.equal(tier.use(name, 0)?.position.number, is?.kind === 'keep' ? is.number : undefined);
          assert.equal(tier.absence(name, 0)?.number, is?.kind === 'absence' ? is.number : undefined);
          assert.equal(tier.numberOf(name, 0), is?.number);
        }
        tier.validate();
      }
    }),
  );
});
