import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { covers, drops, mayKeep, type NearChange, type NearEntry, type Selector } from '../../src/near/near-rule.ts';
import { permutations } from '../support/permutations.ts';

// The rule of the near cache: what may enter and what leaves, in every order of what a stream tells.

const ENTRY: NearEntry = { key: 'a:1', tags: ['t'], revision: 'r1' };
const OWN_SET: NearChange = { kind: 'set', key: 'a:1', revision: 'r1' };
const OTHER_SET: NearChange = { kind: 'set', key: 'a:1', revision: 'r2' };
const DELETE: NearChange = { kind: 'key', key: 'a:1' };
const ELSEWHERE: NearChange = { kind: 'set', key: 'a:2', revision: 'r9' };
const EPOCH: NearChange = { kind: 'epoch' };
const wide = (selector: Selector): NearChange => ({ kind: 'wide', selector });
const COVERING = [
  wide({ kind: 'namespace' }),
  wide({ kind: 'prefix', prefix: 'a:' }),
  wide({ kind: 'tag', tag: 't' }),
  wide({ kind: 'key', key: 'a:1' }),
];
const NOT_COVERING = [
  wide({ kind: 'prefix', prefix: 'b:' }),
  wide({ kind: 'tag', tag: 'u' }),
  wide({ kind: 'key', key: 'a:2' }),
];

test('selectors cover what they name', () => {
  for (const change of COVERING) assert.ok(change.kind === 'wide' && covers(change.selector, ENTRY));
  for (const change of NOT_COVERING) assert.ok(change.kind === 'wide' && !covers(change.selector, ENTRY));
});

test('every change that concerns an entry drops it, but the SET that made it', () => {
  for (const change of [...COVERING, OTHER_SET, DELETE, { kind: 'epoch' } as const]) assert.ok(drops(change, ENTRY));
  for (const change of [...NOT_COVERING, OWN_SET, ELSEWHERE]) assert.ok(!drops(change, ENTRY));
});

test('nothing told, or nothing that concerns it: the Hit is kept', () => {
  assert.ok(mayKeep(ENTRY, []));
  for (const told of permutations([ELSEWHERE, ...NOT_COVERING])) assert.ok(mayKeep(ENTRY, told));
});

test('of the changes of its key the newest decides, in every order', () => {
  for (const told of permutations<NearChange>([OWN_SET, OTHER_SET, DELETE, ELSEWHERE])) {
    const newest: NearChange | undefined = told.findLast((change) => change !== ELSEWHERE);
    assert.equal(mayKeep(ENTRY, told), newest === OWN_SET, JSON.stringify(told));
  }
});

test('a wide change or a new epoch forbids wherever it stands', () => {
  for (const change of [...COVERING, EPOCH]) {
    const orders: NearChange[][] = [...permutations([change, OWN_SET, ELSEWHERE])];
    for (const told of orders) assert.ok(!mayKeep(ENTRY, told));
  }
});

test('what is told before an answer is kept, or after, ends alike', () => {
  // The same changes, cut anywhere into those told while the answer was on its way and those told later.
  const selector = fc.oneof(
    fc.constant<Selector>({ kind: 'namespace' }),
    fc.constantFrom('a:', 'b:').map((prefix): Selector => ({ kind: 'prefix', prefix })),
    fc.constantFrom('t', 'u').map((tag): Selector => ({ kind: 'tag', tag })),
  );
  const change: fc.Arbitrary<NearChange> = fc.oneof(
    fc.record({
      kind: fc.constant('set' as const),
      key: fc.constantFrom('a:1', 'a:2'),
      revision: fc.constantFrom('r1', 'r2'),
    }),
    fc.record({ kind: fc.constant('key' as const), key: fc.constantFrom('a:1', 'a:2') }),
    fc.record({ kind: fc.constant('wide' as const), selector }),
    fc.constant<NearChange>({ kind: 'epoch' }),
  );
  const kept = (told: readonly NearChange[], later: readonly NearChange[]): boolean =>
    mayKeep(ENTRY, told) && !later.some((one) => drops(one, ENTRY));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.nat(8), (changes, cut) => {
      // Told earlier may keep more: an own SET heals what came before it. It must never keep less safely than that.
      const split = kept(changes.slice(0, cut), changes.slice(cut));
      const all = kept(changes, []);
      if (split) assert.ok(all, 'kept in two parts but not in one');
    }),
    { numRuns: 2000 },
  );
});
