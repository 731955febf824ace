import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { context, metrics, propagation, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { connect } from '../../src/index.ts';
import { type Server, startServer } from '../support/server.ts';
import { until } from '../support/until.ts';

// An application with OpenTelemetry: its metrics have the client's figures, its traces go on at the server.

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
const provider = new MeterProvider({ readers: [reader] });
let server: Server;

before(async () => {
  metrics.setGlobalMeterProvider(provider);
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  server = await startServer();
});
after(async () => {
  await provider.shutdown();
  await server[Symbol.asyncDispose]();
});

/** Returns what the newest export says: the values by metric and attributes. */
async function collected(): Promise<Map<string, unknown>> {
  await reader.forceFlush();
  const points = exporter
    .getMetrics()
    .at(-1)!
    .scopeMetrics.flatMap((scope) => scope.metrics)
    .flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(
        ({ attributes, value }) => [`${descriptor.name} ${Object.values(attributes).join(' ')}`.trim(), value] as const,
      ),
    );
  return new Map(points);
}

test('calls are counted by method and outcome, and timed', async () => {
  await using client = await connect(server.address);
  await client.set('a', 1);
  await client.get('a');
  await assert.rejects(client.get(''));
  const values = await collected();
  assert.equal(values.get('reprise.client.calls Set OK'), 1);
  assert.equal(values.get('reprise.client.calls Get OK'), 1);
  assert.equal(values.get('reprise.client.calls Get KEY_INVALID'), 1);
  const duration = values.get('reprise.client.call.duration Get') as { count: number; sum: number };
  assert.ok(duration.count === 2 && duration.sum > 0 && duration.sum < 60);
});

test('the near cache`s figures are read when somebody collects, and no more after the end', async () => {
  const client = await connect(server.address, { nearCache: true });
  await until(() => client.nearStats()!.serving, 'the near cache to be proven');
  await client.set('b', 1);
  await until(async () => (await client.get('b')).kind === 'hit' && client.nearStats()!.hits > 0, 'a near hit');
  const { hits } = client.nearStats()!;
  const values = await collected();
  assert.equal(values.get('reprise.client.near_cache.hits'), hits);
  assert.equal(values.get('reprise.client.near_cache.entries'), 1);
  assert.equal(typeof values.get('reprise.client.near_cache.refused_inserts'), 'number');
  assert.equal(typeof values.get('reprise.client.near_cache.drops own'), 'number');
  client.close();
});

test('the trace of the caller goes on at the server', async () => {
  await using client = await connect(server.address);
  await using listener = await connect(server.address);
  const subscription = listener.subscribe();
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  const span = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags: TraceFlags.SAMPLED,
  };
  await context.with(trace.setSpanContext(ROOT_CONTEXT, span), () => client.set('traced', 1));
  for await (const change of subscription.changes) {
    assert.equal(change.traceparent, `00-${span.traceId}-${span.spanId}-01`);
    break;
  }
});
