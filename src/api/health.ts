import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { StoreState } from '../store/store-availability.ts';
import type { ServiceHost } from './open-streams.ts';

/** The services whose health is told, and the empty name for the server as a whole. */
const wholeServices = [
  '',
  'reprise.v1.CacheService',
  'reprise.v1.InvalidationService',
  'reprise.v1.AdminService',
] as const;

/** What of CacheService needs the store that nodes share, by what of it must be usable. */
const storeServices = {
  reads: 'reprise.v1.CacheService/l2',
  writes: 'reprise.v1.CacheService/writes',
} as const;

/** All names whose health is told. */
export const healthServices = [...wholeServices, storeServices.writes, storeServices.reads] as const;

type HealthService = (typeof healthServices)[number];

/**
 * `grpc.health.v1`: Check, Watch and List. Whatever becomes of the store, the services themselves are SERVING: memory, and
 * what namespaces fall back on, answer without it, and whoever routes by their health must not take the node away. Two
 * names more tell whether the store can be used.
 */
export class Health {
  readonly #told = new Map<HealthService, boolean>(healthServices.map((service) => [service, false]));
  readonly #implementation = new HealthImplementation(
    Object.fromEntries(healthServices.map((service) => [service, 'NOT_SERVING'])),
  );
  #serving = false;
  #store: StoreState = { reads: true, writes: true };

  /** Adds the service to a server. */
  addTo(host: ServiceHost): void {
    // The library calls nothing of a server but `addService`.
    this.#implementation.addToServer(host as Server);
  }

  /** Says that all services answer calls, or that callers should go elsewhere. Watchers hear it at once. */
  setServing(serving: boolean): void {
    this.#serving = serving;
    this.#tell();
  }

  /** Says what of the store can be used. Watchers hear it at once. */
  setStore(store: StoreState): void {
    this.#store = store;
    this.#tell();
  }

  #tell(): void {
    for (const service of wholeServices) this.#set(service, this.#serving);
    this.#set(storeServices.reads, this.#serving && this.#store.reads);
    this.#set(storeServices.writes, this.#serving && this.#store.writes);
  }

  // Watchers hear of changes only.
  #set(service: HealthService, serving: boolean): void {
    if (this.#told.get(service) === serving) return;
    this.#told.set(service, serving);
    this.#implementation.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING');
  }
}
