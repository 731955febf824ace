import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  context,
  createTraceState,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { connect } from '../../src/index.ts';
import { loadTelemetry } from '../../src/telemetry/open-telemetry.ts';
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
  await tracing.shutdown();
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
  await using client = await connect(server.address, { timeoutMs: 20_000 });
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
  const client = await connect(server.address, { nearCache: true, timeoutMs: 20_000 });
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

const PARENT = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};
const CALLER = trace.setSpanContext(ROOT_CONTEXT, PARENT);

/** Lets a client write in the trace of a caller, and returns the trace that the server heard of. */
async function heardTrace(): Promise<string> {
  await using client = await connect(server.address, { timeoutMs: 20_000 });
  await using listener = await connect(server.address, { timeoutMs: 20_000 });
  const subscription = listener.subscribe();
  await until(() => subscription.state === 'READY', 'the subscription to be ready');
  await context.with(CALLER, () => client.set('traced', 1));
  for await (const { traceparent } of subscription.changes) return traceparent;
  throw new Error('the subscription ended');
}

// The first of the tests with traces: from the next on there is a tracer.
test('without a tracer the trace of the caller goes on at the server', async () => {
  assert.equal(await heardTrace(), `00-${PARENT.traceId}-${PARENT.spanId}-01`);
});

const spans = new InMemorySpanExporter();
const tracing = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });

/** From now on there is a tracer, and nothing finished yet. */
function traceAnew(): void {
  trace.setGlobalTracerProvider(tracing);
  spans.reset();
}

async function finishedSpans(): Promise<ReadableSpan[]> {
  await tracing.forceFlush();
  return spans.getFinishedSpans();
}

test('each call is a client span in the trace of its caller, and the server`s part is its child', async () => {
  traceAnew();
  const heard = await heardTrace();
  const [span, ...others] = await finishedSpans();
  assert.ok(span !== undefined && others.length === 0);
  const { traceId, spanId } = span.spanContext();
  assert.equal(heard, `00-${traceId}-${spanId}-01`);
  assert.deepEqual([traceId, span.parentSpanContext?.spanId], [PARENT.traceId, PARENT.spanId]);
  assert.deepEqual(
    [span.name, span.kind, span.status.code],
    ['reprise.client/Set', SpanKind.CLIENT, SpanStatusCode.UNSET],
  );
  assert.deepEqual(span.attributes, {
    'rpc.system': 'grpc',
    'rpc.service': 'reprise.v1.CacheService',
    'rpc.method': 'Set',
    'reprise.outcome': 'OK',
  });
});

test('the span of a call that fails says how, and ends', async () => {
  traceAnew();
  await using client = await connect(server.address, { timeoutMs: 20_000 });
  await assert.rejects(client.get(''));
  await assert.rejects(client.get('a', { signal: AbortSignal.abort() }));
  await assert.rejects(client.delete('a', { signal: AbortSignal.abort() }));
  const told = (await finishedSpans()).map(({ name, status, attributes }) => [
    name,
    status.code,
    attributes['reprise.outcome'],
  ]);
  assert.deepEqual(told, [
    ['reprise.client/Get', SpanStatusCode.ERROR, 'KEY_INVALID'],
    ['reprise.client/Delete', SpanStatusCode.ERROR, 'CANCELLED'],
  ]);
});

test('tracestate goes along, and what a call does is within its span', async () => {
  traceAnew();
  const telemetry = await loadTelemetry();
  const traceState = createTraceState('vendor=1');
  const caller = trace.setSpanContext(ROOT_CONTEXT, { ...PARENT, traceState });
  const call = context.with(caller, () => telemetry.callBegan('/reprise.v1.CacheService/Get', false));
  const { spanId } = call.run(() => trace.getActiveSpan()!.spanContext());
  assert.deepEqual(call.headers, { traceparent: `00-${PARENT.traceId}-${spanId}-01`, tracestate: 'vendor=1' });
  assert.notEqual(spanId, PARENT.spanId);
  call.ended('OK', 1);
});

test('near hits are no spans, nor what the near cache asks for itself', async () => {
  await using client = await connect(server.address, { nearCache: { maxLagMs: 400 }, timeoutMs: 20_000 });
  await client.set('near', 1);
  const isHit = async (): Promise<boolean> => {
    const { hits } = client.nearStats()!;
    await client.get('near');
    return client.nearStats()!.hits > hits;
  };
  await until(isHit, 'a near hit');
  traceAnew();
  const { proofs, misses } = client.nearStats()!;
  await until(async () => {
    client.peek('near');
    await client.get('near');
    return client.nearStats()!.proofs > proofs;
  }, 'another proof');
  // On a slow machine a proof may come late, and a get then goes to the server.
  assert.equal((await finishedSpans()).length, client.nearStats()!.misses - misses);
});
