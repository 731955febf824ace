// Goal: the model of what nodes cost finds the line that samples lie on, and projects it. Method: samples made from one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLine, fitScale, project } from '../../../bench/scale/fit.ts';
import type { ScaleSample } from '../../../bench/scale/sample-scale.ts';

function sampleOf(nodes: number): ScaleSample {
  const hearerChangeUs = nodes === 1 ? Number.NaN : 20;
  const rest = { redisRestUs: 10 + 100 * nodes, nodeRestUs: 5000 };
  return { nodes, ...rest, redisChangeUs: 60 + 2 * nodes, writerChangeUs: 200, hearerChangeUs };
}

test('points on a line give that line', () => {
  assert.deepEqual(
    fitLine([
      [1, 5],
      [2, 7],
      [4, 11],
    ]),
    { base: 3, perNode: 2 },
  );
});

test('a model is fitted by the medians of each size, and where nobody hears nothing is counted', () => {
  const outlier = { ...sampleOf(2), redisChangeUs: 5000 };
  const model = fitScale([sampleOf(1), sampleOf(2), sampleOf(2), outlier, sampleOf(4)]);
  assert.ok(Math.abs(model.redisChange.base - 60) < 1e-9 && Math.abs(model.redisChange.perNode - 2) < 1e-9);
  assert.equal(model.hearerChangeUs, 20);
});

test('a projection counts what is written, what is heard, and rest', () => {
  const model = fitScale([sampleOf(1), sampleOf(2), sampleOf(4)]);
  const { redisCores, nodeCores } = project(model, { nodes: 10, changesPerSecond: 1000, hearers: 5 });
  assert.ok(Math.abs(redisCores - (1000 * 70 + 1010) / 1e6) < 1e-9);
  assert.ok(Math.abs(nodeCores - (100 * 200 + 400 * 20 + 5000) / 1e6) < 1e-9);
});
