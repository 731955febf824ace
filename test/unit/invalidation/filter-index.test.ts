// Goal: the index finds whoever wants a change. Method: random members come and go; each change against asking them all.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Filtered, FilterIndex } from '../../../src/invalidation/filter-index.ts';
import { matches } from '../../../src/invalidation/subscription-filter.ts';
import { anyChange, anyFilter, filterOf, invalidation, keyChange } from '../../support/changes.ts';
import { checkProperty } from '../../support/check-property.ts';

interface Member extends Filtered {
  readonly name: number;
}

function namesOf(members: readonly Member[]): number[] {
  return members.map(({ name }) => name).sort((a, b) => a - b);
}

test('it finds the members whose filter matches, each once', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), filter: anyFilter }),
    fc.record({ kind: fc.constant('delete' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('ask' as const), change: anyChange }),
  );
  checkProperty(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const index = new FilterIndex<Member>();
      const members: Member[] = [];
      for (const [name, what] of steps.entries()) {
        if (what.kind === 'add') {
          members.push({ name, filter: what.filter });
          index.add(members.at(-1)!);
        } else if (what.kind === 'delete' && members.length > 0) {
          index.delete(members.splice(what.which % members.length, 1)[0]!);
        } else if (what.kind === 'ask') {
          const change = what.change(1);
          const wanting = members.filter(({ filter }) => matches(filter, change));
          assert.deepEqual(namesOf(index.matching(change)), namesOf(wanting), JSON.stringify(change));
        }
      }
    }),
    2000,
  );
});

test('a member that wants one key for several reasons is found once', () => {
  const index = new FilterIndex<Member>();
  index.add({ name: 1, filter: filterOf({ keys: ['a:1'], prefixes: ['a:'], tags: ['t', 'u'] }) });
  assert.deepEqual(namesOf(index.matching(keyChange(1, 'a:1', { tags: ['t', 'u'] }))), [1]);
});

test('who wants everything hears of an invalidated prefix, also beside others', () => {
  const index = new FilterIndex<Member>();
  const change = invalidation(1, { kind: 'prefix', prefix: 'a:' });
  index.add({ name: 1, filter: filterOf() });
  assert.deepEqual(namesOf(index.matching(change)), [1]);
  index.add({ name: 2, filter: filterOf({ keys: ['b'] }) });
  assert.deepEqual(namesOf(index.matching(change)), [1]);
});

test('nothing is found when all have left', () => {
  const index = new FilterIndex<Member>();
  const member = { name: 1, filter: filterOf({ keys: ['a:1'], prefixes: ['a:'], tags: ['t'] }) };
  index.add(member);
  index.delete(member);
  index.delete(member);
  assert.deepEqual(index.matching(keyChange(1, 'a:1', { tags: ['t'] })), []);
  assert.deepEqual(index.matching(invalidation(1, { kind: 'namespace' })), []);
});
