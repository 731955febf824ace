// Goal: figures compare what ran in the same round and judge their goals. Method: made-up samples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresOf } from '../../../bench/run/figures.ts';
import type { Measured, Sample } from '../../../bench/run/rounds.ts';
import { barChartsSvg } from '../../../bench/support/svg.ts';

function measured(id: string, samples: readonly Sample[], keysPerCall = 1): Measured {
  const rest = { title: id, protocol: 'test', pid: 1, keysPerCall };
  const unused = async (): Promise<never> => assert.fail('not driven');
  return { contestant: { id, ...rest, verify: unused, drive: unused }, samples };
}

const rounds = (rates: readonly number[]): readonly Sample[] =>
  rates.map((callsPerSecond) => ({ callsPerSecond, cpuUsPerCall: 1e6 / callsPerSecond }));

test('a ratio is the median of the ratios of each round, above 1 is better', () => {
  const ours = measured('reprise.get', rounds([90, 45, 95]));
  const theirs = measured('echo.get', rounds([100, 50, 100]));
  const [throughput, cpu] = figuresOf([ours, theirs], [1], { manyUs: 1, oneUs: 1 });
  assert.deepEqual([throughput?.ratio, throughput?.goal, throughput?.met], [0.9, 'ratio >= 0.9', true]);
  assert.ok(Math.abs(cpu!.ratio! - 0.9) < 1e-9);
});

test('a batch is told in keys and judged by its value', () => {
  const ours = measured('reprise.batchGet', rounds([5999]), 100);
  const theirs = measured('echo.batchGet', rounds([5999]), 100);
  const [throughput] = figuresOf([ours, theirs], [1], { manyUs: 1, oneUs: 1 });
  assert.deepEqual([throughput?.value, throughput?.unit, throughput?.met], [599_900, 'keys/s', false]);
});

test('peers that did not run are left out, those without a peer are always judged', () => {
  const figures = figuresOf([measured('reprise.get', rounds([1]))], [400, 500, 700], { manyUs: 1, oneUs: 1 });
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
