// Goal: launches weigh the same, however many rounds or outliers they have. Method: made-up samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leastOf, type Measured, medianOf, medianRatio, type Sample, spreadOf } from '../../../bench/run/measured.ts';

const cpuUsPerCall = (sample: Sample): number => sample.cpuUsPerCall;

function measured(...launches: readonly (readonly number[])[]): Measured {
  const contestant = { id: 'a', title: 'a', protocol: 'test', keysPerCall: 1 };
  return { contestant, launches: launches.map((costs) => costs.map(sampleOf)) };
}

function sampleOf(cpuUs: number): Sample {
  return { callsPerSecond: 1, cpuUsPerCall: cpuUs };
}

test('the median is that of the medians of the launches', () => {
  assert.equal(medianOf(measured([10, 10, 10], [20, 21, 22], [30, 30, 99]), cpuUsPerCall), 21);
});

test('a ratio pairs the launches', () => {
  const over = measured([10], [40], [90]);
  assert.equal(medianRatio(over, measured([10], [20], [30]), cpuUsPerCall), 2);
});

test('the least is that of all rounds', () => {
  assert.equal(leastOf(measured([10, 12], [30, 9, 30]), cpuUsPerCall), 9);
});

test('the spread is that of the launches, not of the rounds in them', () => {
  assert.equal(spreadOf(measured([8, 12], [19, 21], [30, 30]), cpuUsPerCall), 1);
});
