import type { LoadShedder } from '../api/load-shedder.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { OpsServer } from '../telemetry/ops-server.ts';
import type { CallMeter } from './call-meter.ts';
import { alwaysAvailable, degradedBecause } from './follow-availability.ts';
import type { Heart } from './heart.ts';
import { namespaceMetrics } from './namespace-metrics.ts';
import type { ServerParts } from './server-parts.ts';
import { version } from './version.ts';

/** Whether callers should come here. */
export interface Readiness {
  notReadyBecause: string | undefined;
}

/** What is measured beside the heart. */
export interface MeasuredParts {
  readonly meter: CallMeter;
  readonly shedder: LoadShedder;
  readonly readiness: Readiness;
}

/** Makes the port of metrics and probes; `undefined` if it is off. */
export function opsServer(
  { config, log, availability = alwaysAvailable }: ServerParts,
  metrics: () => Promise<Metrics>,
  readiness: Readiness,
): OpsServer | undefined {
  if (config.opsListen === 'off') return undefined;
  return new OpsServer({
    ...config.opsListen,
    metrics,
    notReadyBecause: () => readiness.notReadyBecause,
    degradedBecause: () => degradedBecause(availability.state),
    log,
  });
}

/** Returns who loads the metrics, once. */
export function metricsLoader(
  { store, availability = alwaysAvailable, audit = () => undefined }: ServerParts,
  { namespaces, deferred }: Heart,
  { meter, shedder, readiness }: MeasuredParts,
): () => Promise<Metrics> {
  let metrics: Promise<Metrics> | undefined;
  const load = async (): Promise<Metrics> => {
    const { createMetrics } = await import('../telemetry/metrics.ts');
    return createMetrics({
      version,
      latencies: meter.latencies,
      ready: () => readiness.notReadyBecause === undefined,
      callsInFlight: () => meter.inFlight,
      load: () => shedder,
      store: () => ({ up: availability.state, ...availability.counts }),
      deferred: () => deferred,
      audit,
      namespaces: () => namespaceMetrics(store, namespaces.all()),
    });
  };
  return () => {
    metrics ??= load();
    return metrics;
  };
}
