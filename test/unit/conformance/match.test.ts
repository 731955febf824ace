// Goal: an expectation of a scenario says what it means, and fails where it is not met. Method: pairs of both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, mismatch } from '../../../clients/conformance/runner/match.ts';

const met: readonly [unknown, unknown][] = [
  [1, 1],
  [{ a: 1 }, { a: 1, b: 2 }],
  [
    [1, { a: 2 }],
    [1, { a: 2, b: 3 }],
  ],
  [false, undefined],
  [[], undefined],
  ['$any', 0],
  ['$absent', ''],
  ['$text', 'x'],
  ['$number', 0],
  [{ $range: [1, 2] }, 2],
  [{ $oneOf: [1, { a: 1 }] }, { a: 1 }],
  [{ $not: 1 }, 2],
  [{ $length: { $range: [1, 2] } }, ['x']],
  [{ $includes: [{ a: 1 }, { a: 2 }] }, [{ a: 2 }, { a: 3 }, { a: 1 }]],
  [{ $excludes: { a: 1 } }, [{ a: 2 }]],
  [{ $matches: '^[0-9]+$' }, '12'],
  [{ $allSame: 'a.b' }, [{ a: { b: 1 } }, { a: { b: 1 } }]],
  [{ $repeats: 'a' }, [{ a: 1 }, { a: 2 }, { a: 1 }]],
  [{ json: { a: [null] } }, { json: { a: [null] } }],
];

const unmet: readonly [unknown, unknown][] = [
  [1, 2],
  [1, '1'],
  [{ a: 1 }, { b: 1 }],
  [{ a: 1 }, undefined],
  [[1], [1, 2]],
  [[{ a: 1 }], [{ a: 2 }]],
  [[], [1]],
  [false, 0],
  ['$any', ''],
  ['$absent', 0],
  ['$text', ''],
  ['$number', '1'],
  [{ $range: [1, 2] }, 3],
  [{ $range: [1, 2] }, undefined],
  [{ $oneOf: [1, 2] }, 3],
  [{ $not: 1 }, 1],
  [{ $length: 2 }, [1]],
  [{ $length: 0 }, undefined],
  [{ $includes: [1, 2] }, [1]],
  [{ $excludes: 1 }, [2, 1]],
  [{ $matches: '^[0-9]+$' }, '1x'],
  [{ $allSame: 'a' }, [{ a: 1 }, { a: 2 }]],
  [{ $allSame: 'a' }, [{}, {}]],
  [{ $allSame: 'a' }, []],
  [{ $repeats: 'a' }, [{ a: 1 }, { a: 2 }]],
  [{ json: null }, {}],
  [{ json: {} }, { json: { a: 1 } }],
  [{ json: false }, { json: null }],
];

test('what is as expected is', () => {
  for (const [expected, actual] of met) assert.equal(mismatch(expected, actual), undefined, JSON.stringify(expected));
});

test('what is not as expected is not', () => {
  for (const [expected, actual] of unmet)
    assert.notEqual(mismatch(expected, actual), undefined, JSON.stringify(expected));
});

test('a mismatch says where it is', () => {
  assert.equal(mismatch({ a: [{ b: 1 }] }, { a: [{ b: 2 }] }), 'a[0].b is 2, expected 1');
});

test('a path leads into lists and objects', () => {
  assert.equal(at({ a: [{ b: 1 }] }, 'a[0].b'), 1);
  assert.equal(at({ a: [{ b: 1 }] }, '.a[1].b'), undefined);
  assert.equal(at(1, ''), 1);
});
