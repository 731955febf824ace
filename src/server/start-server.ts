import { adminService } from '../api/admin-service.ts';
import { cacheService } from '../api/cache-service.ts';
import { GrpcServer, type ServiceDefinition } from '../api/grpc-server.ts';
import { Health } from '../api/health.ts';
import { invalidationService } from '../api/invalidation-service.ts';
import { serverCredentials } from '../api/server-credentials.ts';
import type { ServiceParts } from '../api/service-parts.ts';
import { streamEncoder } from '../api/stream-encoder.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { CacheManager } from '../cache/cache-manager.ts';
import { LeaseWaiters } from '../cache/lease-waiters.ts';
import { NamespaceRegistry } from '../cache/namespace-registry.ts';
import { Sweeper, type SweptStore } from '../cache/sweeper.ts';
import { TokenSealer } from '../cache/token-sealer.ts';
import { formatAddress } from '../config/address.ts';
import type { Config } from '../config/config.ts';
import { AdminServiceService } from '../gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../gen/reprise/v1/cache_service.ts';
import { InvalidationServiceService } from '../gen/reprise/v1/invalidation_service.ts';
import { InvalidationHub } from '../invalidation/invalidation-hub.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import type { Change, Store } from '../store/store.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { OpsServer } from '../telemetry/ops-server.ts';
import { CallMeter } from './call-meter.ts';
import { followNamespaces } from './follow-namespaces.ts';
import { namespaceMetrics } from './namespace-metrics.ts';
import { repeat } from './repeat.ts';
import { version } from './version.ts';

/** What a server is made of. It closes the store and the documents when it has drained. */
export interface ServerParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly store: Store;
  readonly documents: ControlDocuments;
  /** Makes entries leave whose time is over, a bounded number at a time. */
  readonly expireDue: () => void;
  /** The store, if it leaves it to the server to settle what its watermarks say. */
  readonly swept?: SweptStore;
}

/** A server that answers calls. */
export interface RunningServer {
  readonly port: number;
  /** Absent when metrics and probes are off. */
  readonly opsPort: number | undefined;
  /** Resolves when reflection answers too and metrics are loaded, a moment after all else: callers don't wait for it. */
  readonly complete: Promise<void>;
  /** Sends callers away, waits for calls in flight, stops. Returns true if all were answered in time. */
  drain(): Promise<boolean>;
}

interface Readiness {
  notReadyBecause: string | undefined;
}

const SERVICES: readonly ServiceDefinition[] = [CacheServiceService, InvalidationServiceService, AdminServiceService];
const EXPIRY_INTERVAL_MS = 100;

/** Starts a server. Throws an Error that says what to do when it can't. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, clock, random, log, store } = parts;
  const { capacityBytes } = config;
  const shared = config.fleet !== undefined;
  const namespaces = await NamespaceRegistry.open({ ...parts, capacityBytes, shared }, config.namespaces);
  const meter = new CallMeter(SERVICES, log);
  const health = new Health();
  const grpc = new GrpcServer({ clock, random, observerOf: (rpc) => meter.observerOf(rpc) });
  const waiters = new LeaseWaiters(clock);
  const tokens = new TokenSealer(await parts.documents.secret('tokens'), parts.documents.deploymentId, random);
  const onChange = (change: Change): void => waiters.onChange(change);
  const stopWaking = store.watch((news) => {
    if (news.kind === 'released') waiters.wakeNext(news.ref);
    else if (news.kind !== 'changed') waiters.wakeAll();
  });
  const hub = await InvalidationHub.open({ store, clock, random, tokens, encoder: streamEncoder(), onChange });
  const manager = new CacheManager({ store, random, tokens, waiters });
  addServices(grpc, { manager, namespaces, store, log, hub, clock });
  grpc.extend((host) => health.addTo(host));

  const readiness: Readiness = { notReadyBecause: 'starting' };
  const metrics = metricsLoader(parts, namespaces, meter, readiness);
  const ops = opsServer(parts, metrics, readiness);
  const opsPort = await ops?.start();
  const port = await grpc.bind(formatAddress(config.listen), serverCredentials(config.tls));
  const onFailure = (error: unknown): void => log.write('bugCaught', { error });
  const sweeper = parts.swept && new Sweeper(parts.swept, clock, () => namespaces.all());
  sweeper?.start(onFailure);
  const following = shared ? followNamespaces({ ...parts, namespaces, hub }) : undefined;
  const expiry = repeat(clock, EXPIRY_INTERVAL_MS, parts.expireDue, onFailure);
  readiness.notReadyBecause = undefined;
  health.setServing(true);

  const drain = async (): Promise<boolean> => {
    readiness.notReadyBecause = 'draining';
    health.setServing(false);
    waiters.close();
    hub.drain();
    const clean = await grpc.drain({
      clock,
      patienceMs: config.drainMs,
      callsInFlight: () => meter.inFlight,
    });
    sweeper?.close();
    expiry.stop();
    following?.stop();
    hub.close();
    stopWaking();
    await ops?.close();
    await store.close();
    await parts.documents.close();
    return clean;
  };
  return { port, opsPort, complete: completed(grpc, ops && metrics), drain };
}

/** Adds what callers don't wait for: with their libraries, reflection and metrics are a third of the start. */
async function completed(grpc: GrpcServer, loadMetrics: (() => Promise<Metrics>) | undefined): Promise<void> {
  const { addReflection } = await import('../api/reflection.ts');
  grpc.extend(addReflection);
  await loadMetrics?.();
}

function addServices(grpc: GrpcServer, services: ServiceParts): void {
  grpc.add(CacheServiceService, cacheService(services));
  grpc.add(InvalidationServiceService, invalidationService(services));
  grpc.add(AdminServiceService, adminService(services));
}

function opsServer(
  { config, log }: ServerParts,
  metrics: () => Promise<Metrics>,
  readiness: Readiness,
): OpsServer | undefined {
  if (config.opsListen === 'off') return undefined;
  return new OpsServer({ ...config.opsListen, metrics, notReadyBecause: () => readiness.notReadyBecause, log });
}

function metricsLoader(
  { store }: ServerParts,
  namespaces: NamespaceRegistry,
  meter: CallMeter,
  readiness: Readiness,
): () => Promise<Metrics> {
  let metrics: Promise<Metrics> | undefined;
  const load = async (): Promise<Metrics> => {
    const { createMetrics } = await import('../telemetry/metrics.ts');
    return createMetrics({
      version,
      latencies: meter.latencies,
      ready: () => readiness.notReadyBecause === undefined,
      callsInFlight: () => meter.inFlight,
      namespaces: () => namespaceMetrics(store, namespaces.all()),
    });
  };
  return () => {
    metrics ??= load();
    return metrics;
  };
}
