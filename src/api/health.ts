import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { ServiceHost } from './open-streams.ts';

/** The services whose health is told, and the empty name for the server as a whole. */
export const healthServices = [
  '',
  'reprise.v1.CacheService',
  'reprise.v1.InvalidationService',
  'reprise.v1.AdminService',
] as const;

/** `grpc.health.v1`: Check, Watch and List. */
export class Health {
  readonly #implementation = new HealthImplementation(
    Object.fromEntries(healthServices.map((service) => [service, 'NOT_SERVING'])),
  );

  /** Adds the service to a server. */
  addTo(host: ServiceHost): void {
    // The library calls nothing of a server but `addService`.
    this.#implementation.addToServer(host as Server);
  }

  /** Says that all services answer calls, or that callers should go elsewhere. Watchers hear it at once. */
  setServing(serving: boolean): void {
    for (const service of healthServices) this.#implementation.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING');
  }
}
