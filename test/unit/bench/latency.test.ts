// Goal: percentiles are exact. Method: samples whose percentiles are known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatencyRecorder, percentile } from '../../../bench/demo/latency.ts';
import { median } from '../../../bench/support/medians.ts';

test('percentiles are nearest ranks, also beyond the first block of samples', () => {
  const recorder = new LatencyRecorder();
  for (let ms = 5000; ms >= 1; ms -= 1) recorder.record(ms);
  const expected = { count: 5000, p50Ms: 2500, p90Ms: 4500, p99Ms: 4950, maxMs: 5000 };
  assert.deepEqual(recorder.summary(), expected);
});

test('one sample is every percentile', () => {
  for (const share of [0, 0.5, 0.99, 1]) assert.equal(percentile([7], share), 7);
});

test('nothing recorded is zeros', () => {
  assert.deepEqual(new LatencyRecorder().summary(), { count: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 });
});

test('the median is the middle one, or the mean of the two in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});
