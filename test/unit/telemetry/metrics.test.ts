// Goal: Prometheus can read what we count, and the table is the whole truth. Method: scrapes of sources made by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCacheCounters } from '../../../src/telemetry/cache-counters.ts';
import type { MetricSources, NamespaceMetrics } from '../../../src/telemetry/metric-sources.ts';
import { metricTable } from '../../../src/telemetry/metric-table.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { RequestLatencies } from '../../../src/telemetry/request-latencies.ts';

const NO_PROCESS = { ofProcess: false };

function namespaceMetrics(name: string): NamespaceMetrics {
  const usage = { entries: 3, weightBytes: 300, capacityBytes: 65_536, evictions: 2, expirations: 1 };
  return { name, counters: createCacheCounters(), usage, watermarks: 5, watermarkFolds: 0 };
}

function metricSources(namespaces: readonly NamespaceMetrics[] = [namespaceMetrics('orders')]): MetricSources {
  return {
    version: '1.2.3',
    latencies: new RequestLatencies(['reprise.v1.CacheService/Get']),
    ready: () => true,
    callsInFlight: () => 7,
    load: () => ({ pressure: 1.5, shed: new Map([['writes', 4]]) }),
    store: () => ({
      up: { reads: true, writes: false },
      breakers: { closed: 1, open: 0, halfOpen: 2 },
      opened: 3,
      refused: 4,
    }),
    deferred: () => ({ waiting: 3, oldestMs: 1500, counts: { deferred: 9, made: 5, dropped: 1, damaged: 2 } }),
    audit: () => ({ checks: { '1s': { agreed: 8, stale: 0, read_through: 1 } }, repairs: { stale: 0, foreign: 2 } }),
    namespaces: () => namespaces,
  };
}

async function lines(sources: MetricSources): Promise<string[]> {
  return (await createMetrics(sources, NO_PROCESS).render()).split('\n');
}

test('counters are read when they are scraped', async () => {
  const namespace = namespaceMetrics('orders');
  const metrics = createMetrics(metricSources([namespace]), NO_PROCESS);
  await metrics.render();
  namespace.counters.hits.fresh += 41;
  namespace.counters.hits.fresh++;
  assert.match(await metrics.render(), /^reprise_hits_total\{namespace="orders",kind="fresh"\} 42$/m);
});

test('a counter that stands at zero is shown', async () => {
  assert.ok((await lines(metricSources())).includes('reprise_misses_total{namespace="orders",reason="evicted"} 0'));
});

test('labels of several words are written with underscores', async () => {
  const shown = await lines(metricSources());
  assert.ok(shown.includes('reprise_sets_total{namespace="orders",outcome="fence_overtaken"} 0'));
  assert.ok(shown.includes('reprise_invalidations_total{namespace="orders",mode="mark_stale",selector="prefix"} 0'));
});

test('deferred invalidations are shown where there is a spool', async () => {
  const shown = await lines(metricSources());
  for (const line of [
    'reprise_spooled_invalidations 3',
    'reprise_spool_oldest_age_seconds 1.5',
    'reprise_invalidations_deferred_total 9',
    'reprise_invalidations_replayed_total{outcome="made"} 5',
    'reprise_invalidations_replayed_total{outcome="dropped"} 1',
    'reprise_spool_damaged_lines 2',
  ]) {
    assert.ok(shown.includes(line), line);
  }
  const without = await lines({ ...metricSources(), deferred: () => undefined });
  assert.ok(!without.some((line) => line.startsWith('reprise_spooled_invalidations ')));
});

test('usage and watermarks of a namespace are shown', async () => {
  const shown = await lines(metricSources());
  for (const [name, value] of [
    ['entries', 3],
    ['weight_bytes', 300],
    ['capacity_bytes', 65_536],
    ['watermarks', 5],
  ]) {
    assert.ok(shown.includes(`reprise_${name}{namespace="orders"} ${value}`), `${name}`);
  }
  assert.ok(shown.includes('reprise_evictions_total{namespace="orders"} 2'));
});

test('what can be used of the store, and what its breakers did, is shown', async () => {
  const shown = (await lines(metricSources())).filter((line) => line.startsWith('reprise_store_'));
  assert.deepEqual(shown, [
    'reprise_store_up{use="reads"} 1',
    'reprise_store_up{use="writes"} 0',
    'reprise_store_breakers{state="closed"} 1',
    'reprise_store_breakers{state="open"} 0',
    'reprise_store_breakers{state="half_open"} 2',
    'reprise_store_breakers_opened_total 3',
    'reprise_store_refused_total 4',
  ]);
});

test('latencies are a histogram in seconds with cumulative buckets, sum and count', async () => {
  const sources = metricSources();
  const get = sources.latencies.of('reprise.v1.CacheService/Get');
  for (const elapsedMs of [0.25, 3, 100_000]) get.observe(0, elapsedMs);
  const shown = (await lines(sources)).filter((line) => line.includes('reprise_request_duration_seconds'));
  const labels = 'rpc="reprise.v1.CacheService/Get",code="OK"';
  assert.ok(shown.includes('# TYPE reprise_request_duration_seconds histogram'));
  assert.ok(shown.includes(`reprise_request_duration_seconds_bucket{le="0.0001",${labels}} 0`));
  assert.ok(shown.includes(`reprise_request_duration_seconds_bucket{le="0.00025",${labels}} 1`));
  assert.ok(shown.includes(`reprise_request_duration_seconds_bucket{le="0.005",${labels}} 2`));
  assert.ok(shown.includes(`reprise_request_duration_seconds_bucket{le="60",${labels}} 2`));
  assert.ok(shown.includes(`reprise_request_duration_seconds_bucket{le="+Inf",${labels}} 3`));
  assert.ok(shown.includes(`reprise_request_duration_seconds_sum{${labels}} 100.00325`));
  assert.ok(shown.includes(`reprise_request_duration_seconds_count{${labels}} 3`));
});

test('every metric shown is in the table with its type and labels, and the other way round', async () => {
  const sources = metricSources();
  sources.latencies.of('reprise.v1.CacheService/Get').observe(0, 1);
  const shown = await lines(sources);
  const types = shown.filter((line) => line.startsWith('# TYPE ')).map((line) => line.slice('# TYPE '.length));
  assert.deepEqual(
    types.toSorted(),
    Object.values(metricTable)
      .map(({ name, type }) => `${name} ${type}`)
      .toSorted(),
  );
  for (const { name, labels } of Object.values(metricTable)) {
    const sample = shown.find((line) => line.replace('_count{', '{').match(new RegExp(`^${name}[ {]`)));
    const used = [...(sample ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
    assert.deepEqual(used.toSorted(), [...labels].toSorted(), name);
  }
});

test('names follow the rules: own prefix, unit or total last, a help', () => {
  for (const { name, type, help } of Object.values(metricTable)) {
    assert.match(name, /^reprise_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), type === 'counter', name);
    assert.match(help, /\. .*\.$/, name);
  }
});

test('a thousand namespaces are shown, one more is not', async () => {
  const many = Array.from({ length: 1001 }, (_, index) => namespaceMetrics(`n${index}`));
  const shown = (await lines(metricSources(many))).filter((line) => line.startsWith('reprise_entries{'));
  assert.equal(shown.length, 1000);
});

test('scrapes at the same time share one', async () => {
  let asked = 0;
  const namespaces = () => {
    asked++;
    return [];
  };
  const metrics = createMetrics({ ...metricSources(), namespaces }, NO_PROCESS);
  await Promise.all([metrics.render(), metrics.render(), metrics.render()]);
  assert.equal(asked, 1);
});

test('a failed scrape does not spoil the next', async () => {
  let broken = true;
  const namespaces = () => (broken ? Promise.reject(new Error('store away')) : []);
  const metrics = createMetrics({ ...metricSources(), namespaces }, NO_PROCESS);
  await assert.rejects(metrics.render(), /store away/);
  broken = false;
  assert.match(await metrics.render(), /reprise_ready 1/);
});

test('the metrics of the process are shown beside ours', async () => {
  const text = await createMetrics(metricSources()).render();
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds /m);
});

test('how hard load is shed is shown, and what was refused by group', async () => {
  const shown = await lines(metricSources());
  assert.ok(shown.includes('reprise_shed_pressure 1.5'));
  assert.ok(shown.includes('reprise_calls_shed_total{group="writes"} 4'));
});
