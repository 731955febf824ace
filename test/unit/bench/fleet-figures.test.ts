// Goal: the fleet's figures have their peers, ratios and goals. Method: made-up samples, all alike but for a few.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetFigures } from '../../../bench/fleet/figures.ts';
import type { AloneSample, BusySample, ChangeSample } from '../../../bench/fleet/numbers.ts';

const groups = {
  get: ['redis', 'redisAuto', 'echo', 'l1', 'l2'],
  set: ['redis', 'redisAuto', 'echo', 'node'],
  batch: ['redis', 'redisAuto', 'echo', 'l1', 'l2'],
} as const;
const ids = Object.entries(groups).flatMap(([group, servers]) => servers.map((server) => `${server}.${group}`));

const alone: AloneSample = { p50Us: 100, p99Us: 1000 };
const cpu = { serverCpuUs: 50, redisCpuUs: 10, otherCpuUs: 5, loadCpuShare: 0.5 };
const busy: BusySample = { ...alone, ...cpu, callsPerSecond: 1000 };
const change: ChangeSample = {
  ...{ changesPerSecond: 1000, timed: 3000, p50Ms: 1, p99Ms: 20, maxMs: 30 },
  ...{ nodeCpuUs: 100, otherCpuUs: 20, redisCpuUs: 40 },
};

interface Changed {
  readonly alone?: Readonly<Record<string, readonly AloneSample[]>>;
  readonly busy?: Readonly<Record<string, readonly BusySample[]>>;
  readonly changes?: Readonly<Record<string, readonly ChangeSample[]>>;
}

function figureOf(id: string, changed: Changed) {
  const all = <Sample>(names: readonly string[], sample: Sample, other: Readonly<Record<string, readonly Sample[]>>) =>
    new Map(names.map((name) => [name, other[name] ?? [sample]]));
  const figures = fleetFigures({
    alone: all(ids, alone, changed.alone ?? {}),
    busy: all(ids, busy, changed.busy ?? {}),
    changes: all(['1000.subscriber', '1000.l1', '3000.subscriber', '3000.l1'], change, changed.changes ?? {}),
  });
  return figures.find((figure) => figure.id === id);
}

test('a hit of L2 adds what it takes more than the faster way to Redis, beside the echo', () => {
  const figure = figureOf('fleet.l2.get.added', {
    alone: {
      'l2.get': [{ ...alone, p50Us: 310 }],
      'redisAuto.get': [{ ...alone, p50Us: 90 }],
      'echo.get': [{ ...alone, p50Us: 200 }],
    },
  });
  const { value, peer, met, goal } = figure!;
  assert.deepEqual([value, peer, goal, met], [220, 'echo.get', 'ratio >= 0.91', false]);
  assert.equal(figure?.ratio, 200 / 220);
});

test('throughput is compared with the faster way to Redis, in keys where a call has many', () => {
  const figure = figureOf('fleet.l1.batch.throughput', {
    busy: { 'l1.batch': [{ ...busy, callsPerSecond: 1500 }], 'redis.batch': [{ ...busy, callsPerSecond: 1200 }] },
  });
  const { value, unit, peer, ratio, met } = figure!;
  assert.deepEqual([value, unit, peer, ratio, met], [150_000, 'keys/s', 'redis.batch', 1.25, true]);
});

test('CPU time of the node is compared with the echo, that of Redis with the direct call', () => {
  const changed = { busy: { 'node.set': [{ ...busy, serverCpuUs: 100, redisCpuUs: 40 }] } };
  const node = figureOf('fleet.node.set.cpu.node', changed);
  assert.deepEqual([node?.value, node?.peer, node?.ratio], [100, 'echo.set', 0.5]);
  const redis = figureOf('fleet.node.set.cpu.redis', changed);
  assert.deepEqual([redis?.value, redis?.ratio], [40, 0.25]);
  assert.equal(figureOf('fleet.node.set.cpu.other', changed)?.value, 5);
});

test('a change must be everywhere within 20 ms at a thousand a second; the worst is told of all rounds', () => {
  const changed = { changes: { '1000.l1': [change, { ...change, p99Ms: 22, maxMs: 90 }] } };
  assert.equal(figureOf('fleet.change.1000.l1.p99', changed)?.met, false);
  assert.equal(figureOf('fleet.change.1000.l1.max', changed)?.value, 90);
  assert.equal(figureOf('fleet.change.1000.subscriber.p99', changed)?.met, true);
  assert.equal(figureOf('fleet.change.3000.l1.p99', changed)?.goal, undefined);
});
