import { adminService } from '../api/admin-service.ts';
import { cacheService } from '../api/cache-service.ts';
import type { GrpcServer, ServiceDefinition } from '../api/grpc-server.ts';
import { Health } from '../api/health.ts';
import { invalidationService } from '../api/invalidation-service.ts';
import { serverCredentials } from '../api/server-credentials.ts';
import type { ServiceParts } from '../api/service-parts.ts';
import type { TestingMode } from '../api/testing/testing-mode.ts';
import { formatAddress } from '../config/address.ts';
import { AdminServiceService } from '../gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../gen/reprise/v1/cache_service.ts';
import { InvalidationServiceService } from '../gen/reprise/v1/invalidation_service.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { startBackground } from './background.ts';
import { CallMeter } from './call-meter.ts';
import { alwaysAvailable, followAvailability } from './follow-availability.ts';
import { openHeart } from './heart.ts';
import { makeEdge } from './make-edge.ts';
import { metricsLoader, opsServer, type Readiness } from './ops.ts';
import { serverChecks } from './server-checks.ts';
import type { RunningServer, ServerParts } from './server-parts.ts';

/** Services that every server has. */
const SERVICES: readonly ServiceDefinition[] = [CacheServiceService, InvalidationServiceService, AdminServiceService];

/** Starts a server. Throws an Error that says what to do when it can't. */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, clock, log, store, availability = alwaysAvailable } = parts;
  const heart = await openHeart(parts);
  const { namespaces, hub, waiters, deferred } = heart;
  const testing = await testingMode(parts);
  const meter = new CallMeter([...SERVICES, ...testing.services], log);
  const { grpc, shedder } = makeEdge(parts, meter, testing.mode?.around);
  const health = new Health();
  addServices(grpc, { ...heart, store, log, clock, checks: serverChecks({ ...parts, deferred }, namespaces) });
  testing.mode?.addTo(grpc);
  grpc.extend((host) => health.addTo(host));
  const stopTelling = followAvailability(availability, { health, log, clock });

  const readiness: Readiness = { notReadyBecause: 'starting' };
  const metrics = metricsLoader(parts, heart, { meter, shedder, readiness });
  const ops = opsServer(parts, metrics, readiness);
  const opsPort = await ops?.start();
  const port = await grpc.bind(formatAddress(config.listen), serverCredentials(config.tls));
  const background = startBackground(parts, heart, shedder);
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
    testing.mode?.close();
    background.stop();
    heart.close();
    stopTelling();
    await ops?.close();
    await deferred?.close();
    await store.close();
    await parts.documents.close();
    return clean;
  };
  return { port, opsPort, complete: completed(grpc, config.testing, ops && metrics), metrics, drain };
}

/** Adds what callers don't wait for: with their libraries, reflection and metrics are a third of the start. */
async function completed(
  grpc: GrpcServer,
  testing: boolean,
  loadMetrics: (() => Promise<Metrics>) | undefined,
): Promise<void> {
  const { addReflection } = await import('../api/reflection.ts');
  grpc.extend((host) => addReflection(host, testing));
  await loadMetrics?.();
}

interface Testing {
  readonly mode: TestingMode | undefined;
  readonly services: readonly ServiceDefinition[];
}

// Loaded when it is asked for: no other server has any of it.
async function testingMode({ config, clock, callClock = clock, advancing, log }: ServerParts): Promise<Testing> {
  if (!config.testing) return { mode: undefined, services: [] };
  log.write('testingMode', {});
  const { openTestingMode } = await import('../api/testing/testing-mode.ts');
  const { TestServiceService } = await import('../gen/reprise/testing/v1/test_service.ts');
  const rpcs = SERVICES.flatMap((service) => Object.values(service)).map(({ path }) => path.slice(1));
  return { mode: openTestingMode({ clock: callClock, advancing, rpcs }), services: [TestServiceService] };
}

function addServices(grpc: GrpcServer, services: ServiceParts): void {
  grpc.add(CacheServiceService, cacheService(services));
  grpc.add(InvalidationServiceService, invalidationService(services));
  grpc.add(AdminServiceService, adminService(services));
}
