import type * as Otel from '@opentelemetry/api';
import type { NearStats } from '../near/near-stats.ts';
import { noTelemetry, type Telemetry } from './telemetry.ts';
import { callTracer, headersOf, rpcNameOf, UNTRACED } from './trace-call.ts';

const NAME = 'reprise-client';

/** Returns what tells the application's OpenTelemetry; nothing where the application has none. */
export async function loadTelemetry(): Promise<Telemetry> {
  try {
    return telemetryOf(await import('@opentelemetry/api'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return noTelemetry;
    throw error;
  }
}

function telemetryOf(api: typeof Otel): Telemetry {
  const meter = api.metrics.getMeter(NAME);
  const traceCall = callTracer(api, NAME);
  const calls = meter.createCounter('reprise.client.calls', {
    description: 'Calls, by method and outcome',
    unit: '{call}',
  });
  const durations = meter.createHistogram('reprise.client.call.duration', {
    description: 'Time that calls took, retries included',
    unit: 's',
  });
  return {
    callBegan(path, isOwn) {
      const name = rpcNameOf(path);
      const traced = isOwn ? UNTRACED : traceCall(name);
      return {
        headers: traced.headers,
        run: traced.run,
        ended(outcome, durationMs) {
          traced.ended(outcome);
          calls.add(1, { method: name.method, outcome });
          durations.record(durationMs / 1000, { method: name.method });
        },
      };
    },
    watchNearCache: (read) => watchNearCache(meter, read),
    traceHeaders: () => headersOf(api, api.context.active()),
  };
}

function watchNearCache(meter: Otel.Meter, read: () => NearStats): () => void {
  const named = (name: string): string => `reprise.client.near_cache.${name}`;
  const counters = COUNTED.map((figure) => [figure, meter.createObservableCounter(named(snake(figure)))] as const);
  const drops = meter.createObservableCounter(named('drops'));
  const gauges = HELD.map((figure) => [figure, meter.createObservableGauge(named(figure))] as const);
  const observed = [...counters, ...gauges];
  const instruments = [...observed.map(([, instrument]) => instrument), drops];
  const observe: Otel.BatchObservableCallback = (result) => {
    const stats = read();
    for (const [figure, instrument] of observed) result.observe(instrument, stats[figure]);
    for (const [cause, count] of Object.entries(stats.drops)) result.observe(drops, count, { cause });
  };
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

const COUNTED = ['hits', 'misses', 'evictions', 'resets', 'proofs', 'refusedInserts'] as const;
const HELD = ['entries', 'bytes'] as const;

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
