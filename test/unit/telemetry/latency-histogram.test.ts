// Goal: durations are counted where Prometheus expects them. Method: durations at, below and past the bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LatencyHistogram, latencyBoundsMs } from '../../../src/telemetry/latency-histogram.ts';
import { RequestLatencies } from '../../../src/telemetry/request-latencies.ts';

test('bounds rise', () => {
  assert.deepEqual(
    [...latencyBoundsMs],
    latencyBoundsMs.toSorted((a, b) => a - b),
  );
});

test('a duration at a bound counts in that bucket, one past it in the next', () => {
  const histogram = new LatencyHistogram();
  histogram.observe(0.05);
  histogram.observe(0.0500001);
  assert.deepEqual(histogram.cumulativeCounts().slice(0, 3), [1, 2, 2]);
});

test('what is slower than every bound counts in the last bucket only', () => {
  const histogram = new LatencyHistogram();
  histogram.observe(60_001);
  assert.deepEqual(histogram.cumulativeCounts().slice(-2), [0, 1]);
});

test('a negative duration counts as 0', () => {
  const histogram = new LatencyHistogram();
  histogram.observe(-1);
  assert.equal(histogram.sumMs, 0);
  assert.equal(histogram.cumulativeCounts()[0], 1);
});

test('counts and sum agree with the plain reckoning', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100_000, noNaN: true })), (durations) => {
      const histogram = new LatencyHistogram();
      for (const duration of durations) histogram.observe(duration);
      const bounds = [...latencyBoundsMs, Number.POSITIVE_INFINITY];
      const expected = bounds.map((bound) => durations.filter((duration) => duration <= bound).length);
      assert.deepEqual(histogram.cumulativeCounts(), expected);
      assert.equal(
        histogram.sumMs,
        durations.reduce((sum, duration) => sum + duration, 0),
      );
    }),
  );
});

test('series appear with the first call of an RPC and code', () => {
  const latencies = new RequestLatencies(['A/Get', 'A/Set']);
  assert.deepEqual(latencies.series(), []);
  latencies.of('A/Get').observe(0, 1);
  latencies.of('A/Get').observe(0, 1);
  latencies.of('A/Get').observe(3, 1);
  const series = latencies.series().map(({ rpc, code, histogram }) => [rpc, code, histogram.cumulativeCounts().at(-1)]);
  assert.deepEqual(series, [
    ['A/Get', 'OK', 2],
    ['A/Get', 'INVALID_ARGUMENT', 1],
  ]);
});

test('a number that is no status code counts as UNKNOWN', () => {
  const latencies = new RequestLatencies(['A/Get']);
  for (const code of [17, -1, 1.5, 1000]) latencies.of('A/Get').observe(code, 1);
  assert.deepEqual(
    latencies.series().map(({ code }) => code),
    ['UNKNOWN'],
  );
});

test('an RPC outside the table can not be counted', () => {
  assert.throws(() => new RequestLatencies(['A/Get']).of('A/Anything'), /not among the RPCs/);
});
