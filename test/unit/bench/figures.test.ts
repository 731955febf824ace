// Goal: figures compare what ran in the same launch and judge their goals. Method: made-up samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../../../bench/run/figures.ts';
import type { Measured, Sample } from '../../../bench/run/measured.ts';
import { barChartsSvg } from '../../../bench/support/svg.ts';

function measured(id: string, launches: Measured['launches'], keysPerCall = 1): Measured {
  return { contestant: { id, title: id, protocol: 'test', keysPerCall }, launches };
}

const launch = (...rates: readonly number[]): readonly Sample[] =>
  rates.map((callsPerSecond) => ({ callsPerSecond, cpuUsPerCall: 1e6 / callsPerSecond }));

test('a ratio is the median of the ratios of each launch, above 1 is better', () => {
  const ours = measured('reprise.get', [launch(90), launch(45), launch(95)]);
  const theirs = measured('echo.get', [launch(100), launch(50), launch(100)]);
  const [throughput, cpu] = figuresOf([ours, theirs], [1], { manyUs: 1, oneUs: 1 });
  assert.deepEqual([throughput?.ratio, throughput?.goal, throughput?.met], [0.9, 'ratio >= 0.9', true]);
  assert.ok(Math.abs(cpu!.ratio! - 0.9) < 1e-9);
});

test('CPU time is told by median and by the least sample, each with its ratio', () => {
  const ours = measured('reprise.get', [launch(5_000, 5_000), launch(4_000, 10_000), launch(5_000, 5_000)]);
  const theirs = measured('echo.get', [launch(10_000), launch(10_000), launch(12_500)]);
  const [, cpu] = figuresOf([ours, theirs], [1], { manyUs: 1, oneUs: 1 });
  assert.deepEqual([cpu?.value, cpu?.ratio, cpu?.least, cpu?.leastRatio], [200, 0.5, 100, 0.8]);
});

test('a batch is told in keys and judged by its value', () => {
  const ours = measured('reprise.batchGet', [launch(5999)], 100);
  const theirs = measured('echo.batchGet', [launch(5999)], 100);
  const [throughput] = figuresOf([ours, theirs], [1], { manyUs: 1, oneUs: 1 });
  assert.deepEqual([throughput?.value, throughput?.unit, throughput?.met], [599_900, 'keys/s', false]);
});

test('peers that did not run are left out, those without a peer are always judged', () => {
  const figures = figuresOf([measured('reprise.get', [launch(1)])], [400, 500, 700], { manyUs: 1, oneUs: 1 });
  assert.deepEqual(
    figures.map(({ id, value, met }) => [id, value, met]),
    [
      ['store.invalidateTag.1M', 1, true],
      ['reprise.start', 500, true],
    ],
  );
});

test('a chart escapes its labels and its longest bar is the largest value', () => {
  const bars = [
    { label: 'a<b', value: 50, text: '50', isOurs: true },
    { label: 'c', value: 100, text: '100', isOurs: false },
  ];
  const svg = barChartsSvg([{ title: 'A & B', bars }]);
  assert.match(svg, /A &amp; B/);
  assert.match(svg, /a&lt;b/);
  assert.match(svg, /width="195"[^>]*#1f6feb/);
  assert.match(svg, /width="390"/);
});
