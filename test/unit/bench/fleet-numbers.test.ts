// Goal: figures of the fleet compare what ran in the same round. Method: made-up samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addedLatency, leastOf, medianRatio, samplesOf, strongest } from '../../../bench/fleet/numbers.ts';

const p50 = (...times: readonly number[]) => times.map((p50Us) => ({ p50Us, p99Us: p50Us * 10 }));

test('a ratio pairs the rounds', () => {
  assert.equal(
    medianRatio(p50(10, 40, 90), p50(10, 20, 30), (sample) => sample.p50Us),
    2,
  );
});

test('what is added is that of each round, beside the echo of the same round', () => {
  const added = addedLatency(p50(300, 900, 350), p50(100, 500, 100), p50(100, 300, 125));
  assert.deepEqual(added, { addedUs: 250, ratio: 0.5, leastUs: 200, leastRatio: 0.5 });
});

test('the strongest of several is the one whose median is best, one outlier or not', () => {
  const samples = new Map([
    ['a', p50(10, 10, 99)],
    ['b', p50(11, 1, 11)],
  ]);
  assert.equal(
    strongest(samples, ['b', 'a'], (sample) => sample.p50Us, 'least'),
    'a',
  );
  assert.equal(
    strongest(samples, ['a', 'b'], (sample) => sample.p50Us, 'most'),
    'b',
  );
  assert.equal(
    leastOf(samplesOf(samples, 'b'), (sample) => sample.p99Us),
    10,
  );
});

test('what was not measured is said by name', () => {
  assert.throws(() => samplesOf(new Map(), 'l2.get'), /l2\.get was not measured/);
});
