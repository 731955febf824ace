// Goal: tables line up. Method: the whole text of a small one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf, formatAmount, formatCount, formatTable } from '../../../bench/support/table.ts';

test('words go left, numbers right, columns are as wide as their widest cell', () => {
  const table = formatTable(columnsOf('name', '>calls', 'met'), [
    ['a', '1', 'yes'],
    ['longer', '12 345', ''],
  ]);
  assert.equal(
    table,
    ['name     calls  met', '------  ------  ---', 'a            1  yes', 'longer  12 345', ''].join('\n'),
  );
});

test('counts have groups of three digits', () => {
  assert.deepEqual([0, 999, 1000, 1234567.4].map(formatCount), ['0', '999', '1 000', '1 234 567']);
});

test('amounts have about three significant digits', () => {
  assert.deepEqual([0.1234, 1.234, 12.34, 1234].map(formatAmount), ['0.123', '1.23', '12.3', '1 234']);
});
