// Goal: what an invalidation covers that waits for the store is given out no more, and all else is, until it is released.
// Method: entries and selectors by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../../../src/base/limits.ts';
import type { Selector } from '../../../../src/cache/rules/selector.ts';
import { MemoryTier } from '../../../../src/store/tiered/memory-tier.ts';
import { entryOf, TIER } from './builders.ts';

const KEYS = ['a', 'p:1', 'p:2', 'q:1', 'tagged'];

function filled(): MemoryTier {
  const tier = new MemoryTier({ ...TIER, capacityBytes: 1_000_000 });
  for (const [index, key] of KEYS.entries()) {
    tier.keep(entryOf(key, index + 1, { tags: key === 'tagged' ? ['t', 'u'] : [] }), 0);
  }
  return tier;
}

function served(tier: MemoryTier): string[] {
  return KEYS.filter((key) => tier.use(key, 0) !== undefined);
}

const cases: readonly (readonly [Selector, readonly string[]])[] = [
  [{ kind: 'key', key: 'a' }, ['p:1', 'p:2', 'q:1', 'tagged']],
  [{ kind: 'prefix', prefix: 'p:' }, ['a', 'q:1', 'tagged']],
  [{ kind: 'tag', tag: 'u' }, ['a', 'p:1', 'p:2', 'q:1']],
  [{ kind: 'namespace' }, []],
];

for (const [selector, left] of cases) {
  test(`what a ${selector.kind} covers is given out no more, and is gone when it is released`, () => {
    const tier = filled();
    tier.withhold(selector, 0);
    assert.deepEqual(served(tier), left);
    tier.releaseWithheld(0);
    assert.deepEqual([served(tier), tier.usage().entries], [left, left.length]);
    tier.validate();
  });
}

test('what comes later is withheld too where a selector covers many, until it is released', () => {
  const tier = filled();
  tier.withhold({ kind: 'prefix', prefix: 'p:' }, 0);
  tier.keep(entryOf('p:3', 9), 0);
  assert.equal(tier.use('p:3', 0), undefined);
  tier.releaseWithheld(0);
  tier.keep(entryOf('p:3', 10), 0);
  assert.equal(tier.use('p:3', 0)?.position.number, 10);
});

test('a key that is set again is given out', () => {
  const tier = filled();
  tier.withhold({ kind: 'key', key: 'a' }, 0);
  tier.keep(entryOf('a', 9), 0);
  assert.equal(tier.use('a', 0)?.position.number, 9);
});

test('beyond the bound of selectors it withholds too much, never too little', () => {
  const tier = filled();
  tier.withhold({ kind: 'tag', tag: 'u' }, 0);
  for (let index = 0; index <= limits.watermarksPerNamespaceMax; index++) {
    tier.withhold({ kind: 'tag', tag: `other ${index}` }, 0);
  }
  assert.equal(tier.use('tagged', 0), undefined);
});
