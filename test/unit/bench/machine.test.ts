// Goal: CPU time and stolen time are read right from /proc. Method: lines as Linux writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCpuTimeUs } from '../../../bench/support/cpu-time.ts';
import { parseStealTicks, stolenShare } from '../../../bench/support/machine.ts';

test('user and system time are added up, whatever the name of the program is', () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '9'), '250', '50', '0', '0'];
  assert.equal(parseCpuTimeUs(`77 (node (main) x) ${fields.join(' ')}`), 3_000_000);
});

test('the share of stolen time is that between two readings', () => {
  const before = parseStealTicks('cpu  100 0 50 800 20 0 10 20 0 0\ncpu0 1 1\n');
  const after = parseStealTicks('cpu  180 0 50 800 20 0 10 40 0 0\ncpu0 1 1\n');
  assert.deepEqual(before, { total: 1000, stolen: 20 });
  assert.equal(stolenShare(before, after), 0.2);
});
