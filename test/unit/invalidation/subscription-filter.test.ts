// Goal: a filter wants exactly the changes that the contract says. Method: one example a rule, for and against.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Selector } from '../../../src/cache/rules/selector.ts';
import {
  causeOf,
  filterName,
  matches,
  type SubscriptionFilter,
} from '../../../src/invalidation/subscription-filter.ts';
import { changedKey } from '../../../src/store/changed-key.ts';
import type { Change } from '../../../src/store/store.ts';
import { filterOf, invalidation, keyChange } from '../../support/changes.ts';

const tag = (name: string): Selector => ({ kind: 'tag', tag: name });
const prefix = (name: string): Selector => ({ kind: 'prefix', prefix: name });
const key = (name: string): Selector => ({ kind: 'key', key: name });
const whole: Selector = { kind: 'namespace' };
const set = (name: string, ...tags: string[]): Change => keyChange(1, name, { tags });
const covering = (selector: Selector, ...tags: string[]): Change => invalidation(1, selector, { tags });

const everything = [
  set('a'),
  set('a:1', 't'),
  covering(key('a')),
  covering(tag('t')),
  covering(prefix('a:')),
  covering(whole),
];

type Rule = readonly [
  rule: string,
  filter: Partial<SubscriptionFilter>,
  wanted: readonly Change[],
  not: readonly Change[],
];

const rules: readonly Rule[] = [
  ['no name wants all', {}, everything, []],
  [
    'a prefix wants keys that begin with it',
    { prefixes: ['a:'] },
    [set('a:'), set('a:1'), set('a:b/2')],
    [set('a'), set('b:a:'), set('A:1')],
  ],
  [
    'a key wants itself alone',
    { keys: ['a:1'] },
    [set('a:1'), covering(key('a:1'))],
    [set('a:'), set('a:12'), covering(key('a:'))],
  ],
  [
    'a tag wants keys that carry it, or did',
    { tags: ['t'] },
    [set('x', 'u', 't'), covering(key('x'), 't')],
    [set('x'), set('t', 'u'), covering(key('x'), 'u')],
  ],
  [
    'any name suffices',
    { prefixes: ['a:'], tags: ['t'], keys: ['k'] },
    [set('a:1'), set('x', 't'), set('k')],
    [set('x', 'u')],
  ],
  ['an invalidated tag concerns everyone: entries carry other tags too', { keys: ['k'] }, [covering(tag('none'))], []],
  ['an invalidated tag concerns who wants another tag', { tags: ['t'] }, [covering(tag('u')), covering(tag('t'))], []],
  ['an invalidated namespace concerns everyone', { prefixes: ['b/'], keys: ['k'] }, [covering(whole)], []],
  [
    'an invalidated prefix concerns prefixes above and below it',
    { prefixes: ['a:b/'] },
    [covering(prefix('a:')), covering(prefix('a:b/')), covering(prefix('a:b/c:'))],
    [covering(prefix('b:')), covering(prefix('a:c/'))],
  ],
  [
    'an invalidated prefix concerns keys below it',
    { keys: ['a:1'] },
    [covering(prefix('a:'))],
    [covering(prefix('b:')), covering(prefix('a:1:'))],
  ],
  ['an invalidated prefix concerns every tag: any key may carry it', { tags: ['t'] }, [covering(prefix('b:'))], []],
  [
    'causes narrow all of it',
    { causes: ['set', 'prefix'] },
    [set('a'), covering(prefix('a:'))],
    [
      keyChange(1, 'a', { kind: 'touch' }),
      keyChange(1, 'a', { kind: 'delete' }),
      covering(key('a')),
      covering(tag('t')),
      covering(whole),
    ],
  ],
  ['a cause alone does not widen names', { causes: ['set'], keys: ['k'] }, [set('k')], [set('x'), covering(whole)]],
];

for (const [rule, parts, wanted, not] of rules) {
  test(rule, () => {
    const filter = filterOf(parts);
    assert.deepEqual(
      wanted.filter((change) => !matches(filter, change)),
      [],
    );
    assert.deepEqual(
      not.filter((change) => matches(filter, change)),
      [],
    );
  });
}

describe('what a change is', () => {
  test('its cause is what happened to what it names', () => {
    const kinds = ['set', 'touch', 'delete'] as const;
    assert.deepEqual(
      kinds.map((kind) => causeOf(keyChange(1, 'k', { kind }))),
      kinds,
    );
    assert.deepEqual(
      [key('k'), tag('t'), prefix('a:'), whole].map((selector) => causeOf(covering(selector))),
      ['key', 'tag', 'prefix', 'namespace'],
    );
  });

  test('it is about a key unless it is wide', () => {
    const keys = [set('a'), covering(key('b')), covering(tag('t')), covering(prefix('a:')), covering(whole)].map(
      changedKey,
    );
    assert.deepEqual(keys, ['a', 'b', undefined, undefined, undefined]);
  });
});

test('filters that want the same have one name, others have another', () => {
  const filter = filterOf({ prefixes: ['a:', 'b:'], tags: ['t'], causes: ['set', 'tag'] });
  const same = filterOf({ prefixes: ['b:', 'a:', 'b:'], tags: ['t', 't'], causes: ['tag', 'set'] });
  const others = [
    filterOf(),
    filterOf({ ...filter, tags: [], keys: ['t'] }),
    filterOf({ ...filter, causes: ['set'] }),
    filterOf({ ...filter, prefixes: ['a:b:'] }),
  ];
  assert.equal(filterName(same), filterName(filter));
  assert.equal(new Set([filter, ...others].map(filterName)).size, 5);
});
