// Goal: what is told of the clients is what their drivers measured, beside the right peers. Method: made-up answers and
// samples, all alike but for a few.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer, type Sample, sampleOf } from '../../../bench/clients/answers.ts';
import { measurementsOf } from '../../../bench/clients/commands.ts';
import { clientsFigures } from '../../../bench/clients/figures.ts';
import { type LanguageName, languages } from '../../../bench/clients/languages.ts';
import { readClientsOptions } from '../../../bench/clients/options.ts';
import { figuresMarkdown } from '../../../bench/clients/report.ts';

const same: Sample = {
  ...{ perSecond: 1000, perCpuSecond: 2000, timed: 100, served: 1 },
  ...{ p50Us: 5000, p99Us: 20_000, maxUs: 30_000 },
};

function figuresOf(name: LanguageName, changed: Readonly<Record<string, readonly Partial<Sample>[]>>) {
  const measurements = measurementsOf({ hasNear: languages[name].hasNear, hasTtlCache: name === 'python' });
  const samples = measurements.map(({ id }) => [id, (changed[id] ?? [{}]).map((other) => ({ ...same, ...other }))]);
  const figures = clientsFigures(new Map([[name, new Map(samples as [string, Sample[]][])]]));
  return new Map(figures.map((figure) => [figure.id, figure]));
}

test('counted work is told by the second and by the second of CPU time', () => {
  const sample = sampleOf(readAnswer('{"operations": 300, "seconds": 2, "cpuSeconds": 0.5, "served": 0.9}'));
  assert.deepEqual([sample.perSecond, sample.perCpuSecond, sample.served], [150, 600, 0.9]);
});

test('timed work is told by its percentiles, in whatever order it came', () => {
  const samplesUs = Array.from({ length: 200 }, (_, at) => 200 - at);
  const sample = sampleOf(readAnswer(JSON.stringify({ samplesUs, perSecond: 7 })));
  const { p50Us, p99Us, maxUs, timed, perSecond } = sample;
  assert.deepEqual([p50Us, p99Us, maxUs, timed, perSecond], [100, 198, 200, 200, 7]);
});

test('a driver that failed, or measured nothing, is no measurement', () => {
  assert.throws(() => readAnswer('{"error": "no server"}'), /no server/);
  assert.throws(() => readAnswer('{"samplesUs": [], "perSecond": 1}'), /nothing/);
  assert.throws(() => readAnswer('{"operations": 0, "seconds": 1, "cpuSeconds": 1}'), /nothing/);
});

test('hits of the near cache are judged by the core, also beside cachetools', () => {
  const met = figuresOf('python', { 'hits.near': [{ perCpuSecond: 1e6 }], 'hits.ttlCache': [{ perCpuSecond: 1.2e6 }] });
  assert.equal(met.get('clients.python.hits.near')?.met, true);
  assert.equal(met.get('clients.python.hits.near.ttlCache')?.met, true);
  const missed = figuresOf('python', {
    'hits.near': [{ perCpuSecond: 9e5 }],
    'hits.ttlCache': [{ perCpuSecond: 2e6 }],
  });
  assert.equal(missed.get('clients.python.hits.near')?.met, false);
  assert.equal(missed.get('clients.python.hits.near.ttlCache')?.met, false);
  assert.equal(figuresOf('go', {}).has('clients.go.hits.near.ttlCache'), false);
});

test('a ratio is the median of those within each round', () => {
  const figures = figuresOf('go', {
    'get.64.client': [{ perSecond: 10 }, { perSecond: 300 }, { perSecond: 60 }],
    'get.64.stub': [{ perSecond: 10 }, { perSecond: 100 }, { perSecond: 120 }],
    'get.64.echo': [{ perSecond: 20 }, { perSecond: 600 }, { perSecond: 60 }],
    'get.64.batching': [{ perSecond: 20 }, { perSecond: 300 }, { perSecond: 240 }],
  });
  const ratios = ['client', 'client.toEcho', 'batching'].map((id) => figures.get(`clients.go.get.64.${id}`)?.ratio);
  assert.deepEqual(ratios, [1, 0.5, 2]);
});

test('less CPU time than the peer is a ratio above 1', () => {
  const figures = figuresOf('java', { 'get.1.client': [{ perCpuSecond: 4000 }] });
  const { value, ratio } = figures.get('clients.java.get.1.client.cpu')!;
  assert.deepEqual([value, ratio], [250, 2]);
});

test('latencies of getOrCompute are told beside those of the bare stub', () => {
  const figures = figuresOf('java', { 'compute.miss': [{ p50Us: 10_000, p99Us: 10_000 }] });
  assert.equal(figures.get('clients.java.compute.miss.p50')?.ratio, 0.5);
  assert.equal(figures.get('clients.java.compute.miss.p99')?.ratio, 2);
});

test('a change must be in a near cache within 20 ms at a thousand a second', () => {
  const id = 'clients.typescript.changes.1000.p99';
  assert.equal(figuresOf('typescript', { 'changes.1000': [{ p99Us: 20_000 }] }).get(id)?.met, true);
  const { value, met } = figuresOf('typescript', { 'changes.1000': [{ p99Us: 20_001 }] }).get(id)!;
  assert.deepEqual([value, met], [20.001, false]);
  assert.equal(figuresOf('typescript', {}).get('clients.typescript.changes.200.p99')?.goal, undefined);
});

test('a client without a near cache has no figures of one', () => {
  const ids = [...figuresOf('java', {}).keys()];
  assert.ok(ids.length > 0);
  assert.deepEqual(
    ids.filter((id) => /hits|changes/.test(id)),
    [],
  );
});

test('the figures are rows of a Markdown table', () => {
  const figure = {
    id: 'a',
    value: 3_210_000,
    unit: 'hits/CPU s',
    peer: 'b',
    ratio: 0.456,
    goal: 'value >= 1',
    met: true,
  };
  assert.equal(figuresMarkdown([figure]).split('\n')[2], '| a | 3.21 M hits/CPU s | b | 0.46 | value >= 1 | yes |');
});

test('languages are chosen by name', () => {
  assert.deepEqual(readClientsOptions(['--languages', 'go,java']).languages, ['go', 'java']);
  assert.equal(readClientsOptions([]).languages.length, 5);
  assert.throws(() => readClientsOptions(['--languages', 'cobol']), /typescript,python,asyncio,go,java/);
});
